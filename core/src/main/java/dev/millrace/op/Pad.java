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
 * {@code value} everywhere, but the operand's element i at {@code start + i * step} of each axis:
 * what surrounds a tensor, or puts the cotangent of a slice back to where it came from.
 */
record Pad(List<Dim> starts, List<Long> steps, Shape target, double value) implements Op {
  /** {@code part} at the place in a tensor of zeros that {@code slice} took it from. */
  static Expr placing(Expr part, Views.Slice slice, Shape whole) {
    return part.recorder().apply(new Pad(slice.starts(), slice.steps(), whole, 0), List.of(part));
  }

  @Override
  public String name() {
    return "pad";
  }

  @Override
  public Type infer(List<Expr> operands, Unification dims) {
    Expr x = operands.getFirst();
    for (int axis = 0; axis < starts.size(); axis++) {
      Dim start = starts.get(axis);
      if (start.isKnown() && start.value() < 0) {
        throw new ShapeException(
            "pad: axis "
                + axis
                + " would lose elements, pad by 0 or more: "
                + Messages.describe(x));
      }
    }
    return new Type(x.dtype(), target);
  }

  @Override
  public Definition define(List<Type> operands, Type result) {
    var places = new ArrayList<Index>();
    for (int axis = 0; axis < starts.size(); axis++) {
      places.add(Index.ofVariable(axis).times(Dim.of(steps.get(axis))).plus(starts.get(axis)));
    }
    return new Definition.Assembly(value, false, List.of(places));
  }

  @Override
  public Optional<Expr> vjp(int operand, Call call) {
    var slice = new Views.Slice(starts, call.operand(0).shape().dims(), steps);
    Expr dy = call.cotangent();
    return Convolution.cropped(dy, slice)
        .or(() -> Optional.of(dy.recorder().apply(slice, List.of(dy))));
  }

  /**
   * A part of the result as padding of its own, where that part is known to hold the whole operand;
   * {@code slice} has steps of 1.
   */
  Optional<Pad> cropped(Shape operand, Views.Slice slice) {
    var moved = new ArrayList<Dim>();
    for (int axis = 0; axis < starts.size(); axis++) {
      Dim start = starts.get(axis).minus(slice.starts().get(axis));
      Dim last = start.plus(operand.dim(axis).minus(Dim.ONE).times(steps.get(axis)));
      Dim room = slice.sizes().get(axis).minus(Dim.ONE).minus(last);
      if (!start.isKnown() || start.value() < 0 || !room.isKnown() || room.value() < 0) {
        return Optional.empty();
      }
      moved.add(start);
    }
    return Optional.of(new Pad(moved, steps, Shape.of(slice.sizes()), value));
  }
}
