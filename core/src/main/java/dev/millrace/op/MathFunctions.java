package dev.millrace.op;

import dev.millrace.tensor.MillraceException;
import java.util.List;

/**
 * Functions of mathematics, element by element; operands are broadcast against one another. They
 * take float32 and float64 unless they say otherwise. Relative errors are below 1e-14 in float64
 * (up to 2e-13 for the gamma family near its zeros left of 0); float32 results are computed in
 * float64 and rounded, where no formula is given. NaN gives NaN, as does an argument outside of a
 * function's domain.
 */
public class MathFunctions extends ElementwiseFunctions {
  MathFunctions() {}

  /** Tangent of radians. */
  public static Expr tan(Expr x) {
    return apply(Trigonometry.TANGENT, x);
  }

  /** Arc sine in radians, from [-1, 1] to [-pi/2, pi/2]. */
  public static Expr asin(Expr x) {
    return apply(Trigonometry.ARC_SINE, x);
  }

  /** Arc cosine in radians, from [-1, 1] to [0, pi]. */
  public static Expr acos(Expr x) {
    return apply(Trigonometry.ARC_COSINE, x);
  }

  /** Arc tangent in radians, in [-pi/2, pi/2]. */
  public static Expr atan(Expr x) {
    return apply(Trigonometry.ARC_TANGENT, x);
  }

  /** Angle of the point {@code (x, y)} in radians, in [-pi, pi]; y is the first operand. */
  public static Expr atan2(Expr y, Expr x) {
    return apply(Trigonometry.ANGLE, y, x);
  }

  /** {@code sqrt(a^2 + b^2)}, which overflows only if the result does. */
  public static Expr hypot(Expr a, Expr b) {
    return apply(Trigonometry.HYPOTENUSE, a, b);
  }

  /** Hyperbolic sine. */
  public static Expr sinh(Expr x) {
    return apply(Trigonometry.HYPERBOLIC_SINE, x);
  }

  /** Hyperbolic cosine. */
  public static Expr cosh(Expr x) {
    return apply(Trigonometry.HYPERBOLIC_COSINE, x);
  }

  /** Inverse of {@link #sinh}. */
  public static Expr asinh(Expr x) {
    return apply(Trigonometry.AREA_SINE, x);
  }

  /** Inverse of {@link #cosh}, from 1. */
  public static Expr acosh(Expr x) {
    return apply(Trigonometry.AREA_COSINE, x);
  }

  /** Inverse of {@link #tanh}, from [-1, 1]. */
  public static Expr atanh(Expr x) {
    return apply(Trigonometry.AREA_TANGENT, x);
  }

  /** Degrees of an angle in radians. */
  public static Expr degrees(Expr x) {
    checkFloating("degrees", x);
    return x.times(180 / Math.PI);
  }

  /** Radians of an angle in degrees. */
  public static Expr radians(Expr x) {
    checkFloating("radians", x);
    return x.times(Math.PI / 180);
  }

  /** {@code sin(pi x) / (pi x)}, and 1 at 0. */
  public static Expr sinc(Expr x) {
    return x.recorder().apply(Slopes.sinc(0), List.of(x));
  }

  /** {@code 2^x}, exact for whole numbers. */
  public static Expr exp2(Expr x) {
    return apply(Exponentials.POWER_OF_2, x);
  }

  /** Binary logarithm, exact for powers of 2. */
  public static Expr log2(Expr x) {
    return apply(Exponentials.BINARY_LOGARITHM, x);
  }

  /** Decimal logarithm, exact for powers of 10. */
  public static Expr log10(Expr x) {
    return apply(Exponentials.DECIMAL_LOGARITHM, x);
  }

  /** {@code log(exp(a) + exp(b))}, which neither overflows nor loses digits. */
  public static Expr logAddExp(Expr a, Expr b) {
    return apply(Exponentials.LOG_OF_SUM, a, b);
  }

