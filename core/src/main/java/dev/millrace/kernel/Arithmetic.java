package dev.millrace.kernel;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.ElementBits;
import java.math.BigInteger;
import java.util.List;

/**
 * What each {@link ScalarOp} computes, as slow and plain as can be: values are boxed,
 * floating-point types are computed in double, the others in long, and the result is brought back
 * to its type.
 *
 * <p>float32 may be computed in double and rounded once more: for {@code + - * /} and the square
 * root of 24-bit operands 53 bits are more than the 2 * 24 + 2 with which the second rounding
 * changes nothing (Figueroa, "When is double rounding innocuous?", 1995).
 */
final class Arithmetic {
  private static final String INTEGERS = "integers";
  private static final BigInteger UINT64_MASK =
      BigInteger.TWO.pow(Long.SIZE).subtract(BigInteger.ONE);

  private Arithmetic() {}

  /**
   * {@code op} of values.
   *
   * @param type of the result
   * @param operandType of the last operand, which decides how comparisons compare
   */
  static Number apply(ScalarOp op, DType type, DType operandType, List<Number> operands) {
    if (op == ScalarOp.SELECT) {
      return operands.getFirst().longValue() != 0 ? operands.get(1) : operands.get(2);
    }
    if (op == ScalarOp.CAST) {
      return cast(type, operands.getFirst());
    }
    if (op == ScalarOp.ROUND_TO_BFLOAT16) {
      return ElementBits.roundToBfloat16(operands.getFirst().floatValue());
    }
    if (op == ScalarOp.BIT_COUNT) {
      long bits = operands.getFirst().longValue() & -1L >>> (64 - 8 * type.bytes());
      return cast(type, Long.bitCount(bits));
    }
    if (operandType.isFloating()) {
      var doubles = operands.stream().mapToDouble(Number::doubleValue).toArray();
      return cast(type, floating(op, doubles[0], doubles[doubles.length - 1]));
    }
    if (operandType == DType.UINT64) {
      var numbers = operands.stream().map(BigInteger.class::cast).toList();
      return cast(type, unsigned(op, numbers.getFirst(), numbers.getLast()));
    }
    var longs = operands.stream().mapToLong(Number::longValue).toArray();
    return cast(type, integral(op, longs[0], longs[longs.length - 1]));
  }

  /** The number 0 to 2^64 - 1 with these bits. */
  static BigInteger unsigned(long bits) {
    return BigInteger.valueOf(bits).and(UINT64_MASK);
  }

  /**
   * {@code value} as Java casts it; {@link Number}'s conversions are those casts. A uint64 is a
   * {@link BigInteger}.
   */
  static Number cast(DType type, Number value) {
    return switch (type) {
      case FLOAT32 -> (Number) value.floatValue();
      case FLOAT64 -> (Number) value.doubleValue();
      case FLOAT16 ->
          (Number)
              (value instanceof Float f
                  ? ElementBits.roundToFloat16(f)
                  : ElementBits.roundToFloat16(value.doubleValue()));
      case BFLOAT16 ->
          (Number)
              (value instanceof Float f
                  ? ElementBits.roundToBfloat16(f)
                  : ElementBits.roundToBfloat16(value.doubleValue()));
      case INT8 -> (Number) (int) (byte) value.longValue();
      case INT16 -> (Number) (int) (short) value.longValue();
      case INT32 -> (Number) value.intValue();
      case INT64 -> (Number) value.longValue();
      case UINT8 -> (Number) (int) (value.longValue() & 0xff);
      case UINT16 -> (Number) (int) (value.longValue() & 0xffff);
      case UINT32 -> (Number) (value.longValue() & 0xffffffffL);
      case UINT64 ->
          value instanceof Float || value instanceof Double
              ? unsigned(ElementBits.doubleToUnsigned(value.doubleValue()))
              : unsigned(value.longValue());
      case BOOL -> (Number) bit(value.doubleValue() != 0);
    };
  }

