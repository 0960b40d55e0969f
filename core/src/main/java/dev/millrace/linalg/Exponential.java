package dev.millrace.linalg;

/**
 * The exponential of square matrices by scaling, a Pade approximant of degree 13 and squaring:
 * Higham, "The scaling and squaring method for the matrix exponential revisited", 2005.
 */
public final class Exponential {
  private static final double[] PADE = {
    64764752532480000.0,
    32382376266240000.0,
    7771770303897600.0,
    1187353796428800.0,
    129060195264000.0,
    10559470521600.0,
    670442572800.0,
    33522128640.0,
    1323241920.0,
    40840800.0,
    960960.0,
    16380.0,
    182.0,
    1.0
  };

  /** Norm up to which the approximant is as good as double precision. */
  private static final double MOST = 5.371920351148152;

  private Exponential() {}

  /** {@code e^a}. */
  public static double[] of(double[] a, int n) {
    double norm = norm(a, n);
    int squarings = norm > MOST ? Math.getExponent(norm / MOST) + 1 : 0;
    double[] scaled = scaled(a, Math.scalb(1.0, -squarings));
    double[] result = pade(scaled, n);
    for (int i = 0; i < squarings; i++) {
      result = product(result, result, n);
    }
    return result;
  }

  private static double norm(double[] a, int n) {
    double most = 0;
    for (int j = 0; j < n; j++) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += Math.abs(a[i * n + j]);
      }
      most = Math.max(most, sum);
    }
    return Double.isFinite(most) ? most : 0;
  }

  private static double[] pade(double[] a, int n) {
    double[] a2 = product(a, a, n);
    double[] a4 = product(a2, a2, n);
    double[] a6 = product(a4, a2, n);
    double[] odd = product(a, polynomial(a2, a4, a6, n, 1), n);
    double[] even = polynomial(a2, a4, a6, n, 0);
    var sum = new double[n * n];
    var difference = new double[n * n];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = even[i] + odd[i];
      difference[i] = even[i] - odd[i];
    }
    return new Factorizations.Lu(difference, n).solve(sum, n, false);
  }

  /** The terms of every second power from {@code first} on, without a factor a for odd ones. */
  private static double[] polynomial(double[] a2, double[] a4, double[] a6, int n, int first) {
    var high = new double[n * n];
    var low = new double[n * n];
    for (int i = 0; i < high.length; i++) {
      high[i] = PADE[12 + first] * a6[i] + PADE[10 + first] * a4[i] + PADE[8 + first] * a2[i];
      low[i] = PADE[6 + first] * a6[i] + PADE[4 + first] * a4[i] + PADE[2 + first] * a2[i];
    }
    double[] sum = product(a6, high, n);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += low[i] + (i % (n + 1) == 0 ? PADE[first] : 0);
    }
    return sum;
  }

  private static double[] scaled(double[] a, double factor) {
    var scaled = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      scaled[i] = a[i] * factor;
    }
    return scaled;
  }

  private static double[] product(double[] a, double[] b, int n) {
    var product = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        double factor = a[i * n + k];
        for (int j = 0; j < n; j++) {
          product[i * n + j] += factor * b[k * n + j];
        }
      }
    }
    return product;
  }
}
