package dev.millrace.op;

import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import java.util.List;

/**
 * Linear algebra on matrices {@code [..., m, n]}, which may be a batch of any dims. Everything is
 * computed in double precision, matrices side by side, and has derivatives of any order. What has
 * no result ends the run: a matrix that is singular or not positive definite.
 */
public class LinearAlgebraFunctions extends CheckFunctions {
  /** For the class that gathers all functions. */
  protected LinearAlgebraFunctions() {}

  /** {@code a[rows] = l u}: l with 1 on its diagonal, u, and int64 numbers of rows. */
  public record Lu(Expr l, Expr u, Expr rows) {}

  /** {@code a = q r}: q with orthonormal columns, r upper triangular. */
  public record Qr(Expr q, Expr r) {}

  /** Ascending eigenvalues, and eigenvectors as columns. */
  public record Eigh(Expr values, Expr vectors) {}

  /** {@code a = u diag(s) vt}: s descending, {@code vt} with the right vectors as rows. */
  public record Svd(Expr u, Expr s, Expr vt) {}

  /** The sign of a determinant, 0 if it is 0, and the logarithm of its absolute value. */
  public record SlogDet(Expr sign, Expr logAbsDet) {}

  /**
   * The lower triangular L with {@code L L' = (a + a') / 2}, {@code [..., n, n] -> [..., n, n]}. A
   * run ends where that is not positive definite.
   */
  public static Expr cholesky(Expr a) {
    return new Systems.Cholesky().part(0, a);
  }

  /** The x of {@code t x = b}, where t is the lower or upper triangle of a. */
  public static Expr triangularSolve(Expr a, Expr b, boolean lower) {
    return triangularSolve(a, b, lower, false);
  }

  /**
   * The x of {@code t x = b}, or of {@code t' x = b} if {@code transposed}, where t is the lower or
   * upper triangle of a: {@code [..., n, n], [..., n, k] -> [..., n, k]}; a vector b is a column.
   */
  public static Expr triangularSolve(Expr a, Expr b, boolean lower, boolean transposed) {
    return system("triangularSolve", new Systems.Triangular(lower, transposed, false), a, b);
  }

  /**
   * The x of {@code a x = b}: {@code [..., n, n], [..., n, k] -> [..., n, k]}; a vector b is a
   * column. A run ends where a is singular.
   */
  public static Expr solve(Expr a, Expr b) {
    return system("solve", new Systems.Solve(false), a, b);
  }

  private static Expr system(String name, LibraryOp op, Expr a, Expr b) {
    Matrices.check(name, a);
    if (b.shape().rank() == 1) {
      return squeeze(system(name, op, a, expandDims(b, 1)), -1);
    }
    Matrices.check(name, b);
    return a.recorder()
        .atomically(() -> {
          Shape batch = a.recorder().commonShape(name, List.of(a, b), 2);
          return op.part(0, withBatch(a, batch), withBatch(b, batch));
        });
  }

  /** {@code a^-1}. A run ends where a is singular. */
  public static Expr inverse(Expr a) {
    Matrices.check("inverse", a);
    return solve(a, Matrices.identityLike(a));
  }

  /** The factors of {@code a[rows] = l u}, with the greatest pivots. */
  public static Lu lu(Expr a) {
    var op = new Systems.Lu();
    Expr bundle = a.recorder().apply(op, List.of(a));
    return new Lu(op.take(bundle, 0), op.take(bundle, 1), op.take(bundle, 2));
  }

  /**
   * The determinant, {@code [..., n, n] -> [...]}; its derivative takes a matrix with an inverse.
   */
  public static Expr det(Expr a) {
    return new Systems.Determinant("det").part(0, a);
  }

  /** {@code log |det a|}, {@code [..., n, n] -> [...]}; -infinity for a singular matrix. */
  public static Expr logAbsDet(Expr a) {
    return new Systems.Determinant("logAbsDet").part(2, a);
  }

  /** Sign and logarithm of the determinant. */
  public static SlogDet slogDet(Expr a) {
    var op = new Systems.Determinant("slogDet");
    Expr bundle = a.recorder().apply(op, List.of(a));
    return new SlogDet(op.take(bundle, 1), op.take(bundle, 2));
  }

  /**
   * Householder's factors, {@code [..., m, n] -> [..., m, k], [..., k, n]} with k the smaller of m
   * and n, which is known or n; R's signs are those of LAPACK.
   */
  public static Qr qr(Expr a) {
    Matrices.check("qr", a);
    Dim more = Matrices.columns(a).minus(Matrices.rows(a));
    if (!more.isKnown() || more.value() <= 0) {
      var op = new Decompositions.Qr();
      Expr bundle = a.recorder().apply(op, List.of(a));
      return new Qr(op.take(bundle, 0), op.take(bundle, 1));
    }
    Dim m = Matrices.rows(a);
    Qr square = qr(slice(a, -1, Dim.ZERO, m, 1));
    Expr rest = slice(a, -1, m, more, 1);
    return new Qr(square.q, concat(-1, square.r, square.q.transpose().matmul(rest)));
  }