  /** {@code sum + a * b} for a contraction: rounded once, or wrapped. */
  static Number multiplyAdd(DType type, Number a, Number b, Number sum) {
    return switch (type) {
      case FLOAT32 -> (Number) Math.fma(a.floatValue(), b.floatValue(), sum.floatValue());
      case FLOAT64 -> (Number) Math.fma(a.doubleValue(), b.doubleValue(), sum.doubleValue());
      case INT32, INT64, UINT8 -> cast(type, sum.longValue() + a.longValue() * b.longValue());
      case FLOAT16, BFLOAT16, INT8, INT16, UINT16, UINT32, UINT64, BOOL ->
          throw new IllegalArgumentException("multiply-add: not an operation of " + type);
    };
  }

  private static double floating(ScalarOp op, double a, double b) {
    return switch (op) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case MODULO -> ElementaryFunctions.modulo(a, b);
      case REMAINDER -> a % b;
      case FLOOR_DIVIDE -> ElementaryFunctions.floorDivide(a, b);
      case POWER -> Math.pow(a, b);
      case MAXIMUM -> Math.max(a, b);
      case MINIMUM -> Math.min(a, b);
      case NEGATE -> -a;
      case ABS -> Math.abs(a);
      case SIGN -> Math.signum(a);
      case EXP -> Math.exp(a);
      case EXPM1 -> Math.expm1(a);
      case LOG -> Math.log(a);
      case LOG1P -> Math.log1p(a);
      case SQRT -> Math.sqrt(a);
      case SIN -> Math.sin(a);
      case COS -> Math.cos(a);
      case TANH -> Math.tanh(a);
      case TAN, ASIN, ACOS, ATAN, ATAN2, HYPOT, SINH, COSH -> function(op, a, b);
      case ASINH, ACOSH, ATANH, EXP2, LOG2, LOG10, CBRT -> function(op, a, b);
      case ERF, ERFC, ERFINV, NDTRI, LGAMMA, POLYGAMMA, SINC -> function(op, a, b);
      case FLOOR -> Math.floor(a);
      case CEIL -> Math.ceil(a);
      case ROUND -> Math.rint(a);
      case EQUAL -> bit(a == b);
      case NOT_EQUAL -> bit(a != b);
      case LESS -> bit(a < b);
      case LESS_EQUAL -> bit(a <= b);
      case GREATER -> bit(a > b);
      case GREATER_EQUAL -> bit(a >= b);
      case AND, OR, NOT, SELECT, CAST, ROUND_TO_BFLOAT16 -> throw notFor(op, "floating point");
      case BIT_AND, BIT_OR, BIT_XOR, BIT_NOT -> throw notFor(op, "floating point");
      case SHIFT_LEFT, SHIFT_RIGHT, BIT_COUNT -> throw notFor(op, "floating point");
    };
  }

  private static double function(ScalarOp op, double a, double b) {
    return switch (op) {
      case TAN -> Math.tan(a);
      case ASIN -> Math.asin(a);
      case ACOS -> Math.acos(a);
      case ATAN -> Math.atan(a);
      case SINH -> Math.sinh(a);
      case COSH -> Math.cosh(a);
      case ASINH -> ElementaryFunctions.asinh(a);
      case ACOSH -> ElementaryFunctions.acosh(a);
      case ATANH -> ElementaryFunctions.atanh(a);
      case EXP2 -> ElementaryFunctions.exp2(a);
      case LOG2 -> ElementaryFunctions.log2(a);
      case LOG10 -> Math.log10(a);
      case CBRT -> Math.cbrt(a);
      case ERFC -> SpecialFunctions.erfc(a);
      case ERFINV -> SpecialFunctions.erfinv(a);
      case LGAMMA -> GammaFunctions.lgamma(a);
      case ATAN2 -> Math.atan2(a, b);
      case HYPOT -> Math.hypot(a, b);
      case POLYGAMMA -> GammaFunctions.polygamma(a, b);
      case SINC -> ElementaryFunctions.sinc(a, b);
      case ERF -> SpecialFunctions.erf(a);
      case NDTRI -> SpecialFunctions.ndtri(a);
      default -> throw notFor(op, "functions");
    };
  }

  private static long integral(ScalarOp op, long a, long b) {
    return switch (op) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case MODULO -> Math.floorMod(a, b);
      case REMAINDER -> a % b;
      case FLOOR_DIVIDE -> Math.floorDiv(a, b);
      case MAXIMUM -> Math.max(a, b);
      case MINIMUM -> Math.min(a, b);
      case NEGATE -> -a;
      case ABS -> Math.abs(a);
      case SIGN -> Long.signum(a);
      case EQUAL -> bit(a == b);
      case NOT_EQUAL -> bit(a != b);
      case LESS -> bit(a < b);
      case LESS_EQUAL -> bit(a <= b);
      case GREATER -> bit(a > b);
      case GREATER_EQUAL -> bit(a >= b);
      case AND -> a & b;
      case OR -> a | b;
      case NOT -> 1 - a;
      case BIT_AND -> a & b;
      case BIT_OR -> a | b;
      case BIT_XOR -> a ^ b;
      case BIT_NOT -> ~a;
      case SHIFT_LEFT -> b < 0 || b > 63 ? 0 : a << b;
      case SHIFT_RIGHT -> b < 0 || b > 63 ? a >> 63 : a >> b;
      case POWER, EXP, EXPM1, LOG, LOG1P, SQRT, SIN, COS, TANH -> throw notFor(op, INTEGERS);
      case TAN, ASIN, ACOS, ATAN, ATAN2, HYPOT, SINH, COSH -> throw notFor(op, INTEGERS);
      case ASINH, ACOSH, ATANH, EXP2, LOG2, LOG10, CBRT -> throw notFor(op, INTEGERS);
      case ERF, ERFC, ERFINV, NDTRI, LGAMMA, POLYGAMMA, SINC -> throw notFor(op, INTEGERS);
      case FLOOR, CEIL, ROUND, ROUND_TO_BFLOAT16 -> throw notFor(op, INTEGERS);
      case BIT_COUNT, SELECT, CAST -> throw notFor(op, INTEGERS);
    };
  }

  /** The order of sorting: NaN above everything, -0 and +0 equal. */
  static int compare(Number a, Number b) {
    return a instanceof Float || a instanceof Double
        ? Double.compare(a.doubleValue() + 0.0, b.doubleValue() + 0.0)
        : Long.compare(a.longValue(), b.longValue());
  }

  /** Operations of uint64, before they wrap. */
  private static BigInteger unsigned(ScalarOp op, BigInteger a, BigInteger b) {
    boolean shifts = b.bitLength() < Byte.SIZE && b.intValue() < Long.SIZE;
    return switch (op) {
      case ADD -> a.add(b);
      case SUBTRACT -> a.subtract(b);
      case MULTIPLY -> a.multiply(b);
      case DIVIDE, FLOOR_DIVIDE -> a.divide(b);
      case MODULO, REMAINDER -> a.remainder(b);
      case MAXIMUM -> a.max(b);
      case MINIMUM -> a.min(b);
      case NEGATE -> a.negate();
      case ABS -> a;
      case SIGN -> BigInteger.valueOf(a.signum());
      case BIT_AND -> a.and(b);
      case BIT_OR -> a.or(b);
      case BIT_XOR -> a.xor(b);
      case BIT_NOT -> a.not();
      case SHIFT_LEFT -> shifts ? a.shiftLeft(b.intValue()) : BigInteger.ZERO;
      case SHIFT_RIGHT -> shifts ? a.shiftRight(b.intValue()) : BigInteger.ZERO;
      default -> BigInteger.valueOf(integral(op, a.compareTo(b), 0));
    };
  }

  private static int bit(boolean value) {
    return value ? 1 : 0;
  }

  private static IllegalArgumentException notFor(ScalarOp op, String operands) {
    return new IllegalArgumentException("kernel: " + op + " is not an operation of " + operands);
  }
}
