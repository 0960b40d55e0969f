package dev.millrace.op;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Unification;
import java.util.List;
import java.util.Optional;

/**
 * Conversion to another type, as Java's casts do it: floats to integers truncate and saturate, NaN
 * gives 0; to bool is {@code x != 0}. Differentiable between floating-point types.
 */
public record Cast(DType dtype) implements Op {
  @Override
  public String name() {
    return "cast";
  }

  @Override
  public Type infer(List<Expr> operands, Unification dims) {
    return new Type(dtype, operands.getFirst().shape());
  }

  @Override
  public Definition define(List<Type> operands, Type result) {
    return new Definition.Pointwise((s, x) -> s.cast(dtype, x[0]));
  }

  @Override
  public Optional<Expr> vjp(int operand, Call call) {
    return dtype.isFloating() && call.operand(0).dtype().isFloating()
        ? Optional.of(call.cotangent().cast(call.operand(0).dtype()))
        : Optional.empty();
  }
}
