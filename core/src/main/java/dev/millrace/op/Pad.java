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
    Op slice = new Views.Slice(starts, call.operand(0).shape().dims(), steps);
    return Optional.of(call.cotangent().recorder().apply(slice, List.of(call.cotangent())));
  }
}
