package dev.millrace.op;

import dev.millrace.linalg.Factorizations;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Unification;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Factors of square matrices that solve systems of equations, and the solving. */
final class Systems {
  private Systems() {}

  /**
   * The lower L with {@code L L' = (a + a') / 2}. With P the lower triangle of {@code L' dL}, its
   * diagonal halved, da is the symmetric part of {@code L^-T P L^-1}: Murray, "Differentiation of
   * the Cholesky decomposition", 2016.
   */
  record Cholesky() implements LibraryOp {
    @Override
    public String name() {
      return "cholesky";
    }

    @Override
    public void check(List<Expr> operands, Unification dims) {
      Matrices.checkSquare("cholesky", operands.getFirst(), dims);
    }

    @Override
    public Routine routine(List<Type> operands) {
      return new Batched((in, out, shapes) -> {
        double[] factor = Factorizations.cholesky(in[0], shapes[0][shapes[0].length - 1]);
        System.arraycopy(factor, 0, out[0], 0, factor.length);
      });
    }

    @Override
    public List<Optional<Expr>> pullBack(Flow flow) {
      Expr l = flow.part(0);
      Expr product = l.transpose().matmul(flow.cotangent(0));
      Expr half =
          ElementwiseFunctions.select(Matrices.diagonal(product), product.times(0.5), product);
      var solve = new Triangular(true, true, false);
      Expr left = solve.part(0, l, Matrices.lower(half));
      Expr both = solve.part(0, l, left.transpose());
      return List.of(Optional.of(Matrices.symmetric(both)));
    }
  }

  /** The x of {@code a x = b}, or of {@code a' x = b}, for operands a and b. */
  interface Solution extends LibraryOp {
    boolean transposed();

    @Override
    default void check(List<Expr> operands, Unification dims) {
      Matrices.checkSystem(name(), operands.get(0), operands.get(1), dims);
    }

    @Override
    default Type part(int number, List<Expr> operands) {
      return operands.get(1).type();
    }

    /** {@code db x'}, the negative cotangent of a; its transpose if a was transposed. */
    default Expr cotangent(Expr x, Expr db) {
      return transposed() ? x.matmul(db.transpose()) : db.matmul(x.transpose());
    }
  }

  /**
   * The x of {@code t x = b}, or of {@code t' x = b}, where t is a triangle of a: db = t^-T dx, da
   * = -db x'.
   *
   * @param unit whether the diagonal counts as 1
   */
  record Triangular(boolean lower, boolean transposed, boolean unit) implements Solution {
    @Override
    public String name() {
      return "triangularSolve";
    }

    @Override
    public Routine routine(List<Type> operands) {
      return new Batched((in, out, shapes) -> {
        System.arraycopy(in[1], 0, out[0], 0, in[1].length);
        int n = shapes[0][shapes[0].length - 1];
        int columns = shapes[1][shapes[1].length - 1];
        Factorizations.solveTriangular(in[0], n, lower, transposed, unit, out[0], columns);
      });
    }

    @Override
    public List<Optional<Expr>> pullBack(Flow flow) {
      Expr a = flow.operand(0);
      Expr db = new Triangular(lower, !transposed, unit).part(0, a, flow.cotangent(0));
      Expr da = cotangent(flow.part(0), db);
      Expr triangle = lower ? Matrices.lower(da) : Matrices.upper(da);
      if (unit) {
        triangle = ElementwiseFunctions.select(Matrices.diagonal(da).not(), triangle, 0);
      }
      return List.of(Optional.of(triangle.negate()), Optional.of(db));
    }
  }

  /** The x of {@code a x = b}, or of {@code a' x = b}: db = a^-T dx, da = -db x'. */
  record Solve(boolean transposed) implements Solution {
    @Override
    public String name() {
      return "solve";
    }

    @Override
    public Routine routine(List<Type> operands) {
      return new Batched((in, out, shapes) -> {
        var factors = new Factorizations.Lu(in[0], shapes[0][shapes[0].length - 1]);
        int columns = shapes[1][shapes[1].length - 1];
        double[] x = factors.solve(in[1], columns, transposed);
        System.arraycopy(x, 0, out[0], 0, x.length);
      });
    }

