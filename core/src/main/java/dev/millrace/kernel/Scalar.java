package dev.millrace.kernel;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.ElementBits;
import java.util.List;

/** The right-hand side of one {@link Statement.Let}: what a variable is set to. */
public sealed interface Scalar {
  /** Type of the value. */
  DType dtype();

  /**
   * A constant; {@code value} is a Float, Double, Integer or Long as {@code dtype} has it: Float
   * for 16-bit floating point, Integer for integers of up to 16 bits and, as 0 or 1, for bool, Long
   * for uint32 and, with its bits, for uint64.
   */
  record Literal(DType dtype, Number value) implements Scalar {
    /** {@code value} converted to {@code dtype}. */
    public static Literal of(DType dtype, double value) {
      return new Literal(
          dtype,
          switch (dtype) {
            case FLOAT32 -> (Number) (float) value;
            case FLOAT64 -> (Number) value;
            case FLOAT16 -> (Number) ElementBits.roundToFloat16(value);
            case BFLOAT16 -> (Number) ElementBits.roundToBfloat16(value);
            case INT8 -> (Number) (int) (byte) (long) value;
            case INT16 -> (Number) (int) (short) (long) value;
            case INT32 -> (Number) (int) value;
            case INT64 -> (Number) (long) value;
            case UINT8 -> (Number) (int) ((long) value & 0xff);
            case UINT16 -> (Number) (int) ((long) value & 0xffff);
            case UINT32 -> (Number) ((long) value & 0xffffffffL);
            case UINT64 -> (Number) ElementBits.doubleToUnsigned(value);
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
