package dev.millrace.op;

import dev.millrace.kernel.Index;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Unification;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The derivative of a {@link Convolution} by its filter, {@code [batch, spatial..., in] x [batch,
 * places..., out] -> [window..., in, out]}:
 *
 * <pre>{@code
 * dw[k..., c, o] = sum over n, p... of x[n, p * stride + k * dilation..., c] * dy[n, p..., o]
 * }</pre>
 *
 * @param window the filter's spatial sizes, which x and dy alone don't tell
 */
record FilterGradient(List<Dim> window, List<Long> strides, List<Long> dilations) implements Op {
  FilterGradient {
    window = List.copyOf(window);
  }

  @Override
  public String name() {
    return "filterGradient";
  }

  private int axes() {
    return strides.size();
  }

  @Override
  public Type infer(List<Expr> operands, Unification dims) {
    Expr x = operands.get(0);
    Expr dy = operands.get(1);
    int rank = x.shape().rank();
    Broadcast.checkOneType(name(), operands);
    Sliding.checkNumbers(name(), x);
    if (rank != dy.shape().rank() || dims.unify(x.shape().dim(0), dy.shape().dim(0)).isEmpty()) {
      throw new ShapeException(
          name() + ": needs a batch and its result: " + Messages.describe(x, dy));
    }
    for (int axis = 0; axis < axes(); axis++) {
      Dim extent = Sliding.extent(window.get(axis), dilations.get(axis));
      Dim steps = dy.shape().dim(1 + axis).minus(Dim.ONE).times(strides.get(axis));
      Dim room = x.shape().dim(1 + axis).minus(extent).minus(steps);
      if (room.isKnown() && room.value() < 0) {
        throw Sliding.tooLarge(name(), axis, extent, x, dy);
      }
    }
    var shape = new ArrayList<>(window);
    shape.addAll(x.shape().dims().subList(1 + axes(), rank));
    shape.add(dy.shape().dim(-1));
    return new Type(x.dtype(), Shape.of(shape));
  }

  @Override
  public Definition define(List<Type> operands, Type result) {
    Shape dy = operands.get(1).shape();
    int rank = result.shape().rank();
    var left = new ArrayList<Index>();
    var right = new ArrayList<Index>();
    left.add(Index.ofVariable(rank));
    right.add(Index.ofVariable(rank));
    for (int axis = 0; axis < axes(); axis++) {
      // The result's axis is the window, which steps by the dilation; the fold walks by the stride.
      left.add(
          Sliding.position(
              axis,
              /* stride= */ dilations.get(axis),
              rank + 1 + axis,
              /* dilation= */ strides.get(axis)));
      right.add(Index.ofVariable(rank + 1 + axis));
    }
    for (int axis = axes(); axis < rank - 1; axis++) {
      left.add(Index.ofVariable(axis));
    }
    for (int axis = axes(); axis < rank; axis++) {
      if (axis != rank - 2) {
        right.add(Index.ofVariable(axis));
      }
    }
    return new Definition.Contraction(dy.dims().subList(0, 1 + axes()), left, right);
  }

  @Override
  public Optional<Expr> vjp(int operand, Call call) {
    var convolution = new Convolution(strides, dilations);
    Expr x = call.operand(0);
    Expr filter = call.cotangent();
    return Optional.of(
        operand == 0
            ? convolution.inputGradient(call.operand(1), filter, x.shape())
            : places(convolution, x, filter, call.operand(1).shape()));
  }

  /** The convolution's places, of which {@code dy} may have had fewer than there is room for. */
  private Expr places(Convolution convolution, Expr x, Expr filter, Shape dy) {
    Expr y = x.recorder().apply(convolution, List.of(x, filter));
    for (int axis = 1; axis <= axes(); axis++) {
      if (!y.shape().dim(axis).equals(dy.dim(axis))) {
        y = MovementFunctions.slice(y, axis, Dim.ZERO, dy.dim(axis), 1);
      }
    }
    return y;
  }
}
