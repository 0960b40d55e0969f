package dev.millrace.linalg;

import dev.millrace.tensor.MillraceException;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Orthogonal factors of matrices in {@code double[]}: Householder's QR, Jacobi's eigenvectors of
 * symmetric matrices, Hestenes' one-sided Jacobi singular vectors.
 */
public final class Orthogonal {
  /** Sweeps after which Jacobi's methods have long settled. */
  private static final int MOST_SWEEPS = 60;

  private static final double ULP = 0x1p-52;

  /** What is so much smaller than the greatest element is taken for 0. */
  private static final double NEGLIGIBLE = 0x1p-60;

  private Orthogonal() {}

  /**
   * Fills {@code q} ({@code [m, n]}) and {@code r} ({@code [n, n]}) with {@code a = q r}, for m >=
   * n, with the signs of LAPACK: a column's reflection takes it to the side away from its first
   * element.
   */
  public static void qr(double[] a, int m, int n, double[] q, double[] r) {
    var work = a.clone();
    var scales = new double[n];
    for (int k = 0; k < n; k++) {
      scales[k] = reflect(work, m, n, k);
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        r[i * n + j] = j < i ? 0 : work[i * n + j];
      }
    }
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        q[i * n + j] = i == j ? 1 : 0;
      }
    }
    for (int k = n - 1; k >= 0; k--) {
      apply(work, m, n, k, scales[k], q, 0);
    }
  }

  /** Makes column k triangular; the vector of the reflection stays below the diagonal. */
  private static double reflect(double[] work, int m, int n, int k) {
    double below = 0;
    for (int i = k + 1; i < m; i++) {
      below = Math.hypot(below, work[i * n + k]);
    }
    if (below == 0) {
      return 0;
    }
    double alpha = work[k * n + k];
    double beta = -Math.copySign(Math.hypot(alpha, below), alpha);
    for (int i = k + 1; i < m; i++) {
      work[i * n + k] /= alpha - beta;
    }
    double scale = (beta - alpha) / beta;
    apply(work, m, n, k, scale, work, k + 1);
    work[k * n + k] = beta;
    return scale;
  }

  /** Reflects the columns of {@code target}, which has n, from {@code first} on. */
  private static void apply(
      double[] work, int m, int n, int k, double scale, double[] target, int first) {
    if (scale == 0) {
      return;
    }
    for (int j = first; j < n; j++) {
      double sum = target[k * n + j];
      for (int i = k + 1; i < m; i++) {
        sum += work[i * n + k] * target[i * n + j];
      }
      sum *= scale;
      target[k * n + j] -= sum;
      for (int i = k + 1; i < m; i++) {
        target[i * n + j] -= sum * work[i * n + k];
      }
    }
  }

  /**
   * Fills {@code values} with the eigenvalues of {@code (a + a') / 2}, ascending, and the columns
   * of {@code vectors} with eigenvectors.
   *
   * @throws MillraceException if an element is NaN or infinite
   */
  public static void eigh(double[] a, int n, double[] values, double[] vectors) {
    checkFinite(a);
    var work = new double[n * n];
    var v = new double[n * n];
    for (int i = 0; i < n; i++) {
      v[i * n + i] = 1;
      for (int j = 0; j < n; j++) {
        work[i * n + j] = (a[i * n + j] + a[j * n + i]) / 2;
      }
    }
    double least = 0;
    for (double element : work) {
      least = Math.max(least, NEGLIGIBLE * Math.abs(element));
    }
    for (int sweep = 0; sweep < MOST_SWEEPS && rotateAll(work, v, n, least); sweep++) {}
    int[] order = order(n, Comparator.comparingDouble(i -> work[i * n + i]));
    for (int j = 0; j < n; j++) {
      values[j] = work[order[j] * n + order[j]];
      for (int i = 0; i < n; i++) {
        vectors[i * n + j] = v[i * n + order[j]];
      }
    }
  }

  private static void checkFinite(double[] a) {
    for (double element : a) {
      if (!Double.isFinite(element)) {
        throw new MillraceException("the matrix must be finite, and it has " + element);
      }
    }
  }

  private static int[] order(int n, Comparator<Integer> by) {
    return IntStream.range(0, n).boxed().sorted(by).mapToInt(i -> i).toArray();
  }

  /** Whether something was left to rotate. */
  private static boolean rotateAll(double[] work, double[] v, int n, double least) {
    boolean rotated = false;
    for (int p = 0; p < n; p++) {
      for (int q = p + 1; q < n; q++) {
        double off = work[p * n + q];
        double size = Math.sqrt(Math.abs(work[p * n + p])) * Math.sqrt(Math.abs(work[q * n + q]));
        if (Math.abs(off) > ULP / 4 * size && Math.abs(off) > least) {
          rotated = true;
          rotate(work, v, n, p, q);
        }
      }
    }
    return rotated;
  }

  private static void rotate(double[] work, double[] v, int n, int p, int q) {
    double theta = (work[q * n + q] - work[p * n + p]) / (2 * work[p * n + q]);
    double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.hypot(theta, 1));
    double c = 1 / Math.hypot(t, 1);
    double s = t * c;
    for (int k = 0; k < n; k++) {
      rotate(work, k * n + p, k * n + q, c, s);
    }
    for (int k = 0; k < n; k++) {
      rotate(work, p * n + k, q * n + k, c, s);
      rotate(v, k * n + p, k * n + q, c, s);
    }
    work[p * n + q] = 0;
    work[q * n + p] = 0;
  }

  private static void rotate(double[] array, int p, int q, double c, double s) {
    double x = array[p];
    double y = array[q];
    array[p] = c * x - s * y;
    array[q] = s * x + c * y;
  }

  /**
   * Fills {@code u} ({@code [m, n]}), {@code s} (descending) and {@code v} ({@code [n, n]}) with
   * {@code a = u diag(s) v'}, for m >= n. Columns of u for singular values of 0 are 0.
   *
   * @throws MillraceException if an element is NaN or infinite
   */
  public static void svd(double[] a, int m, int n, double[] u, double[] s, double[] v) {
    checkFinite(a);
    var work = a.clone();
    var rotations = new double[n * n];
    for (int i = 0; i < n; i++) {
      rotations[i * n + i] = 1;
    }
    for (int sweep = 0; sweep < MOST_SWEEPS && orthogonalize(work, rotations, m, n); sweep++) {}
    var lengths = new double[n];
    for (int j = 0; j < n; j++) {
      for (int i = 0; i < m; i++) {
        lengths[j] = Math.hypot(lengths[j], work[i * n + j]);
      }
    }
    int[] order = order(n, Comparator.comparingDouble(j -> -lengths[j]));
    for (int j = 0; j < n; j++) {
      double length = lengths[order[j]];
      s[j] = length;
      for (int i = 0; i < m; i++) {
        u[i * n + j] = length == 0 ? 0 : work[i * n + order[j]] / length;
      }
      for (int i = 0; i < n; i++) {
        v[i * n + j] = rotations[i * n + order[j]];
      }
    }
  }

  /** Whether two columns were not orthogonal yet. */
  private static boolean orthogonalize(double[] work, double[] v, int m, int n) {
    boolean rotated = false;
    for (int p = 0; p < n; p++) {
      for (int q = p + 1; q < n; q++) {
        double pp = 0;
        double qq = 0;
        double pq = 0;
        for (int i = 0; i < m; i++) {
          double x = work[i * n + p];
          double y = work[i * n + q];
          pp += x * x;
          qq += y * y;
          pq += x * y;
        }
        if (Math.abs(pq) > ULP * Math.sqrt(pp) * Math.sqrt(qq) && pq != 0) {
          rotated = true;
          double theta = (qq - pp) / (2 * pq);
          double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.hypot(theta, 1));
          double c = 1 / Math.hypot(t, 1);
          for (int i = 0; i < m; i++) {
            rotate(work, i * n + p, i * n + q, c, t * c);
          }
          for (int i = 0; i < n; i++) {
            rotate(v, i * n + p, i * n + q, c, t * c);
          }
        }
      }
    }
    return rotated;
  }
}
