package dev.millrace.op;

import dev.millrace.kernel.Index;
import dev.millrace.kernel.Statement.Combiner;
import dev.millrace.op.Definition.Coordinate;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Unification;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A window of {@code size} elements, {@code dilation} apart, at every {@code stride}-th place of an
 * axis, without a copy: {@code [a..., n, b...] -> [a..., places, size, b...]} with {@code result[a,
 * p, w, b] = x[a, p * stride + w * dilation, b]}.
 */
record Windows(int axis, long size, long stride, long dilation) implements Op {
  @Override
  public String name() {
    return "slidingWindow";
  }

  @Override
  public Type infer(List<Expr> operands, Unification dims) {
    Expr x = operands.getFirst();
    Dim places = places(x.shape());
    if (places.isKnown() && places.value() < 1) {
      throw new ShapeException(
          name()
              + ": the window of "
              + extent()
              + " does not fit into dim "
              + x.shape().dim(axis)
              + " of axis "
              + axis
              + ": "
              + Messages.describe(x));
    }
    var shape = new ArrayList<>(x.shape().dims());
    shape.set(axis, places);
    shape.add(axis + 1, Dim.of(size));
    return new Type(x.dtype(), Shape.of(shape));
  }

  private long extent() {
    return (size - 1) * dilation + 1;
  }

  private Dim places(Shape x) {
    return x.dim(axis).plus(-extent()).floorDividedBy(stride).plus(1);
  }

  @Override
  public List<Requirement> requirements(List<Type> operands) {
    Dim room = operands.getFirst().shape().dim(axis).plus(-extent());
    return List.of(
        new Requirement(room, Dim.ONE, "the window of " + extent() + " must fit into the axis"));
  }

  /** The position along the axis in terms of the two axes of the result. */
  private Index position() {
    return Index.ofVariable(axis)
        .times(Dim.of(stride))
        .plus(Index.ofVariable(axis + 1).times(Dim.of(dilation)));
  }

  private List<Index> map(int rank) {
    List<Index> map = Axes.identity(rank + 1);
    map.remove(axis + 1);
    map.set(axis, position());
    return map;
  }

  @Override
  public Definition define(List<Type> operands, Type result) {
    return new Definition.View(map(result.shape().rank() - 1));
  }

  @Override
  public Optional<Expr> vjp(int operand, Call call) {
    Expr zeros = Scatter.filled(call.operand(0), 0);
    return Optional.of(
        zeros.recorder().apply(new OverlapAdd(this), List.of(zeros, call.cotangent())));
  }

  /**
   * Operand 0, to which the windows of operand 1 are added where {@link Windows} takes them from.
   */
  record OverlapAdd(Windows windows) implements Op {
    @Override
    public String name() {
      return "overlapAdd";
    }

    @Override
    public Type infer(List<Expr> operands, Unification dims) {
      Expr x = operands.get(0);
      Expr updates = operands.get(1);
      Broadcast.checkOneType(name(), operands);
      if (!x.dtype().isNumeric()) {
        throw new DTypeException(name() + ": adds numbers: " + Messages.describe(x));
      }
      Shape shape = windows.infer(List.of(x), dims).shape();
      boolean fits = shape.rank() == updates.shape().rank();
      for (int axis = 0; fits && axis < shape.rank(); axis++) {
        fits = dims.unify(shape.dim(axis), updates.shape().dim(axis)).isPresent();
      }
      if (!fits) {
        throw new ShapeException(
            name()
                + ": windows must have the shape "
                + shape
                + ": "
                + Messages.describe(x, updates));
      }
      return x.type();
    }

    @Override
    public Definition define(List<Type> operands, Type result) {
      return new Definition.Accumulation(
          Optional.of(Combiner.SUM),
          windows.map(result.shape().rank()).stream().map(Coordinate::of).toList());
    }

    @Override
    public Optional<Expr> vjp(int operand, Call call) {
      Expr dy = call.cotangent();
      return Optional.of(operand == 0 ? dy : dy.recorder().apply(windows, List.of(dy)));
    }
  }
}
