package dev.millrace.linalg;

import dev.millrace.tensor.MillraceException;

/** Triangular factors of square matrices, row by row in {@code double[]}, and what they solve. */
public final class Factorizations {
  private Factorizations() {}

  /**
   * The lower triangular L with {@code L L' = (a + a') / 2}.
   *
   * @throws MillraceException if that is not positive definite
   */
  public static double[] cholesky(double[] a, int n) {
    var l = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = (a[i * n + j] + a[j * n + i]) / 2;
        for (int k = 0; k < j; k++) {
          sum -= l[i * n + k] * l[j * n + k];
        }
        if (i == j && !(sum > 0)) {
          throw new MillraceException(
              "the matrix must be positive definite, and its leading part of "
                  + (i + 1)
                  + " rows is not");
        }
        l[i * n + j] = i == j ? Math.sqrt(sum) : sum / l[j * n + j];
      }
    }
    return l;
  }

  /** L below the diagonal, which is 1 there, and U: {@code a[rows[i]] = (L U)[i]}. */
  public static final class Lu {
    private final double[] factors;
    private final int[] rows;
    private final int n;
    private double sign = 1;

    /** Factorizes with the greatest pivot of each column. A singular matrix has a 0 in U. */
    public Lu(double[] a, int n) {
      this.factors = a.clone();
      this.n = n;
      this.rows = new int[n];
      for (int i = 0; i < n; i++) {
        rows[i] = i;
      }
      for (int column = 0; column < n; column++) {
        pivot(column);
        eliminate(column);
      }
    }

    private void pivot(int column) {
      int best = column;
      for (int i = column + 1; i < n; i++) {
        if (Math.abs(factors[i * n + column]) > Math.abs(factors[best * n + column])) {
          best = i;
        }
      }
      if (best != column) {
        for (int j = 0; j < n; j++) {
          double element = factors[column * n + j];
          factors[column * n + j] = factors[best * n + j];
          factors[best * n + j] = element;
        }
        int row = rows[column];
        rows[column] = rows[best];
        rows[best] = row;
        sign = -sign;
      }
    }

    private void eliminate(int column) {
      double pivot = factors[column * n + column];
      if (pivot == 0) {
        return;
      }
      for (int i = column + 1; i < n; i++) {
        double factor = factors[i * n + column] / pivot;
        factors[i * n + column] = factor;
        for (int j = column + 1; j < n; j++) {
          factors[i * n + j] -= factor * factors[column * n + j];
        }
      }
    }

    /** Element of L below the diagonal, of U from it on. */
    public double factor(int i, int j) {
      return factors[i * n + j];
    }

    /** Which row of the matrix is row {@code i} of the product. */
    public int row(int i) {
      return rows[i];
    }

    /** The sign of the determinant: 0 if it is 0. */
    public double sign() {
      double product = sign;
      for (int i = 0; i < n; i++) {
        product *= Math.signum(factors[i * n + i]);
      }
      return product;
    }

    /** The logarithm of the determinant's absolute value. */
    public double logAbsDeterminant() {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += Math.log(Math.abs(factors[i * n + i]));
      }
      return sum;
    }

    /** The determinant. */
    public double determinant() {
      double product = sign;
      for (int i = 0; i < n; i++) {
        product *= factors[i * n + i];
      }
      return product;
    }

    /**
     * The x of {@code a x = b}, or of {@code a' x = b}, for {@code columns} columns.
     *
     * @throws MillraceException if the matrix is singular
     */
    public double[] solve(double[] b, int columns, boolean transposed) {
      for (int i = 0; i < n; i++) {
        if (factors[i * n + i] == 0) {
          throw new MillraceException("the matrix must be invertible, and it is singular");
        }
      }
      var x = new double[n * columns];
      for (int i = 0; i < n; i++) {
        System.arraycopy(b, (transposed ? i : rows[i]) * columns, x, i * columns, columns);
      }
      // a = P' L U, so a' = U' L' P: what comes first goes forward.
      triangular(factors, n, true, transposed, !transposed, x, columns);
      triangular(factors, n, false, transposed, transposed, x, columns);
      if (!transposed) {
        return x;
      }
      var ordered = new double[x.length];
      for (int i = 0; i < n; i++) {
        System.arraycopy(x, i * columns, ordered, rows[i] * columns, columns);
      }
      return ordered;
    }
  }

  /**
   * Solves {@code t x = b}, or {@code t' x = b}, in place of b.
   *
   * @param lower whether t is the lower triangle of {@code a}; else the upper one
   * @param unit whether its diagonal counts as 1
   * @throws MillraceException if there is a 0 on the diagonal
   */
  public static void solveTriangular(
      double[] a, int n, boolean lower, boolean transposed, boolean unit, double[] b, int columns) {
    for (int i = 0; i < n && !unit; i++) {
      if (a[i * n + i] == 0) {
        throw new MillraceException(
            "the matrix must be invertible, and element " + i + " of its diagonal is 0");
      }
    }
    triangular(a, n, lower != transposed, transposed, unit, b, columns);
  }

  /** Row by row from the one that has a single unknown: the first one if {@code forward}. */
  private static void triangular(
      double[] a,
      int n,
      boolean forward,
      boolean transposed,
      boolean unit,
      double[] x,
      int columns) {
    for (int step = 0; step < n; step++) {
      int i = forward ? step : n - 1 - step;
      for (int known = 0; known < step; known++) {
        int j = forward ? known : n - 1 - known;
        double factor = transposed ? a[j * n + i] : a[i * n + j];
        for (int c = 0; c < columns; c++) {
          x[i * columns + c] -= factor * x[j * columns + c];
        }
      }
      if (!unit) {
        double pivot = a[i * n + i];
        for (int c = 0; c < columns; c++) {
          x[i * columns + c] /= pivot;
        }
      }
    }
  }
}
