package dev.millrace.kernel;

/**
 * Functions of calculus that the JDK lacks: inverse hyperbolic functions, powers and logarithms of
 * base 2, the cardinal sine, quotients and remainders that round down. All are total; NaN gives
 * NaN. Relative errors are below 1e-15 unless a function says otherwise.
 */
public final class ElementaryFunctions {
  private static final double LN2 = 0.6931471805599453;
  private static final double LOG2_E = 1.4426950408889634;
  private static final double SQRT_2 = 1.4142135623730951;

  /** Derivatives beyond this one are of no use to anybody. */
  private static final int GREATEST_ORDER = 170;

  /** Above this, 1 is nothing beside the square. */
  private static final double HUGE = 0x1p28;

  private ElementaryFunctions() {}

  /** Inverse of the hyperbolic sine; odd, and it keeps -0. */
  public static double asinh(double x) {
    double a = Math.abs(x);
    double y =
        a > HUGE ? Math.log(a) + LN2 : Math.log1p(a + a * a / (1 + Math.sqrt(Math.fma(a, a, 1))));
    return Math.copySign(y, x);
  }

  /** Inverse of the hyperbolic cosine; NaN below 1. */
  public static double acosh(double x) {
    double t = x - 1;
    return x > HUGE ? Math.log(x) + LN2 : Math.log1p(t + Math.sqrt(t * (t + 2)));
  }

  /**
   * Inverse of the hyperbolic tangent; odd, and it keeps -0. Infinite at 1, NaN outside [-1, 1].
   */
  public static double atanh(double x) {
    double a = Math.abs(x);
    return Math.copySign(0.5 * Math.log1p(2 * a / (1 - a)), x);
  }

  /** {@code 2^x}; exact for whole numbers. */
  public static double exp2(double x) {
    if (Math.abs(x) > 1100) {
      return x > 0 ? Double.POSITIVE_INFINITY : 0;
    }
    double whole = Math.rint(x);
    return Math.scalb(Math.exp((x - whole) * LN2), (int) whole);
  }

  /** Logarithm of base 2, exact for powers of 2; minus infinity at 0, NaN below. */
  public static double log2(double x) {
    if (!(x > 0 && x < Double.POSITIVE_INFINITY)) {
      return Math.log(x);
    }
    if (x < Double.MIN_NORMAL) {
      return log2(x * 0x1p54) - 54;
    }
    int exponent = Math.getExponent(x);
    double mantissa = Math.scalb(x, -exponent);
    // Around 1, so that the logarithm of the mantissa never takes away from the exponent.
    if (mantissa > SQRT_2) {
      exponent++;
      mantissa /= 2;
    }
    return exponent + Math.log(mantissa) * LOG2_E;
  }

  /**
   * {@code a - b * floor(a / b)}, with the sign of {@code b}. {@code %} is exact and has the sign
   * of {@code a}; where that is the wrong one, one more {@code b} is due.
   */
  public static double modulo(double a, double b) {
    double remainder = a % b;
    boolean wrong = remainder != 0 && (remainder < 0) != (b < 0);
    return wrong ? remainder + b : remainder;
  }

  /**
   * The greatest integer not above the exact {@code a / b}, which the rounded quotient may exceed:
   * {@code floorDivide(1, 0.1)} is 9, as 0.1 stands for a little more. Infinite or NaN where the
   * quotient is.
   */
  public static double floorDivide(double a, double b) {
    double quotient = a / b;
    if (b == 0 || !Double.isFinite(quotient)) {
      return quotient;
    }
    if (Double.isInfinite(b)) {
      return a != 0 && (a < 0) != (b < 0) ? -1 : quotient;
    }
    double whole = Math.rint((a - modulo(a, b)) / b);
    return whole == 0 ? Math.copySign(0, quotient) : whole;
  }

  /**
   * The derivative number {@code order} of {@code sin(pi x) / (pi x)}, which is 1 at 0; number 0 is
   * the function itself. 0 at the infinities; NaN for orders outside of [0, 170]. The error is
   * relative to the greatest values nearby.
   */
  public static double sinc(double order, double x) {
    if (!(order >= 0 && order <= GREATEST_ORDER)) {
      return Double.NaN;
    }
    int n = (int) order;
    if (Double.isInfinite(x)) {
      return 0;
    }
    double t = Math.PI * x;
    if (n == 0) {
      return x == 0 ? 1 : sinPi(x) / t;
    }
    double y = Math.abs(t) < 1.5 + 0.5 * n ? sincNearZero(n, t) : sincFromLower(n, x, t);
    return y * Math.pow(Math.PI, n);
  }

  /** The power series of the derivative of {@code sin(t) / t}. */
  private static double sincNearZero(int n, double t) {
    int k = (n + 1) / 2;
    double term = k % 2 == 0 ? 1 : -1;
    if (n % 2 == 1) {
      term *= t;
    }
    double sum = 0;
    for (int power = 2 * k - n; Math.abs(term) > 1e-18 * Math.abs(sum); power += 2, k++) {
      sum += term / (2 * k + 1);
      term *= -t * t / ((power + 1.0) * (power + 2));
    }
    return sum;
  }

  /** Each derivative of {@code t f(t) = sin(t)} gives one of f from the one below. */
  private static double sincFromLower(int n, double x, double t) {
    double[] turns = {sinPi(x), sinPi(x + 0.5), -sinPi(x), -sinPi(x + 0.5)};
    double y = turns[0] / t;
    for (int k = 1; k <= n; k++) {
      y = (turns[k % 4] - k * y) / t;
    }
    return y;
  }

  /** {@code sin(pi x)}: what is beyond half a turn is taken away before it is multiplied. */
  static double sinPi(double x) {
    double half = Math.rint(x);
    double y = Math.sin(Math.PI * (x - half));
    return Math.abs(half % 2) == 1 ? -y : y;
  }
}
