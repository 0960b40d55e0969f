package dev.millrace.op;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Unification;
import java.util.List;

/**
 * A bundle that Java code computes from whole operands: one part of the first operand's type, where
 * nothing else is said.
 */
interface LibraryOp extends Bundle {
  @Override
  default int parts() {
    return 1;
  }

  @Override
  default Type part(int number, List<Expr> operands) {
    return operands.getFirst().type();
  }

  /** Checks the operands. */
  void check(List<Expr> operands, Unification dims);

  /** The code, for operands of these types. */
  Routine routine(List<Type> operands);

  @Override
  default Type infer(List<Expr> operands, Unification dims) {
    check(operands, dims);
    return new Type(DType.BOOL, Shape.SCALAR);
  }

  @Override
  default Definition define(List<Type> operands, Type result) {
    return new Definition.Library(routine(operands));
  }

  /** Part {@code number} of this op applied to {@code operands}. */
  default Expr part(int number, Expr... operands) {
    Expr bundle = operands[0].recorder().apply(this, List.of(operands));
    return take(bundle, number);
  }
}
