package dev.millrace.op;

import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Sums of products: everything that becomes a matrix product. */
public class ProductFunctions extends PatternFunctions {
  ProductFunctions() {}

  /**
   * Sum of products by Einstein's notation: {@code einsum("bij,bjk->bik", a, b)} is a batch of
   * matrix products. An index is a letter; one that the result does not have is summed over; one
   * that an operand has twice is its diagonal; {@code ...} stands for further dims, which are
   * broadcast. Without {@code ->} the result has the indices that occur once, in alphabetical
   * order, behind {@code ...}. Operands are multiplied from left to right.
   *
   * @throws ShapeException if the equation does not fit the operands
   */
  public static Expr einsum(String equation, Expr... operands) {
    if (operands.length == 0) {
      throw new ShapeException("einsum: takes one operand or more, found none");
    }
    return operands[0]
        .recorder()
        .atomically(() -> new Einsum(equation, List.of(operands)).result());
  }

  /** Sum over the last {@code axes} dims of a and the first ones of b. */
  public static Expr tensordot(Expr a, Expr b, int axes) {
    int most = Math.min(a.shape().rank(), b.shape().rank());
    if (axes < 0 || axes > most) {
      throw new ShapeException(
          "tensordot: the number of axes must be from 0 to "
              + most
              + ", found "
              + axes
              + ": "
              + Messages.describe(a, b));
    }
    int[] left = new int[axes];
    int[] right = new int[axes];
    for (int i = 0; i < axes; i++) {
      left[i] = a.shape().rank() - axes + i;
      right[i] = i;
    }
    return tensordot(a, b, left, right);
  }

  /** Sum over {@code axesA[i]} of a and {@code axesB[i]} of b; a's other dims, then b's. */
  public static Expr tensordot(Expr a, Expr b, int[] axesA, int[] axesB) {
    if (axesA.length != axesB.length) {
      throw new ShapeException(
          "tensordot: as many axes of one as of the other, found "
              + axesA.length
              + " and "
              + axesB.length
              + ": "
              + Messages.describe(a, b));
    }
    int[] left = Einsum.labels(a.shape().rank(), 0);
    int[] right = Einsum.labels(b.shape().rank(), a.shape().rank());
    if (axesA.length > 0) {
      Axes.check("tensordot", a, axesA);
      Axes.check("tensordot", b, axesB);
    }
    var summed = new ArrayList<Integer>();
    for (int i = 0; i < axesA.length; i++) {
      int label = left[Axes.check("tensordot", a, axesA[i])];
      right[Axes.check("tensordot", b, axesB[i])] = label;
      summed.add(label);
    }
    var kept = new ArrayList<Integer>();
    for (int[] labels : List.of(left, right)) {
      for (int label : labels) {
        if (!summed.contains(label)) {
          kept.add(label);
        }
      }
    }
    return a.recorder()
        .atomically(() ->
            Einsum.product("tensordot", new Einsum.Term(a, left), new Einsum.Term(b, right), kept)
                .value());
  }

  /** All products of an element of a and one of b, {@code [a...] x [b...] -> [a..., b...]}. */
  public static Expr outer(Expr a, Expr b) {
    Broadcast.checkOneType("outer", List.of(a, b));
    int behind = b.shape().rank();
    List<Integer> axes = IntStream.range(0, behind).mapToObj(i -> a.shape().rank() + i).toList();
    return expandDims(a, axes).times(b);
  }

  /** Sum over the last axis of both, {@code [a..., n] x [b..., n] -> [a..., b...]}. */
  public static Expr inner(Expr a, Expr b) {
    return a.shape().rank() == 0 || b.shape().rank() == 0
        ? a.times(b)
        : tensordot(a, b, new int[] {-1}, new int[] {-1});
  }

  /** Sum of products of two vectors, {@code [n] x [n] -> []}. */
  public static Expr dot(Expr a, Expr b) {
    checkRank("dot", a, 1);
    checkRank("dot", b, 1);
    return matmul(a, b);
  }

  /**
   * Products of matrices and vectors, {@code [batch..., m, k] x [batch..., k] -> [batch..., m]}.
   */
  public static Expr matrixVector(Expr a, Expr x) {
    if (a.shape().rank() < 2 || x.shape().rank() < 1) {
      throw new ShapeException(
          "matrixVector: takes a matrix and a vector: " + Messages.describe(a, x));
    }
    return squeeze(matmul(a, expandDims(x, -1)), -1);
  }

  private static void checkRank(String op, Expr x, int rank) {
    if (x.shape().rank() != rank) {
      throw new ShapeException(
          op + ": takes operands of " + rank + " dims: " + Messages.describe(x));
    }
  }

  /**
   * {@code alpha * a b + beta * c} of matrices, a and b transposed first if asked for, c broadcast.
   */
  public static Expr gemm(
      Expr a, Expr b, Expr c, double alpha, double beta, boolean transposeA, boolean transposeB) {
    checkRank("gemm", a, 2);
    checkRank("gemm", b, 2);
    Expr product = matmul(transposeA ? transpose(a) : a, transposeB ? transpose(b) : b);
    Expr scaled = alpha == 1 ? product : product.times(alpha);
    return beta == 0 ? scaled : scaled.plus(beta == 1 ? c : c.times(beta));
  }

  /**
   * Kronecker product: each element of a times all of b, {@code [m, n] x [p, q] -> [m * p, n * q]};
   * of any rank, with dims of 1 put in front of the shorter shape.
   */
  public static Expr kron(Expr a, Expr b) {
    if (!a.dtype().isNumeric()) {
      throw new DTypeException("kron: takes numbers: " + Messages.describe(a));
    }
    int rank = Math.max(a.shape().rank(), b.shape().rank());
    Expr left = spread(a, rank, 1);
    Expr right = spread(b, rank, 0);
    var dims = new ArrayList<Dim>();
    for (int axis = 0; axis < rank; axis++) {
      dims.add(left.shape().dim(2 * axis).times(right.shape().dim(2 * axis + 1)));
    }
    return reshape(left.times(right), Shape.of(dims));
  }

  /** Each dim as a pair, with a 1 as its second or first part. */
  private static Expr spread(Expr x, int rank, int one) {
    var dims = new ArrayList<Dim>();
    for (int axis = 0; axis < rank; axis++) {
      int own = axis - (rank - x.shape().rank());
      Dim dim = own < 0 ? Dim.ONE : x.shape().dim(own);
      dims.add(one == 0 ? Dim.ONE : dim);
      dims.add(one == 0 ? dim : Dim.ONE);
    }
    return reshape(x, Shape.of(dims));
  }
}
