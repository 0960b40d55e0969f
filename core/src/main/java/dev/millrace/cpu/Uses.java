package dev.millrace.cpu;

import dev.millrace.kernel.Buffer;
import dev.millrace.kernel.Index;
import dev.millrace.kernel.Scalar;
import dev.millrace.kernel.Statement;
import dev.millrace.kernel.Statement.Accumulator;
import dev.millrace.kernel.Statement.Axis;
import dev.millrace.kernel.Statement.Contract;
import dev.millrace.kernel.Statement.Let;
import dev.millrace.kernel.Statement.Loop;
import dev.millrace.kernel.Statement.Order;
import dev.millrace.kernel.Statement.Place;
import dev.millrace.kernel.Statement.Range;
import dev.millrace.kernel.Statement.Split;
import dev.millrace.kernel.Statement.Store;
import dev.millrace.tensor.Dim;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What statements use: buffers, unknown sizes, positions, and variables that are set outside. */
final class Uses {
  final Set<Buffer> buffers = new LinkedHashSet<>();
  final Set<Dim> sizes = new LinkedHashSet<>();
  final Set<Integer> variables = new LinkedHashSet<>();

  /** Every position that is computed within, in order. */
  final List<Index> indices = new ArrayList<>();

  /** Whether anything is computed, and not only moved. */
  boolean computes;

  private final Set<Integer> defined = new LinkedHashSet<>();

  private Uses() {}

  static Uses of(List<Statement> statements) {
    var uses = new Uses();
    uses.block(statements);
    uses.variables.removeAll(uses.defined);
    return uses;
  }

  private void block(List<Statement> statements) {
    for (Statement statement : statements) {
      switch (statement) {
        case Let(int variable, Scalar value) -> {
          scalar(value);
          defined.add(variable);
        }
        case Store(Buffer buffer, Index index, int variable) -> {
          place(new Place(buffer, index));
          variables.add(variable);
        }
        case Loop loop -> loop(loop);
        case Split(List<Axis> axes, Index flat) -> {
          index(flat);
          axes(axes);
        }
        case Contract contract -> contract(contract);
        case Order order -> order(order);
      }
    }
  }

  private void loop(Loop loop) {
    range(loop.range());
    defined.add(loop.variable());
    block(loop.body());
    for (Accumulator accumulator : loop.accumulators()) {
      computes = true;
      variables.add(accumulator.value());
      defined.add(accumulator.result());
    }
  }

  private void axes(List<Axis> axes) {
    for (Axis axis : axes) {
      size(axis.extent());
      defined.add(axis.variable());
    }
  }

  private void contract(Contract contract) {
    computes = true;
    range(contract.rows());
    range(contract.columns());
    axes(contract.row());
    axes(contract.inner());
    defined.add(contract.column());
    place(contract.left());
    place(contract.right());
    place(contract.target());
  }

  private void order(Order order) {
    place(order.source());
    place(order.target());
    place(new Place(order.scratch(), Index.ZERO));
    size(order.count());
  }

  private void scalar(Scalar scalar) {
    switch (scalar) {
      case Scalar.Literal literal -> {}
      case Scalar.Load(Buffer buffer, Index index) -> place(new Place(buffer, index));
      case Scalar.Position(Index index) -> index(index);
      case Scalar.Apply apply -> {
        computes = true;
        variables.addAll(apply.operands());
      }
      case Scalar.CheckedIndex(var dtype, int operand, Dim extent) -> {
        variables.add(operand);
        size(extent);
      }
      case Scalar.Draw(var dtype, long key, int run, Index element) -> {
        computes = true;
        variables.add(run);
        index(element);
      }
    }
  }

  private void range(Range range) {
    index(range.begin());
    range.ends().forEach(this::index);
  }

  private void place(Place place) {
    buffers.add(place.buffer());
    index(place.index());
  }

  private void index(Index index) {
    indices.add(index);
    size(index.offset());
    for (Index.Term term : index.terms()) {
      variables.add(term.variable());
      size(term.factor());
    }
  }

  private void size(Dim dim) {
    if (!dim.isKnown()) {
      sizes.add(dim);
    }
  }
}