  /** {@code log(1 - exp(x))} for x below 0, accurate near 0 and far from it. */
  public static Expr log1mexp(Expr x) {
    return apply(Exponentials.LOG_OF_REST, x);
  }

  /** {@code x log(1 + y)}, and 0 where x is 0. */
  public static Expr xlog1py(Expr x, Expr y) {
    return apply(Exponentials.X_LOG_1P_Y, x, y);
  }

  /** Cube root, of negative numbers too. */
  public static Expr cbrt(Expr x) {
    return apply(Exponentials.CUBE_ROOT, x);
  }

  /** {@code 1 / x}. */
  public static Expr reciprocal(Expr x) {
    checkFloating("reciprocal", x);
    return like(x, 1).dividedBy(x);
  }

  /** {@code 1 / sqrt(x)}. */
  public static Expr rsqrt(Expr x) {
    return reciprocal(sqrt(x));
  }

  /**
   * {@code x} multiplied with itself {@code exponent} times, for any numbers; 1 for 0, whatever x
   * is. Integers wrap.
   *
   * @throws MillraceException if the exponent is negative and x is an integer
   */
  public static Expr powInt(Expr x, int exponent) {
    if (exponent < 0) {
      if (x.dtype().isInteger()) {
        throw new MillraceException(
            "powInt: an integer has no power of "
                + exponent
                + " that is one: "
                + Messages.describe(x)
                + "; convert it with cast(x, FLOAT32)");
      }
      return x.pow(exponent);
    }
    if (x.dtype().isFloating() && exponent > 4) {
      return x.pow(exponent);
    }
    if (exponent == 0) {
      return like(x, 1).broadcastTo(x.shape());
    }
    Expr half = exponent == 1 ? x : powInt(x, exponent / 2).square();
    return exponent > 1 && exponent % 2 == 1 ? half.times(x) : half;
  }

  /** {@code a + weight (b - a)}. */
  public static Expr lerp(Expr a, Expr b, Expr weight) {
    checkFloating("lerp", a);
    return a.plus(weight.times(b.minus(a)));
  }

  /** {@code a + weight (b - a)}. */
  public static Expr lerp(Expr a, Expr b, double weight) {
    return lerp(a, b, like(a, weight));
  }

  /** {@code (a - b)^2}, for any numbers. */
  public static Expr squaredDifference(Expr a, Expr b) {
    return a.minus(b).square();
  }

  /** {@code 1 - erf(x)}, accurate in the tail. */
  public static Expr erfc(Expr x) {
    return apply(Specials.ERROR_COMPLEMENT, x);
  }

  /** Inverse of {@link #erf}, from (-1, 1) to the reals. */
  public static Expr erfinv(Expr x) {
    return apply(Specials.ERROR_INVERSE, x);
  }

  /** Normal distribution function, whose inverse is {@link #ndtri}. */
  public static Expr ndtr(Expr x) {
    return erfc(x.times(-Math.sqrt(0.5))).times(0.5);
  }

  /**
   * Logarithm of the absolute value of the gamma function; infinite at 0, -1, -2, ... Left of 0 the
   * error is relative to the logarithms that make up the result.
   */
  public static Expr lgamma(Expr x) {
    return apply(Specials.LOG_GAMMA, x);
  }

  /** Derivative of {@link #lgamma}. At 0 it is infinite, at -1, -2, ... NaN. */
  public static Expr digamma(Expr x) {
    return polygamma(0, x);
  }

  /**
   * Derivative number {@code order} of {@link #digamma}.
   *
   * @throws MillraceException if the order is negative
   */
  public static Expr polygamma(int order, Expr x) {
    if (order < 0) {
      throw new MillraceException("polygamma: the order counts derivatives from 0, found " + order);
    }
    return x.recorder().apply(Slopes.polygamma(order), List.of(x));
  }

  /** {@code log(x / (1 - x))}, the inverse of {@link #logistic}. */
  public static Expr logit(Expr x) {
    return log(x).minus(log1p(x.negate()));
  }
}
