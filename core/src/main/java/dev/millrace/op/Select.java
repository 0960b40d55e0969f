package dev.millrace.op;

import dev.millrace.kernel.ScalarOp;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Unification;
import java.util.List;
import java.util.Optional;

/** {@code condition ? a : b}, element by element; no derivative leaks from the branch not taken. */
record Select() implements Op {
  @Override
  public String name() {
    return "select";
  }

  @Override
  public Type infer(List<Expr> operands, Unification dims) {
    Expr condition = operands.getFirst();
    if (condition.dtype() != DType.BOOL) {
      throw new DTypeException(
          "select: the condition must be bool: "
              + Messages.describe(condition)
              + "; make it with a comparison such as greater(x, 0)");
    }
    Broadcast.checkOneType("select", operands.subList(1, 3));
    return new Type(operands.get(1).dtype(), Broadcast.common("select", operands, 0, dims));
  }

  @Override
  public Definition define(List<Type> operands, Type result) {
    return new Definition.Pointwise((s, x) -> s.apply(ScalarOp.SELECT, x));
  }

  @Override
  public Optional<Expr> vjp(int operand, Call call) {
    Expr dy = call.cotangent();
    return switch (operand) {
      case 1 -> Optional.of(ElementwiseFunctions.select(call.operand(0), dy, 0));
      case 2 -> Optional.of(ElementwiseFunctions.select(call.operand(0).not(), dy, 0));
      default -> Optional.empty();
    };
  }
}