  /** Eigenvalues and eigenvectors of {@code (a + a') / 2}. */
  public static Eigh eigh(Expr a) {
    var op = new Decompositions.Eigh();
    Expr bundle = a.recorder().apply(op, List.of(a));
    return new Eigh(op.take(bundle, 0), op.take(bundle, 1));
  }

  /** The eigenvalues of {@code (a + a') / 2}, ascending, {@code [..., n, n] -> [..., n]}. */
  public static Expr eigvalsh(Expr a) {
    return new Decompositions.Eigh().part(0, a);
  }

  /**
   * Singular values and vectors, {@code [..., m, n] -> [..., m, k], [..., k], [..., k, n]} with k
   * the smaller of m and n, which is known or n.
   */
  public static Svd svd(Expr a) {
    Matrices.check("svd", a);
    Dim more = Matrices.columns(a).minus(Matrices.rows(a));
    boolean wide = more.isKnown() && more.value() > 0;
    var op = new Decompositions.Svd();
    Expr bundle = a.recorder().apply(op, List.of(wide ? a.transpose() : a));
    Expr u = op.take(bundle, 0);
    Expr v = op.take(bundle, 2);
    Expr s = op.take(bundle, 1);
    return wide ? new Svd(v, s, u.transpose()) : new Svd(u, s, v.transpose());
  }

  /** The singular values, descending. */
  public static Expr svdvals(Expr a) {
    return svd(a).s;
  }

  /**
   * The pseudo-inverse, {@code [..., m, n] -> [..., n, m]}; singular values below {@code 1e-15 *
   * max(m, n)} (float32: 1e-6) times the greatest count as 0.
   */
  public static Expr pinv(Expr a) {
    Svd factors = svd(a);
    double precision =
        switch (a.dtype()) {
          case FLOAT64 -> 1e-15;
          case FLOAT16 -> 1e-3;
          case BFLOAT16 -> 1e-2;
          default -> 1e-6;
        };
    Expr larger = maximum(size(a, Matrices.rows(a)), size(a, Matrices.columns(a)));
    Expr greatest = expandDims(reduceMax(factors.s, -1), -1);
    Expr counts = greater(factors.s, greatest.times(larger).times(precision));
    Expr inverted = select(counts, select(counts, factors.s, 1).pow(-1), 0);
    Expr scaled = factors.vt.transpose().times(Matrices.byColumn(inverted));
    Expr p = scaled.matmul(factors.u.transpose());
    return a.recorder().apply(new Decompositions.Pinv(), List.of(p, a));
  }

  private static Expr size(Expr like, Dim dim) {
    return like.recorder().apply(new Sources.DimValue(like.dtype(), dim), List.of());
  }

  /** {@code e^a} of a square matrix. */
  public static Expr matrixExp(Expr a) {
    return new Decompositions.Exp().part(0, a);
  }

  /** {@code a} to the power of {@code n} by repeated squaring; of its inverse if n is negative. */
  public static Expr matrixPower(Expr a, int n) {
    Matrices.check("matrixPower", a);
    if (n < 0) {
      if (n == Integer.MIN_VALUE) {
        throw new ShapeException("matrixPower: the power must be above -2^31, found " + n);
      }
      return matrixPower(inverse(a), -n);
    }
    Expr result = Matrices.identityLike(a);
    Expr square = a;
    boolean isOne = true;
    for (int rest = n; rest > 0; rest >>= 1) {
      if ((rest & 1) == 1) {
        result = isOne ? square : result.matmul(square);
        isOne = false;
      }
      square = rest > 1 ? square.matmul(square) : square;
    }
    return result;
  }

  /** {@code sqrt(sum of squares)} of each matrix, {@code [..., m, n] -> [...]}; slope 0 at 0. */
  public static Expr frobeniusNorm(Expr a) {
    Matrices.check("frobeniusNorm", a);
    Expr sum = reduceSum(square(a), -2, -1);
    Expr isZero = equal(sum, like(sum, 0));
    return select(isZero, 0, sqrt(select(isZero, 1, sum)));
  }

  /** The greatest singular value of each matrix, {@code [..., m, n] -> [...]}. */
  public static Expr spectralNorm(Expr a) {
    Matrices.check("spectralNorm", a);
    return reduceMax(svdvals(a), -1);
  }

  /** The sum of the singular values of each matrix, {@code [..., m, n] -> [...]}. */
  public static Expr nuclearNorm(Expr a) {
    Matrices.check("nuclearNorm", a);
    return reduceSum(svdvals(a), -1);
  }
}
