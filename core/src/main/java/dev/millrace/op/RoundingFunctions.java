package dev.millrace.op;

import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.MillraceException;

/**
 * Functions that round, limit and classify numbers and that work on the bits of integers, element
 * by element; operands are broadcast against one another.
 */
public class RoundingFunctions extends MathFunctions {
  RoundingFunctions() {}

  /** Nearest integer towards 0; floating point. */
  public static Expr trunc(Expr x) {
    return apply(Rounding.TRUNCATION, x);
  }

  /**
   * {@code floor(a / b)} of the exact quotient, as Python's {@code //}; numbers of one type.
   * Integers end the run with an error on 0.
   */
  public static Expr floorDiv(Expr a, Expr b) {
    return apply(Rounding.FLOOR_DIV, a, b);
  }

  /** {@code a / b} rounded towards 0; integers end the run with an error on 0. */
  public static Expr truncateDiv(Expr a, Expr b) {
    Expr quotient = divide(a, b);
    return quotient.dtype().isFloating() ? trunc(quotient) : quotient;
  }

  /**
   * What {@link #floorDiv} leaves, with the sign of b, as Python's {@code %}: the same as {@link
   * #modulo}.
   */
  public static Expr remainder(Expr a, Expr b) {
    return modulo(a, b);
  }

  /**
   * What {@link #truncateDiv} leaves, with the sign of a, as {@code %} in C and Java; exact.
   * Integers end the run with an error on 0.
   */
  public static Expr fmod(Expr a, Expr b) {
    return apply(Rounding.FMOD, a, b);
  }

  /**
   * {@code min(max(x, low), high)}, any numbers of one type. The derivative by x is 1 inside and on
   * the bounds; outside, the bound that is the result has it.
   */
  public static Expr clip(Expr x, Expr low, Expr high) {
    return apply(Rounding.CLIP, x, low, high);
  }

  /**
   * {@link #clip(Expr, Expr, Expr)} with numbers as bounds; an infinite one is none.
   *
   * @throws MillraceException if low is above high, or one is NaN
   */
  public static Expr clip(Expr x, double low, double high) {
    if (!(low <= high)) {
      throw new MillraceException("clip: needs bounds low <= high, found " + low + " and " + high);
    }
    if (x.dtype().isFloating()) {
      return clip(x, like(x, low), like(x, high));
    }
    Expr raised = low == Double.NEGATIVE_INFINITY ? x : maximum(x, like(x, low));
    return high == Double.POSITIVE_INFINITY ? raised : minimum(raised, like(x, high));
  }

  /** Whether x is NaN; false for integers. */
  public static Expr isNaN(Expr x) {
    checkNumeric("isNaN", x);
    return notEqual(x, x);
  }

  /** Whether x is neither NaN nor infinite; true for integers. */
  public static Expr isFinite(Expr x) {
    checkNumeric("isFinite", x);
    return x.dtype().isFloating() ? abs(x).less(Double.POSITIVE_INFINITY) : equal(x, x);
  }

  /** Whether x is one of the infinities; false for integers. */
  public static Expr isInfinite(Expr x) {
    checkNumeric("isInfinite", x);
    return x.dtype().isFloating()
        ? equal(abs(x), like(x, Double.POSITIVE_INFINITY))
        : notEqual(x, x);
  }

  private static void checkNumeric(String op, Expr x) {
    if (!x.dtype().isNumeric()) {
      throw new DTypeException(op + ": takes numbers: " + Messages.describe(x));
    }
  }

  /** Bits that both have; integers of one type. */
  public static Expr bitAnd(Expr a, Expr b) {
    return apply(Bits.AND, a, b);
  }

  /** Bits that at least one has; integers of one type. */
  public static Expr bitOr(Expr a, Expr b) {
    return apply(Bits.OR, a, b);
  }

  /** Bits that exactly one has; integers of one type. */
  public static Expr bitXor(Expr a, Expr b) {
    return apply(Bits.XOR, a, b);
  }

  /** The opposite bits; integers. */
  public static Expr bitNot(Expr x) {
    return apply(Bits.NOT, x);
  }

  /**
   * The bits of a moved up by b places; integers of one type. 0 where b is negative or at least the
   * number of bits.
   */
  public static Expr shiftLeft(Expr a, Expr b) {
    return apply(Bits.LEFT, a, b);
  }

  /**
   * The bits of a moved down by b places, its sign kept; integers of one type. Where b is negative
   * or at least the number of bits, 0 or -1 by the sign of a.
   */
  public static Expr shiftRight(Expr a, Expr b) {
    return apply(Bits.RIGHT, a, b);
  }

  /** How many bits are 1, as a number of the same type; integers. */
  public static Expr bitCount(Expr x) {
    return apply(Bits.COUNT, x);
  }
}
