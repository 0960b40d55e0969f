package dev.millrace.kernel;

import static dev.millrace.kernel.SpecialFunctions.polynomial;

/**
 * The logarithm of the gamma function and its derivatives.
 *
 * <p>Above {@link #LARGE} they are Stirling's series, below it recurrences lead there or to power
 * series around 2 and around digamma's root; left of 0 they are reflected (Abramowitz and Stegun,
 * 6.1 to 6.4). Coefficients were computed in 60 digits and are listed from the constant term up.
 */
public final class GammaFunctions {
  private static final double LARGE = 10;

  /** Above this the factorial is infinite. */
  private static final int GREATEST_ORDER = 170;

  private static final double LOG_PI = 1.1447298858494002;
  private static final double HALF_LOG_2_PI = 0.9189385332046728;

  /** Derivative of lgamma at 2: 1 minus Euler's constant. */
  private static final double SLOPE_AT_2 = 0.42278433509846713;

  /** {@code (-1)^k (zeta(k) - 1) / k} from k = 2. */
  private static final double[] AROUND_2 = {
    0.3224670334241132,
    -0.0673523010531981,
    0.020580808427784546,
    -0.007385551028673986,
    0.0028905103307415234,
    -0.001192753911703261,
    0.0005096695247430425,
    -0.00022315475845357939,
    9.945751278180853e-05,
    -4.492623673813314e-05,
    2.050721277567069e-05,
    -9.439488275268397e-06,
    4.374866789907488e-06,
    -2.039215753801366e-06,
    9.55141213040742e-07,
    -4.492469198764566e-07,
    2.1207184805554665e-07,
    -1.0043224823968099e-07,
    4.7698101693639804e-08,
    -2.2711094608943164e-08,
    1.0838659214896955e-08,
    -5.183475041970047e-09,
    2.4836745438024785e-09,
    -1.1921401405860912e-09,
    5.731367241678862e-10,
    -2.7595228851242334e-10,
    1.330476437424449e-10
  };

  /** {@code B(2k) / (2k (2k - 1))}. */
  private static final double[] STIRLING = {
    0.08333333333333333, -0.002777777777777778, 0.0007936507936507937, -0.0005952380952380953,
    0.0008417508417508417, -0.0019175269175269176, 0.00641025641025641, -0.029550653594771242
  };

  /** {@code B(2k) / 2k}. */
  private static final double[] STIRLING_SLOPE = {
    0.08333333333333333, -0.008333333333333333, 0.003968253968253968, -0.004166666666666667,
    0.007575757575757576, -0.021092796092796094, 0.08333333333333333, -0.4432598039215686
  };

  /** {@code B(2k) / (2k)!}. */
  private static final double[] EULER_MACLAURIN = {
    0.08333333333333333,
    -0.001388888888888889,
    3.306878306878307e-05,
    -8.267195767195768e-07,
    2.08767569878681e-08,
    -5.284190138687493e-10,
    1.3382536530684679e-11,
    -3.3896802963225827e-13,
    8.586062056277845e-15
  };

  /** The only root of digamma right of 0, in two parts. */
  private static final double ROOT = 1.4616321449683622;

  private static final double ROOT_REST = 9.549995429965697e-17;
  private static final double NEAR_ROOT = 0.35;

  /** Taylor's series of digamma there, from the first derivative. */
  private static final double[] AROUND_ROOT = {
    0.9676722454476212,
    -0.4427631689835921,
    0.258499760955651,
    -0.16394270544240652,
    0.10782405069126237,
    -0.07219956125645471,
    0.04880428816414311,
    -0.03316112647484736,
    0.022597648232218104,
    -0.01542476590494896,
    0.010538791616612175,
    -0.007204534386356869,
    0.004926781395729853,
    -0.003369801655439328,
    0.002305126326734928,
    -0.0015769367714301972,
    0.0010788252019162967,
    -0.0007380709389960052,
    0.000504953265834602,
    -0.0003454680251063077,
    0.00023635601564027053,
    -0.00016170622091974803,
    0.0001106337276874741,
    -7.569179582195066e-05,
    5.178575795222081e-05,
    -3.5430070947659604e-05,
    2.424006611860132e-05,
    -1.6584242271854135e-05
  };

  private GammaFunctions() {}

  /**
   * {@code log |gamma(x)|}. Infinite at 0, -1, -2, ... and at the infinities; NaN gives NaN.
   * Relative error below 4e-15 right of 0; left of it, where zeros lie between the poles, relative
   * to the logarithms that are added.
   */
  public static double lgamma(double x) {
    if (x >= 2.5) {
      return x < LARGE ? lgammaFromBelow(x) : stirling(x);
    }
    if (x >= 1.5) {
      return lgammaAround2(x - 2);
    }
    if (x >= 0.5) {
      return lgammaAround2(x - 1) - Math.log1p(x - 1);
    }
    if (x >= -0.5) {
      return lgammaAround2(x) - Math.log1p(x) - Math.log(Math.abs(x));
    }
    if (Double.isNaN(x) || Double.isInfinite(x)) {
      return Math.abs(x);
    }
    double sine = Math.abs(ElementaryFunctions.sinPi(x));
    return LOG_PI - Math.log(-x) - Math.log(sine) - lgamma(-x);
  }

