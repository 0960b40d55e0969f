package dev.millrace.op;

import dev.millrace.kernel.Index;
import dev.millrace.kernel.ScalarOp;
import dev.millrace.tensor.DType;

/** Emits the scalar instructions of one element; values are numbers of kernel variables. */
public interface Scalars {
  /** A constant. */
  int literal(DType dtype, double value);

  /** {@code op} of variables, with the type of the last operand (bool for comparisons). */
  int apply(ScalarOp op, int... operands);

  /** {@code operand} converted. */
  int cast(DType dtype, int operand);

  /** A position as int64: {@code axis i} of the result is the variable {@code i} of the index. */
  int position(Index index);

  /** A random number in [0, 1) for the element; {@code run} is an int64 variable. */
  int draw(DType dtype, long key, int run);

  /** Type of a variable. */
  DType dtype(int variable);

  /** A constant of the type of {@code variable}. */
  default int literalLike(int variable, double value) {
    return literal(dtype(variable), value);
  }
}
