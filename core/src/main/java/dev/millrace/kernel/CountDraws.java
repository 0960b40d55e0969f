package dev.millrace.kernel;

/** Draws of distributions of counts. */
public final class CountDraws {
  /** Mean from which rejection takes fewer numbers than counting. */
  private static final double MANY = 10;

  private CountDraws() {}

  /**
   * How many events of rate {@code mean} there are; NaN if that is negative or infinite. Source of
   * the rejection: Hormann, "The transformed rejection method for generating Poisson random
   * variables", 1993.
   */
  public static double poisson(double mean, PhiloxStream random) {
    if (!(mean >= 0) || Double.isInfinite(mean)) {
      return Double.NaN;
    }
    if (mean < MANY) {
      return counted(mean, random);
    }
    double log = Math.log(mean);
    double b = 0.931 + 2.53 * Math.sqrt(mean);
    double a = -0.059 + 0.02483 * b;
    double hat = 1.1239 + 1.1328 / (b - 3.4);
    double inner = 0.9277 - 3.6224 / (b - 2);
    while (true) {
      double u = random.uniform() - 0.5;
      double v = random.uniform();
      double us = 0.5 - Math.abs(u);
      double k = Math.floor((2 * a / us + b) * u + mean + 0.43);
      if (us >= 0.07 && v <= inner) {
        return k;
      }
      if (k >= 0
          && (us >= 0.013 || v <= us)
          && Math.log(v * hat / (a / (us * us) + b))
              <= k * log - mean - GammaFunctions.lgamma(k + 1)) {
        return k;
      }
    }
  }

  private static double counted(double mean, PhiloxStream random) {
    double least = Math.exp(-mean);
    int count = 0;
    for (double product = random.uniform(); product > least; product *= random.uniform()) {
      count++;
    }
    return count;
  }

  /**
   * How many of {@code trials} succeed with probability p each; NaN if p is not in [0, 1] or there
   * is no such number of trials. Source of the rejection: Hormann, "The generation of binomial
   * random variates", 1993.
   */
  public static double binomial(double trials, double p, PhiloxStream random) {
    if (!(trials >= 0 && p >= 0 && p <= 1) || trials != Math.floor(trials) || trials > 0x1p53) {
      return Double.NaN;
    }
    if (p > 0.5) {
      return trials - binomial(trials, 1 - p, random);
    }
    return trials * p < MANY ? waited(trials, p, random) : rejected(trials, p, random);
  }

  /** Adds up the trials until each next success. */
  private static double waited(double trials, double p, PhiloxStream random) {
    if (p == 0) {
      return 0;
    }
    double failure = Math.log1p(-p);
    double past = Math.ceil(Math.log(random.uniform()) / failure);
    int count = 0;
    while (past <= trials) {
      count++;
      past += Math.ceil(Math.log(random.uniform()) / failure);
    }
    return count;
  }

  private static double rejected(double trials, double p, PhiloxStream random) {
    double deviation = Math.sqrt(trials * p * (1 - p));
    double b = 1.15 + 2.53 * deviation;
    double a = -0.0873 + 0.0248 * b + 0.01 * p;
    double center = trials * p + 0.5;
    double inner = 0.92 - 4.2 / b;
    double hat = (2.83 + 5.1 / b) * deviation;
    double odds = Math.log(p / (1 - p));
    double mode = Math.floor((trials + 1) * p);
    double atMode = GammaFunctions.lgamma(mode + 1) + GammaFunctions.lgamma(trials - mode + 1);
    while (true) {
      double u = random.uniform() - 0.5;
      double v = random.uniform();
      double us = 0.5 - Math.abs(u);
      double k = Math.floor((2 * a / us + b) * u + center);
      if (us >= 0.07 && v <= inner) {
        return k;
      }
      if (k >= 0 && k <= trials) {
        double there = GammaFunctions.lgamma(k + 1) + GammaFunctions.lgamma(trials - k + 1);
        if (Math.log(v * hat / (a / (us * us) + b)) <= atMode - there + (k - mode) * odds) {
          return k;
        }
      }
    }
  }
}
