package dev.millrace.kernel;

/**
 * What one scalar instruction computes. Floating-point operations are IEEE 754 without contraction
 * or reassociation; integer ones wrap, those of narrow and unsigned types modulo 2 to the power of
 * their bits; bool is 0 or 1. Values of float16 and bfloat16 are only cast and selected: what is
 * computed of them is computed of their casts to float32.
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
  /** {@code a} without the multiples of b in it, with the sign of a; integers throw on 0. */
  REMAINDER(2),
  /** The greatest integer not above {@code a / b}; integers throw on 0. */
  FLOOR_DIVIDE(2),
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
  /** {@code e^a}; floating point only, as are all up to {@link #ROUND}. */
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
  /** Tangent of radians. */
  TAN(1),
  /** Arc sine in radians; NaN outside of [-1, 1]. */
  ASIN(1),
  /** Arc cosine in radians; NaN outside of [-1, 1]. */
  ACOS(1),
  /** Arc tangent in radians. */
  ATAN(1),
  /** Hyperbolic sine. */
  SINH(1),
  /** Hyperbolic cosine. */
  COSH(1),
  /** Inverse of the hyperbolic sine. */
  ASINH(1),
  /** Inverse of the hyperbolic cosine; NaN below 1. */
  ACOSH(1),
  /** Inverse of the hyperbolic tangent; NaN outside of [-1, 1]. */
  ATANH(1),
  /** {@code 2^a}. */
  EXP2(1),
  /** Binary logarithm, exact for powers of 2. */
  LOG2(1),
  /** Decimal logarithm, exact for powers of 10. */
  LOG10(1),
  /** Cube root. */
  CBRT(1),
  /** {@code 1 - erf(a)}, accurate in the tail. */
  ERFC(1),
  /** Inverse of the error function; NaN outside of [-1, 1]. */
  ERFINV(1),
  /** Logarithm of the absolute value of the gamma function. */
  LGAMMA(1),
  /** Angle in radians from the axis of b to the point with the coordinates {@code (b, a)}. */
  ATAN2(2),
  /** {@code sqrt(a^2 + b^2)}, without overflow in between. */
  HYPOT(2),
  /** The derivative number {@code a + 1} of {@link #LGAMMA} at b; a is a whole number from 0. */
  POLYGAMMA(2),
  /** The derivative number a of {@code sin(pi b) / (pi b)}; a is a whole number from 0. */
  SINC(2),
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
  /** Bits that both have; integers only, as are the next six. */
  BIT_AND(2),
  /** Bits that at least one has. */
  BIT_OR(2),
  /** Bits that one has and the other has not. */
  BIT_XOR(2),
  /** The opposite bits. */
  BIT_NOT(1),
  /** {@code a} with its bits b places up; 0 if b is negative or as many as there are bits. */
  SHIFT_LEFT(2),
  /**
   * {@code a} with its bits b places down, its sign kept; all of them sign if b is negative or as
   * many as there are bits. Unsigned numbers have no sign: zeros come in.
   */
  SHIFT_RIGHT(2),
  /** How many bits are 1. */
  BIT_COUNT(1),
  /** {@code a ? b : c} with a bool {@code a}. */
  SELECT(3),
  /**
   * Conversion from any type, as Java's casts: floats to int32, int64 and uint64 truncate and
   * saturate, NaN gives 0; to int8, int16, uint8, uint16 and uint32 they go by way of int64, and
   * wrap, as do negative numbers on the way to uint64; integers wrap; to bool {@code a != 0}. To
   * floating point numbers are rounded once, to nearest even, but for 64-bit integers to float16
   * and bfloat16, which go by way of float64.
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
