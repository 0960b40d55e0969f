package dev.millrace.op;

import dev.millrace.kernel.Index;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Unification;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Cross-correlation over any number of spatial axes, {@code [batch, spatial..., in] x [window...,
 * in, out] -> [batch, places..., out]}:
 *
 * <pre>{@code
 * y[n, p..., o] = sum over k..., c of x[n, p * stride + k * dilation..., c] * w[k..., c, o]
 * }</pre>
 *
 * <p>Both operands and the result may have a dim of groups in front of their channels; each group
 * is a convolution of its own. Nothing lies beyond the edges: padding is {@link Pad}'s work.
 *
 * <p>The derivatives are of the same kind: the one by x is a convolution of the cotangent, spread
 * by the strides, with the reversed filter; the one by w is {@link FilterGradient}.
 */
record Convolution(List<Long> strides, List<Long> dilations) implements Op {
  @Override
  public String name() {
    return "convolution";
  }

  /** Number of spatial axes. */
  private int axes() {
    return strides.size();
  }

  @Override
  public Type infer(List<Expr> operands, Unification dims) {
    Expr x = operands.get(0);
    Expr w = operands.get(1);
    int rank = x.shape().rank();
    Broadcast.checkOneType(name(), operands);
    Sliding.checkNumbers(name(), x);
    if (rank != w.shape().rank() || rank < axes() + 2 || rank > axes() + 3) {
      throw new ShapeException(
          name()
              + ": takes batch, "
              + axes()
              + " spatial axes and channels, and a filter of the same rank: "
              + Messages.describe(x, w));
    }
    if (dims.unify(x.shape().dim(-1), w.shape().dim(-2)).isEmpty()
        || (rank > axes() + 2 && dims.unify(x.shape().dim(-2), w.shape().dim(-3)).isEmpty())) {
      throw new ShapeException(
          name()
              + ": the filter's input channels must be those of the input: "
              + Messages.describe(x, w));
    }
    var shape = new ArrayList<>(dims.resolve(x.shape()).dims());
    for (int axis = 0; axis < axes(); axis++) {
      Dim extent = Sliding.extent(w.shape().dim(axis), dilations.get(axis));
      Dim room = shape.get(1 + axis).minus(extent);
      if (room.isKnown() && room.value() < 0) {
        throw Sliding.tooLarge(name(), axis, extent, x, w);
      }
      shape.set(1 + axis, room.floorDividedBy(strides.get(axis)).plus(1));
    }
    shape.set(rank - 1, w.shape().dim(-1));
    return new Type(x.dtype(), Shape.of(shape));
  }

  @Override
  public List<Requirement> requirements(List<Type> operands) {
    var requirements = new ArrayList<Requirement>();
    for (int axis = 0; axis < axes(); axis++) {
      Dim size = operands.get(0).shape().dim(1 + axis);
      Dim extent = Sliding.extent(operands.get(1).shape().dim(axis), dilations.get(axis));
      String rule = "the window of " + extent + " must fit into the input of " + size;
      requirements.add(new Requirement(size.minus(extent), Dim.ONE, rule));
    }
    return requirements;
  }

  @Override
  public Definition define(List<Type> operands, Type result) {
    Shape w = operands.get(1).shape();
    int rank = result.shape().rank();
    var inner = new ArrayList<>(w.dims().subList(0, axes()));
    inner.add(w.dim(-2));
    var left = new ArrayList<Index>();
    var right = new ArrayList<Index>();
    left.add(Index.ofVariable(0));
    for (int axis = 0; axis < axes(); axis++) {
      left.add(Sliding.position(1 + axis, strides.get(axis), rank + axis, dilations.get(axis)));
      right.add(Index.ofVariable(rank + axis));
    }
    if (rank > axes() + 2) {
      left.add(Index.ofVariable(rank - 2));
      right.add(Index.ofVariable(rank - 2));
    }
    left.add(Index.ofVariable(rank + axes()));
    right.add(Index.ofVariable(rank + axes()));
    right.add(Index.ofVariable(rank - 1));
    return new Definition.Contraction(inner, left, right);
  }

  @Override
  public Optional<Expr> vjp(int operand, Call call) {
    Expr x = call.operand(0);
    Expr w = call.operand(1);
    Expr dy = call.cotangent();
    if (operand == 0) {
      return Optional.of(inputGradient(dy, w, x.shape()));
    }
    Op gradient = new FilterGradient(w.shape().dims().subList(0, axes()), strides, dilations);
    return Optional.of(dy.recorder().apply(gradient, List.of(x, dy)));
  }

  /**
   * The derivative by an input of this shape: what each of its elements contributed to, through
   * this filter, weighted by {@code dy}.
   */
  Expr inputGradient(Expr dy, Expr w, Shape input) {
    Recorder recorder = dy.recorder();
    int rank = input.rank();
    var starts = new ArrayList<>(Collections.nCopies(rank, Dim.ZERO));
    var steps = new ArrayList<>(Collections.nCopies(rank, 1L));
    var target = new ArrayList<>(dy.shape().dims());
    var flipStarts = new ArrayList<>(Collections.nCopies(rank, Dim.ZERO));
    var flipSteps = new ArrayList<>(Collections.nCopies(rank, 1L));
    for (int axis = 0; axis < axes(); axis++) {
      Dim last = w.shape().dim(axis).minus(Dim.ONE);
      Dim reach = last.times(dilations.get(axis));
      starts.set(1 + axis, reach);
      steps.set(1 + axis, strides.get(axis));
      target.set(1 + axis, input.dim(1 + axis).plus(reach));
      flipStarts.set(axis, last);
      flipSteps.set(axis, -1L);
    }
    Op flip = new Views.Slice(flipStarts, w.shape().dims(), flipSteps);
    Expr filter = recorder.apply(flip, List.of(w)).transpose();
    boolean spreads = !Shape.of(target).equals(dy.shape());
    Op spread = new Pad(starts, steps, Shape.of(target), 0);
    Expr padded = spreads ? recorder.apply(spread, List.of(dy)) : dy;
    Op back = new Convolution(Collections.nCopies(axes(), 1L), dilations);
    return recorder.apply(back, List.of(padded, filter));
  }

  /**
   * The part of {@code y} that {@code slice} takes, as a smaller convolution: the derivative by a
   * padded input is needed without its edges only. Empty if y is no such convolution.
   */
  static Optional<Expr> cropped(Expr y, Views.Slice slice) {
    boolean dense = slice.steps().stream().allMatch(step -> step == 1);
    if (!dense
        || !(y.op().orElse(null) instanceof Convolution convolution)
        || !convolution.strides.stream().allMatch(stride -> stride == 1)) {
      return Optional.empty();
    }
    Expr x = y.operands().get(0);
    Expr w = y.operands().get(1);
    var sizes = new ArrayList<>(x.shape().dims());
    for (int axis = 0; axis < convolution.axes(); axis++) {
      Dim reach = Sliding.extent(w.shape().dim(axis), convolution.dilations.get(axis));
      sizes.set(1 + axis, slice.sizes().get(1 + axis).plus(reach).minus(Dim.ONE));
    }
    var part = new Views.Slice(slice.starts(), sizes, slice.steps());
    Recorder recorder = y.recorder();
    Expr input = recorder.apply(part, List.of(x));
    if (x.op().orElse(null) instanceof Pad pad) {
      Expr inside = x.operands().getFirst();
      input =
          pad.cropped(inside.shape(), part)
              .map(less -> recorder.apply(less, List.of(inside)))
              .orElse(input);
    }
    return Optional.of(recorder.apply(convolution, List.of(input, w)));
  }
}
