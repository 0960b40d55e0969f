package dev.millrace.kernel;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import java.util.List;

/** The right-hand side of one {@link Statement.Let}: what a variable is set to. */
public sealed interface Scalar {
  /** Type of the value. */
  DType dtype();

  /**
   * A constant; {@code value} is a Float, Double, Integer or Long as {@code dtype} has it (Integer
   * for uint8, and 0 or 1 for bool).
   */
  record Literal(DType dtype, Number value) implements Scalar {
    /** {@code value} converted to {@code dtype}. */
    public static Literal of(DType dtype, double value) {
      return new Literal(
          dtype,
          switch (dtype) {
            case FLOAT32 -> (Number) (float) value;
            case FLOAT64 -> (Number) value;
            case INT32 -> (Number) (int) value;
            case INT64 -> (Number) (long) value;
            case UINT8 -> (Number) ((int) value & 0xff);
            case BOOL -> (Number) (value == 0 ? 0 : 1);
          });
    }
  }

  /** The element of {@code buffer} at {@code index}. */
  record Load(Buffer buffer, Index index) implements Scalar {
    @Override
    public DType dtype() {
      return buffer.dtype();
    }
  }

  /** A position as an int64 number. */
  record Position(Index index) implements Scalar {
    @Override
    public DType dtype() {
      return DType.INT64;
    }
  }

  /** {@code op} of earlier variables. */
  record Apply(ScalarOp op, DType dtype, List<Integer> operands) implements Scalar {}

  /**
   * The int32 or int64 variable {@code operand} as an index in {@code [0, extent)}, to which {@code
   * extent} is added where it is negative; the variable may be used in an {@link Index}. Outside of
   * {@code [-extent, extent)} the kernel ends with an {@code IndexException}.
   */
  record CheckedIndex(DType dtype, int operand, Dim extent) implements Scalar {}

  /**
   * A number uniform in [0, 1): {@link Philox} with this {@code key}, the int64 variable {@code
   * run} as the high half of the counter and {@code element} as the low one. float32 or float64.
   */
  record Draw(DType dtype, long key, int run, Index element) implements Scalar {}
}
