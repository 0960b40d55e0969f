package dev.millrace.compile;

import dev.millrace.graph.Equation;
import dev.millrace.graph.Value;
import dev.millrace.kernel.Buffer;
import dev.millrace.kernel.Index;
import dev.millrace.kernel.Kernel;
import dev.millrace.op.Definition;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes a value that is put together from operands. Where every operand has the whole first axis,
 * each index of it is a task. A single operand with a margin around it is written row by row, the
 * margin in between, so that each element is written once; otherwise what no operand covers is
 * filled before the operands are copied to their places.
 */
final class AssemblyWriter {
  private final KernelBuilder builder;
  private final Equation equation;
  private final Definition.Assembly assembly;
  private final Value result;
  private final Buffer target;
  private final Elements elements;

  AssemblyWriter(
      Layout layout, KernelBuilder builder, Equation equation, Definition.Assembly assembly) {
    this.builder = builder;
    this.equation = equation;
    this.assembly = assembly;
    this.result = equation.result();
    this.target = builder.output(result);
    this.elements = new Elements(layout, builder, (base, at) -> Optional.empty(), false);
  }

  /** Writes the body of a task and returns how many tasks there are. */
  Dim write() {
    boolean shared = result.shape().rank() > 0 && sharesFirstAxis();
    List<Index> first = shared ? List.of(Index.ofVariable(Kernel.TASK)) : List.of();
    if (!assembly.covers() && equation.operands().size() == 1 && hasMargins()) {
      margins(first, first);
    } else {
      if (!assembly.covers()) {
        fillAll(first);
      }
      for (int part = 0; part < equation.operands().size(); part++) {
        copy(part, first);
      }
    }
    return shared ? result.shape().dim(0) : Dim.ONE;
  }

  private boolean sharesFirstAxis() {
    for (int part = 0; part < equation.operands().size(); part++) {
      Shape shape = equation.operands().get(part).shape();
      boolean whole =
          shape.rank() > 0
              && assembly.places().get(part).getFirst().equals(Index.ofVariable(0))
              && sameExtent(shape.dim(0), result.shape().dim(0));
      if (!whole) {
        return false;
      }
    }
    return true;
  }

  private boolean sameExtent(Dim a, Dim b) {
    return builder.dim(a).equals(builder.dim(b));
  }

  /** Whether the operand lies in one piece along each axis. */
  private boolean hasMargins() {
    List<Index> places = assembly.places().getFirst();
    for (int axis = 0; axis < places.size(); axis++) {
      if (!places.get(axis).equals(Index.ofVariable(axis).plus(places.get(axis).offset()))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Writes everything at these coordinates of the first axes.
   *
   * @param at of the operand
   * @param place of the result
   */
  private void margins(List<Index> at, List<Index> place) {
    int axis = at.size();
    if (axis == result.shape().rank()) {
      Value operand = equation.operands().getFirst();
      builder.store(target, Layout.linear(result.shape(), place), elements.read(operand, at));
      return;
    }
    Dim start = assembly.places().getFirst().get(axis).offset();
    Dim length = equation.operands().getFirst().shape().dim(axis);
    fillSlices(place, Dim.ZERO, start);
    loop(length, i -> margins(with(at, i), with(place, i.plus(start))));
    Dim end = start.plus(length);
    fillSlices(place, end, result.shape().dim(axis).plus(end.times(-1)));
  }

  /** Fills {@code count} slices from number {@code begin} of the axis behind {@code place}. */
  private void fillSlices(List<Index> place, Dim begin, Dim count) {
    List<Dim> dims = result.shape().dims();
    Dim slice = Shape.of(dims.subList(place.size() + 1, dims.size())).elements();
    if (!count.is(0)) {
      fill(with(place, Index.of(begin)), count.times(slice));
    }
  }

  private void fillAll(List<Index> place) {
    List<Dim> dims = result.shape().dims();
    fill(place, Shape.of(dims.subList(place.size(), dims.size())).elements());
  }

  /** Fills {@code length} elements in the order of memory from the first one of {@code place}. */
  private void fill(List<Index> place, Dim length) {
    var at = new ArrayList<>(place);
    while (at.size() < result.shape().rank()) {
      at.add(Index.ZERO);
    }
    Index from = Layout.linear(result.shape(), at);
    loop(
        length,
        i -> builder.store(target, from.plus(i), builder.literal(result.dtype(), assembly.fill())));
  }

  /** Copies what lies at {@code at} of an operand to its place. */
  private void copy(int part, List<Index> at) {
    Value operand = equation.operands().get(part);
    if (at.size() < operand.shape().rank()) {
      loop(operand.shape().dim(at.size()), i -> copy(part, with(at, i)));
      return;
    }
    List<Index> place = assembly.places().get(part).stream().map(index -> index.at(at)).toList();
    builder.store(target, Layout.linear(result.shape(), place), elements.read(operand, at));
  }

  private static List<Index> with(List<Index> coordinates, Index next) {
    var longer = new ArrayList<>(coordinates);
    longer.add(next);
    return List.copyOf(longer);
  }

  private interface Body {
    void write(Index variable);
  }

  /** A loop, unless there is but one iteration. */
  private void loop(Dim end, Body body) {
    if (end.is(1)) {
      body.write(Index.ZERO);
      return;
    }
    int variable = builder.newVariable(DType.INT32);
    builder.loop(variable, builder.upTo(end), () -> body.write(Index.ofVariable(variable)));
  }
}
