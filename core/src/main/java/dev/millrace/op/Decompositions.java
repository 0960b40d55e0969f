package dev.millrace.op;

import dev.millrace.linalg.Exponential;
import dev.millrace.linalg.Orthogonal;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Unification;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Orthogonal decompositions of matrices, and the matrix exponential. */
final class Decompositions {
  private Decompositions() {}

  private static int last(int[] shape, int fromEnd) {
    return shape[shape.length - fromEnd];
  }

  /** A decomposition of matrices with as many rows as columns, or more. */
  interface Tall extends LibraryOp {
    @Override
    default void check(List<Expr> operands, Unification dims) {
      Expr a = operands.getFirst();
      Matrices.check(name(), a);
      Dim more = Matrices.rows(a).minus(Matrices.columns(a));
      if (more.isKnown() && more.value() < 0) {
        throw new ShapeException(
            name() + ": there must be as many rows as columns, or more: " + Messages.describe(a));
      }
    }

    @Override
    default List<Requirement> requirements(List<Type> operands) {
      Shape shape = operands.getFirst().shape();
      return List.of(
          new Requirement(
              shape.dim(-2).minus(shape.dim(-1)),
              Dim.ONE,
              "there must be as many rows as columns, or more"));
    }
  }

  /**
   * Parts Q, [m, n] with orthonormal columns, and the upper R, [n, n], for m >= n. {@code da = (dQ
   * + Q copy(M)) R^-T} with {@code M = R dR' - dQ' Q}, of which copy takes the lower triangle for
   * both: Walter and Lehmann, 2018.
   */
  record Qr() implements Tall {
    @Override
    public String name() {
      return "qr";
    }

    @Override
    public int parts() {
      return 2;
    }

    @Override
    public Type part(int number, List<Expr> operands) {
      Expr a = operands.getFirst();
      Dim n = Matrices.columns(a);
      return number == 0 ? a.type() : new Type(a.dtype(), Matrices.batchOf(a, n, n));
    }

    @Override
    public Routine routine(List<Type> operands) {
      return new Batched((in, out, shapes) ->
          Orthogonal.qr(in[0], last(shapes[0], 2), last(shapes[0], 1), out[0], out[1]));
    }

    @Override
    public List<Optional<Expr>> pullBack(Flow flow) {
      Expr q = flow.part(0);
      Expr r = flow.part(1);
      Expr dq = flow.cotangent(0);
      Expr m = r.matmul(flow.cotangent(1).transpose()).minus(dq.transpose().matmul(q));
      Expr copied = Matrices.lower(m).plus(Matrices.below(m).transpose());
      Expr sum = dq.plus(q.matmul(copied));
      Expr solved = new Systems.Triangular(false, false, false).part(0, r, sum.transpose());
      return List.of(Optional.of(solved.transpose()));
    }
  }

  /**
   * Parts w, the ascending eigenvalues of {@code (a + a') / 2}, and V with its eigenvectors as
   * columns: {@code da = V (diag(dw) + F * (V' dV)) V'} with {@code F[i, j] = 1 / (w[j] - w[i])},
   * taken as 0 for equal eigenvalues.
   */
  record Eigh() implements LibraryOp {
    @Override
    public String name() {
      return "eigh";
    }

    @Override
    public int parts() {
      return 2;
    }

    @Override
    public void check(List<Expr> operands, Unification dims) {
      Matrices.checkSquare("eigh", operands.getFirst(), dims);
    }

    @Override
    public Type part(int number, List<Expr> operands) {
      Expr a = operands.getFirst();
      return number == 1 ? a.type() : new Type(a.dtype(), Matrices.batchOf(a, Matrices.columns(a)));
    }

    @Override
    public Routine routine(List<Type> operands) {
      return new Batched(
          (in, out, shapes) -> Orthogonal.eigh(in[0], last(shapes[0], 1), out[0], out[1]));
    }

    @Override
    public List<Optional<Expr>> pullBack(Flow flow) {
      Expr w = flow.part(0);
      Expr v = flow.part(1);
      var inner = new ArrayList<Expr>();
      flow.cotangents().get(0).ifPresent(dw -> inner.add(onDiagonal(dw, v)));
      flow.cotangents()
          .get(1)
          .ifPresent(dv -> {
            Expr distance = Matrices.byColumn(w).minus(Matrices.byRow(w));
            inner.add(divided(v.transpose().matmul(dv), distance));
          });
      return List.of(
          inner.stream()
              .reduce(Expr::plus)
              .map(sum -> Matrices.symmetric(v.matmul(sum).matmul(v.transpose()))));
    }
  }

  /** A matrix with {@code elements} on its diagonal, of the shape of {@code like}. */
  static Expr onDiagonal(Expr elements, Expr like) {
    return ElementwiseFunctions.select(
        Matrices.diagonal(like), Matrices.byRow(elements).broadcastTo(like.shape()), 0);
  }

