package dev.millrace.kernel;

/** Draws of the gamma distribution, and how they change with its shape. */
public final class GammaDraws {
  /** Shape from which the cube of a normal variable has the slope in double precision. */
  private static final double LARGE = 1e8;

  /** Share of the sum that the last terms may be. */
  private static final double ENOUGH = 1e-17;

  private GammaDraws() {}

  /**
   * A draw with density {@code x^(a-1) e^-x / gamma(a)}; NaN if a is not positive. Source:
   * Marsaglia and Tsang, "A simple method for generating gamma variables", 2000.
   */
  public static double draw(double a, PhiloxStream random) {
    if (!(a > 0) || Double.isInfinite(a)) {
      return Double.NaN;
    }
    if (a < 1) {
      double power = Math.log(random.uniform()) / a;
      return draw(a + 1, random) * Math.exp(power);
    }
    double d = a - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double z = random.normal();
      double root = 1 + c * z;
      double v = root * root * root;
      double u = random.uniform();
      if (v > 0 && Math.log(u) < 0.5 * z * z + d * (1 - v + Math.log(v))) {
        return d * v;
      }
    }
  }

  /**
   * {@code dx / da} of a draw x at a fixed probability: minus the slope of the distribution
   * function by a, over the density. Its series is that of the incomplete gamma function, {@code
   * x^a e^-x / gamma(a + 1) * sum of x^n / ((a+1) ... (a+n))}, with each term differentiated; in
   * the upper tail the digits of its chance are lost, 7 of 15 where that is 1e-7. Source: Figurnov,
   * Mohamed and Mnih, "Implicit reparameterization gradients", 2018.
   */
  public static double slope(double a, double x) {
    if (!(x > 0)) {
      return Double.isNaN(x) ? Double.NaN : 0;
    }
    if (a > LARGE) {
      double root = Math.cbrt(x / a);
      double z = (root - 1 + 1 / (9 * a)) * 3 * Math.sqrt(a);
      double inner = 1 / (9 * a * a) - z / (6 * a * Math.sqrt(a));
      return root * root * root + 3 * a * root * root * inner;
    }
    double term = 1;
    double sum = 1;
    double harmonic = 0;
    double slopes = 0;
    for (int n = 1; ; n++) {
      term *= x / (a + n);
      harmonic += 1 / (a + n);
      sum += term;
      slopes -= term * harmonic;
      if (n > x - a && term * (1 + harmonic) < ENOUGH * sum) {
        break;
      }
    }
    double logs = Math.log(x) - GammaFunctions.polygamma(0, a + 1);
    return -x / a * (logs * sum + slopes);
  }
}