    @Override
    public List<Optional<Expr>> pullBack(Flow flow) {
      Expr db = new Solve(!transposed).part(0, flow.operand(0), flow.cotangent(0));
      Expr da = cotangent(flow.part(0), db);
      return List.of(Optional.of(da.negate()), Optional.of(db));
    }
  }

  /**
   * Parts L, with 1 on its diagonal, U and the int64 numbers p of rows, with {@code a[p] = L U}.
   * {@code da[p] = L^-T (below(L' dL) + upper(dU U')) U^-T}.
   */
  record Lu() implements LibraryOp {
    @Override
    public String name() {
      return "lu";
    }

    @Override
    public int parts() {
      return 3;
    }

    @Override
    public void check(List<Expr> operands, Unification dims) {
      Matrices.checkSquare("lu", operands.getFirst(), dims);
    }

    @Override
    public Type part(int number, List<Expr> operands) {
      Expr a = operands.getFirst();
      return number < 2 ? a.type() : new Type(DType.INT64, Matrices.batchOf(a, Matrices.rows(a)));
    }

    @Override
    public Routine routine(List<Type> operands) {
      return new Batched((in, out, shapes) -> {
        int n = shapes[0][shapes[0].length - 1];
        var factors = new Factorizations.Lu(in[0], n);
        for (int i = 0; i < n; i++) {
          out[2][i] = factors.row(i);
          for (int j = 0; j < n; j++) {
            out[i > j ? 0 : 1][i * n + j] = factors.factor(i, j);
          }
          out[0][i * n + i] = 1;
        }
      });
    }

    @Override
    public List<Optional<Expr>> pullBack(Flow flow) {
      Expr l = flow.part(0);
      Expr u = flow.part(1);
      Expr left = Matrices.below(l.transpose().matmul(flow.cotangent(0)));
      Expr right = Matrices.upper(flow.cotangent(1).matmul(u.transpose()));
      Expr inner = new Triangular(true, true, true).part(0, l, left.plus(right));
      Expr outer = new Triangular(false, false, false).part(0, u, inner.transpose()).transpose();
      Expr moved = permutation(flow.part(2), l).transpose().matmul(outer);
      return List.of(Optional.of(moved));
    }

    /** The matrix P with {@code (P x)[i] = x[rows[i]]}. */
    private static Expr permutation(Expr rows, Expr like) {
      Expr columns = RandomFunctions.iota(rows.recorder(), DType.INT64, Matrices.columns(like));
      return ElementwiseFunctions.equal(Matrices.byRow(rows), columns).cast(like.dtype());
    }
  }

  /**
   * Parts det a, its sign, and log |det a|: {@code d(log |det a|) = a^-T}, {@code d(det a) = det a
   * a^-T}.
   */
  record Determinant(String name) implements LibraryOp {
    @Override
    public int parts() {
      return 3;
    }

    @Override
    public void check(List<Expr> operands, Unification dims) {
      Matrices.checkSquare(name, operands.getFirst(), dims);
    }

    @Override
    public Type part(int number, List<Expr> operands) {
      Expr a = operands.getFirst();
      return new Type(a.dtype(), Matrices.batchOf(a));
    }

    @Override
    public Routine routine(List<Type> operands) {
      return new Batched((in, out, shapes) -> {
        var factors = new Factorizations.Lu(in[0], shapes[0][shapes[0].length - 1]);
        out[0][0] = factors.determinant();
        out[1][0] = factors.sign();
        out[2][0] = factors.logAbsDeterminant();
      });
    }

    @Override
    public List<Optional<Expr>> pullBack(Flow flow) {
      List<Expr> factors = new ArrayList<>();
      flow.cotangents().get(0).ifPresent(dy -> factors.add(dy.times(flow.part(0))));
      flow.cotangents().get(2).ifPresent(factors::add);
      Optional<Expr> factor = factors.stream().reduce(Expr::plus);
      return List.of(
          factor.map(dy -> {
            Expr a = flow.operand(0);
            Expr inverse = new Solve(true).part(0, a, Matrices.identityLike(a));
            return inverse.times(Matrices.byMatrix(dy));
          }));
    }
  }
}
