package dev.millrace.op;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Unification;
import java.util.List;
import java.util.Optional;

/**
 * Positions (int64) along the last axis in the order of their elements: equal ones in the order of
 * their positions, NaN above everything, -0 and +0 equal. O(n log n) for each row.
 */
record ArgSort(boolean descending) implements Op {
  @Override
  public String name() {
    return "argSort";
  }

  @Override
  public Type infer(List<Expr> operands, Unification dims) {
    Expr x = operands.getFirst();
    if (x.shape().rank() == 0) {
      throw new ShapeException("argSort: a scalar has no axis: " + Messages.describe(x));
    }
    return new Type(DType.INT64, x.shape());
  }

  @Override
  public Definition define(List<Type> operands, Type result) {
    return new Definition.Ordering(descending);
  }

  @Override
  public Optional<Expr> vjp(int operand, Call call) {
    return Optional.empty();
  }

  @Override
  public boolean isDifferentiable() {
    return false;
  }
}
