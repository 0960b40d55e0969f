package dev.millrace.kernel;

import dev.millrace.tensor.DType;
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
      return SpecialFunctions.roundToBfloat16(operands.getFirst().floatValue());
    }
    if (operandType.isFloating()) {
      var doubles = operands.stream().mapToDouble(Number::doubleValue).toArray();
      return cast(type, floating(op, doubles[0], doubles[doubles.length - 1]));
    }
    var longs = operands.stream().mapToLong(Number::longValue).toArray();
    return cast(type, integral(op, longs[0], longs[longs.length - 1]));
  }

  /** {@code value} as Java casts it; {@link Number}'s conversions are those casts. */
  static Number cast(DType type, Number value) {
    return switch (type) {
      case FLOAT32 -> (Number) value.floatValue();
      case FLOAT64 -> (Number) value.doubleValue();
      case INT32 -> (Number) value.intValue();
      case INT64 -> (Number) value.longValue();
      case UINT8 -> (Number) (int) (value.longValue() & 0xff);
      case BOOL -> (Number) bit(value.doubleValue() != 0);
    };
  }

  /** {@code sum + a * b} for a contraction: rounded once, or wrapped. */
  static Number multiplyAdd(DType type, Number a, Number b, Number sum) {
    return switch (type) {
      case FLOAT32 -> (Number) Math.fma(a.floatValue(), b.floatValue(), sum.floatValue());
      case FLOAT64 -> (Number) Math.fma(a.doubleValue(), b.doubleValue(), sum.doubleValue());
      case INT32, INT64, UINT8 -> cast(type, sum.longValue() + a.longValue() * b.longValue());
      case BOOL -> throw new IllegalArgumentException("multiply-add: takes numbers, not bool");
    };
  }

  private static double floating(ScalarOp op, double a, double b) {
    return switch (op) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case MODULO -> modulo(a, b);
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
      case ERF -> SpecialFunctions.erf(a);
      case NDTRI -> SpecialFunctions.ndtri(a);
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
    };
  }

  /**
   * The remainder with the sign of {@code b}. {@code %} is exact and has the sign of {@code a};
   * where that is the wrong one, one more {@code b} is due.
   */
  private static double modulo(double a, double b) {
    double remainder = a % b;
    boolean wrong = remainder != 0 && (remainder < 0) != (b < 0);
    return wrong ? remainder + b : remainder;
  }

  private static long integral(ScalarOp op, long a, long b) {
    return switch (op) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case MODULO -> Math.floorMod(a, b);
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
      case POWER,
          EXP,
          EXPM1,
          LOG,
          LOG1P,
          SQRT,
          SIN,
          COS,
          TANH,
          ERF,
          NDTRI,
          FLOOR,
          CEIL,
          ROUND,
          SELECT,
          CAST,
          ROUND_TO_BFLOAT16 ->
          throw notFor(op, "integers");
    };
  }

  /** The order of sorting: NaN above everything, -0 and +0 equal. */
  static int compare(Number a, Number b) {
    return a instanceof Float || a instanceof Double
        ? Double.compare(a.doubleValue() + 0.0, b.doubleValue() + 0.0)
        : Long.compare(a.longValue(), b.longValue());
  }

  private static int bit(boolean value) {
    return value ? 1 : 0;
  }

  private static IllegalArgumentException notFor(ScalarOp op, String operands) {
    return new IllegalArgumentException("kernel: " + op + " is not an operation of " + operands);
  }
}