  /** {@code x / y}, and 0 where y is 0. */
  private static Expr divided(Expr x, Expr y) {
    Expr isZero = y.equalTo(ElementwiseFunctions.like(y, 0));
    Expr safe = ElementwiseFunctions.select(isZero, 1, y);
    return ElementwiseFunctions.select(isZero, 0, x.dividedBy(safe));
  }

  /**
   * Parts U, [m, n], the descending singular values s, and V, [n, n], for m >= n, with {@code a = U
   * diag(s) V'}. The derivative is that of Townsend, "Differentiating the singular value
   * decomposition", 2016, with 0 for the parts that equal singular values leave open.
   */
  record Svd() implements Tall {
    @Override
    public String name() {
      return "svd";
    }

    @Override
    public int parts() {
      return 3;
    }

    @Override
    public Type part(int number, List<Expr> operands) {
      Expr a = operands.getFirst();
      Dim n = Matrices.columns(a);
      return switch (number) {
        case 0 -> a.type();
        case 1 -> new Type(a.dtype(), Matrices.batchOf(a, n));
        default -> new Type(a.dtype(), Matrices.batchOf(a, n, n));
      };
    }

    @Override
    public Routine routine(List<Type> operands) {
      return new Batched((in, out, shapes) ->
          Orthogonal.svd(in[0], last(shapes[0], 2), last(shapes[0], 1), out[0], out[1], out[2]));
    }

    @Override
    public List<Optional<Expr>> pullBack(Flow flow) {
      Expr u = flow.part(0);
      Expr s = flow.part(1);
      Expr v = flow.part(2);
      var inner = new ArrayList<Expr>();
      flow.cotangents().get(1).ifPresent(ds -> inner.add(onDiagonal(ds, v)));
      Expr squares = s.square();
      Expr distance = Matrices.byColumn(squares).minus(Matrices.byRow(squares));
      var outer = new ArrayList<Expr>();
      flow.cotangents()
          .get(0)
          .ifPresent(du -> {
            Expr j = divided(u.transpose().matmul(du), distance);
            inner.add(j.plus(j.transpose()).times(Matrices.byColumn(s)));
            Expr apart = du.minus(u.matmul(u.transpose().matmul(du)));
            outer.add(divided(apart, Matrices.byColumn(s).broadcastTo(apart.shape())));
          });
      flow.cotangents()
          .get(2)
          .ifPresent(dv -> {
            Expr k = divided(v.transpose().matmul(dv), distance);
            inner.add(k.plus(k.transpose()).times(Matrices.byRow(s)));
          });
      Optional<Expr> within = inner.stream().reduce(Expr::plus).map(u::matmul);
      Optional<Expr> sum = within.map(first -> outer.stream().reduce(first, Expr::plus));
      return List.of(sum.map(all -> all.matmul(v.transpose())));
    }
  }

  /**
   * {@code e^a}. Its derivative is an exponential too: {@code exp([a', dy; 0, a'])} has {@code da}
   * in its upper right block.
   */
  record Exp() implements LibraryOp {
    @Override
    public String name() {
      return "matrixExp";
    }

    @Override
    public void check(List<Expr> operands, Unification dims) {
      Matrices.checkSquare("matrixExp", operands.getFirst(), dims);
    }

    @Override
    public Routine routine(List<Type> operands) {
      return new Batched((in, out, shapes) -> {
        double[] result = Exponential.of(in[0], last(shapes[0], 1));
        System.arraycopy(result, 0, out[0], 0, result.length);
      });
    }

    @Override
    public List<Optional<Expr>> pullBack(Flow flow) {
      Expr a = flow.operand(0).transpose();
      Expr dy = flow.cotangent(0);
      Expr zeros = Flow.zerosLike(a);
      Expr upper = MovementFunctions.concat(-1, a, dy);
      Expr block = MovementFunctions.concat(-2, upper, MovementFunctions.concat(-1, zeros, a));
      Expr result = part(0, block);
      Dim n = Matrices.rows(a);
      Expr rows = MovementFunctions.slice(result, -2, Dim.ZERO, n, 1);
      return List.of(Optional.of(MovementFunctions.slice(rows, -1, n, n, 1)));
    }
  }

  /**
   * The pseudo-inverse P, operand 0, of a, operand 1: Golub and Pereyra, "The differentiation of
   * pseudo-inverses", 1973.
   */
  record Pinv() implements KnownDerivative {
    @Override
    public String name() {
      return "pinv";
    }

    @Override
    public Optional<Expr> vjp(int operand, Call call) {
      if (operand == 0) {
        return Optional.empty();
      }
      Expr a = call.operand(1);
      Expr p = call.result();
      Expr pt = p.transpose();
      Expr dyt = call.cotangent().transpose();
      Expr inside = pt.matmul(call.cotangent()).matmul(pt).negate();
      Expr left = dyt.matmul(p).matmul(pt);
      Expr right = pt.matmul(p).matmul(dyt);
      Expr rows = left.minus(a.matmul(p.matmul(left)));
      Expr columns = right.minus(right.matmul(p).matmul(a));
      return Optional.of(inside.plus(rows).plus(columns));
    }
  }
}
