package dev.millrace.kernel;

/**
 * What one scalar instruction computes. Floating-point operations are IEEE 754 without contraction
 * or reassociation; integer ones wrap; uint8 results are taken modulo 256; bool is 0 or 1.
 *
 * <p>Operands have the type of the result unless a constant says otherwise.
 */
public enum ScalarOp {
  /** {@code a + b}. */
  ADD(2),
  /** {@code a - b}. */
  SUBTRACT(2),
  /** {@code a * b}. */
  MULTIPLY(2),
  /** {@code a / b}; integers truncate toward 0 and throw {@link ArithmeticException} on 0. */
  DIVIDE(2),
  /** {@code a - b * floor(a / b)}, with the sign of b; integers throw on 0. */
  MODULO(2),
  /** {@code a} to the power of {@code b}; floating point only. */
  POWER(2),
  /** The greater; NaN if one is NaN, +0 above -0. For bool: or. */
  MAXIMUM(2),
  /** The smaller; NaN if one is NaN, -0 below +0. For bool: and. */
  MINIMUM(2),
  /** {@code -a}. */
  NEGATE(1),
  /** {@code |a|}. */
  ABS(1),
  /** -1, 0 or 1; NaN and -0 stay. */
  SIGN(1),
  /** {@code e^a}; floating point only, as are the next ten. */
  EXP(1),
  /** {@code e^a - 1}, accurate near 0. */
  EXPM1(1),
  /** Natural logarithm. */
  LOG(1),
  /** {@code log(1 + a)}, accurate near 0. */
  LOG1P(1),
  /** Square root, correctly rounded. */
  SQRT(1),
  /** Sine of radians. */
  SIN(1),
  /** Cosine of radians. */
  COS(1),
  /** Hyperbolic tangent. */
  TANH(1),
  /** Error function. */
  ERF(1),
  /** Inverse of the normal distribution function. */
  NDTRI(1),
  /** Greatest integer not above. */
  FLOOR(1),
  /** Smallest integer not below. */
  CEIL(1),
  /** Nearest integer, ties to even. */
  ROUND(1),
  /**
   * {@code a == b}, bool from two operands of one type; so are the next five. NaN equals nothing.
   */
  EQUAL(2),
  /** {@code a != b}. */
  NOT_EQUAL(2),
  /** {@code a < b}. */
  LESS(2),
  /** {@code a <= b}. */
  LESS_EQUAL(2),
  /** {@code a > b}. */
  GREATER(2),
  /** {@code a >= b}. */
  GREATER_EQUAL(2),
  /** Both; bool only. */
  AND(2),
  /** At least one; bool only. */
  OR(2),
  /** {@code !a}; bool only. */
  NOT(1),
  /** {@code a ? b : c} with a bool {@code a}. */
  SELECT(3),
  /**
   * Conversion from any type, as Java's casts: floats to integers truncate and saturate, NaN gives
   * 0; to uint8 by way of int64, modulo 256; to bool {@code a != 0}.
   */
  CAST(1),
  /**
   * The nearest float32 with 8 significant bits, that is the nearest bfloat16, ties to even; beyond
   * the greatest one infinity; NaN stays NaN, with the upper half of its bits. float32 only.
   */
  ROUND_TO_BFLOAT16(1);

  private final int operands;

  ScalarOp(int operands) {
    this.operands = operands;
  }

  /** Number of operands. */
  public int operands() {
    return operands;
  }

  /** Whether the result is bool whatever the operands are. */
  public boolean isComparison() {
    return compareTo(EQUAL) >= 0 && compareTo(GREATER_EQUAL) <= 0;
  }
}