  /** lgamma at 2 + w, for |w| up to 1/2. */
  private static double lgammaAround2(double w) {
    return w * (SLOPE_AT_2 + w * polynomial(AROUND_2, w));
  }

  private static double lgammaFromBelow(double x) {
    double product = 1;
    double low = x;
    while (low >= 2.5) {
      low--;
      product *= low;
    }
    return Math.log(product) + lgammaAround2(low - 2);
  }

  private static double stirling(double x) {
    if (x == Double.POSITIVE_INFINITY) {
      return x;
    }
    double log = Math.log(x);
    double rest = HALF_LOG_2_PI + polynomial(STIRLING, 1 / (x * x)) / x;
    return x * (log - 1) + (rest - 0.5 * log);
  }

  /**
   * The derivative number {@code order + 1} of {@link #lgamma}: digamma for 0, trigamma for 1; NaN
   * for orders outside of [0, 170]. Relative error below 1e-14 right of 0. At the poles 0, -1, -2,
   * ... odd orders are infinite; even ones are NaN but at 0, whose sign tells the side. NaN gives
   * NaN.
   */
  public static double polygamma(double order, double x) {
    if (!(order >= 0 && order <= GREATEST_ORDER)) {
      return Double.NaN;
    }
    if (x == 0 && order % 2 == 0) {
      return Math.copySign(Double.POSITIVE_INFINITY, -x);
    }
    if (x <= 0 && x == Math.rint(x)) {
      return order % 2 == 1 && !Double.isInfinite(x) ? Double.POSITIVE_INFINITY : Double.NaN;
    }
    return order == 0 ? digamma(x) : higher((int) order, x);
  }

  private static double digamma(double x) {
    if (x < 0) {
      double halfTurns = x - Math.rint(x);
      return digamma(1 - x) - Math.PI / Math.tan(Math.PI * halfTurns);
    }
    double distance = (x - ROOT) - ROOT_REST;
    if (Math.abs(distance) < NEAR_ROOT) {
      return distance * polynomial(AROUND_ROOT, distance);
    }
    double sum = 0;
    double large = x;
    for (; large < LARGE; large++) {
      sum += 1 / large;
    }
    double z = 1 / (large * large);
    return Math.log(large) - (0.5 / large + z * polynomial(STIRLING_SLOPE, z)) - sum;
  }

  /** {@code (-1)^(n+1) n! zeta(n + 1, x)}, and its reflection left of 0. */
  private static double higher(int n, double x) {
    double factorial = 1;
    for (int k = 2; k <= n; k++) {
      factorial *= k;
    }
    if (x < 0) {
      double right = higher(n, 1 - x);
      return (n % 2 == 0 ? right : -right) - cotangentSlope(n, x - Math.rint(x));
    }
    double y = factorial * zeta(n + 1, x);
    return n % 2 == 0 ? -y : y;
  }

  /**
   * Derivative number n of {@code pi cot(pi x)}, a polynomial in the cotangent c by {@code c' = -pi
   * (1 + c^2)}. All its terms have one sign.
   */
  private static double cotangentSlope(int n, double x) {
    double[] powers = new double[n + 2];
    powers[1] = Math.PI;
    for (int order = 0; order < n; order++) {
      double[] next = new double[n + 2];
      for (int k = 1; k <= order + 1; k++) {
        double slope = -Math.PI * k * powers[k];
        next[k - 1] += slope;
        next[k + 1] += slope;
      }
      powers = next;
    }
    return polynomial(powers, 1 / Math.tan(Math.PI * x));
  }

  /** Hurwitz's zeta function, the sum of {@code (q + k)^-s}, by Euler and Maclaurin. */
  private static double zeta(int s, double q) {
    if (q == Double.POSITIVE_INFINITY) {
      return 0;
    }
    double sum = 0;
    double a = q;
    for (; a < LARGE + s; a++) {
      sum += Math.pow(a, -s);
    }
    double power = Math.pow(a, -s);
    double rest = power * a / (s - 1) + power / 2;
    double factor = power * s / a;
    for (int k = 0; k < EULER_MACLAURIN.length; k++) {
      rest += factor * EULER_MACLAURIN[k];
      factor *= (s + 2 * k + 1.0) * (s + 2 * k + 2.0) / a / a;
    }
    return sum + rest;
  }
}
