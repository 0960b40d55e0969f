package dev.millrace.op;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Unification;
import java.util.ArrayList;
import java.util.List;

/** Checks of matrices, and the masks and products that derivatives of factorisations need. */
final class Matrices {
  private Matrices() {}

  /** Checks that x is one matrix or a batch of them, of floating point. */
  static void check(String op, Expr x) {
    if (!x.dtype().isFloating()) {
      throw new DTypeException(
          op
              + ": takes floating point: "
              + Messages.describe(x)
              + "; convert it with cast(x, FLOAT32)");
    }
    if (x.shape().rank() < 2) {
      throw new ShapeException(
          op
              + ": takes a matrix or a batch of them, [..., m, n]: "
              + Messages.describe(x)
              + "; expandDims(x, 1) makes a column of a vector");
    }
  }

  /** Checks that x is one square matrix or a batch of them. */
  static void checkSquare(String op, Expr x, Unification dims) {
    check(op, x);
    if (dims.unify(x.shape().dim(-2), x.shape().dim(-1)).isEmpty()) {
      throw new ShapeException(op + ": the matrix must be square: " + Messages.describe(x));
    }
  }

  /** Checks that {@code a x = b} can be solved for square a, with equal batch dims. */
  static void checkSystem(String op, Expr a, Expr b, Unification dims) {
    checkSquare(op, a, dims);
    check(op, b);
    Broadcast.checkOneType(op, List.of(a, b));
    boolean fits = a.shape().rank() == b.shape().rank();
    for (int axis = 0; fits && axis < a.shape().rank() - 1; axis++) {
      fits = dims.unify(a.shape().dim(axis), b.shape().dim(axis)).isPresent();
    }
    if (!fits) {
      throw new ShapeException(
          op + ": the right side must have as many rows as the matrix: " + Messages.describe(a, b));
    }
  }

  /** The batch dims of x, then {@code dims}. */
  static Shape batchOf(Expr x, Dim... dims) {
    var shape = new ArrayList<>(x.shape().dims().subList(0, x.shape().rank() - 2));
    shape.addAll(List.of(dims));
    return Shape.of(shape);
  }

  static Dim rows(Expr x) {
    return x.shape().dim(-2);
  }

  static Dim columns(Expr x) {
    return x.shape().dim(-1);
  }

  private static Expr rowNumbers(Expr x) {
    return MovementFunctions.expandDims(
        RandomFunctions.iota(x.recorder(), DType.INT64, rows(x)), 1);
  }

  private static Expr columnNumbers(Expr x) {
    return RandomFunctions.iota(x.recorder(), DType.INT64, columns(x));
  }

  /** Where a matrix like x has its diagonal, {@code [m, n]}. */
  static Expr diagonal(Expr x) {
    return ElementwiseFunctions.equal(rowNumbers(x), columnNumbers(x));
  }

  /** The elements below the diagonal; others 0. */
  static Expr below(Expr x) {
    Expr mask = ElementwiseFunctions.greater(rowNumbers(x), columnNumbers(x));
    return ElementwiseFunctions.select(mask, x, 0);
  }

  /** The elements below the diagonal and on it; others 0. */
  static Expr lower(Expr x) {
    Expr mask = ElementwiseFunctions.greaterEqual(rowNumbers(x), columnNumbers(x));
    return ElementwiseFunctions.select(mask, x, 0);
  }

  /** The elements above the diagonal and on it; others 0. */
  static Expr upper(Expr x) {
    Expr mask = ElementwiseFunctions.lessEqual(rowNumbers(x), columnNumbers(x));
    return ElementwiseFunctions.select(mask, x, 0);
  }

  /** The unit matrix for the columns of x, repeated over its batch. */
  static Expr identityLike(Expr x) {
    Expr one = ElementwiseFunctions.cast(diagonal(x), x.dtype());
    return MovementFunctions.broadcastTo(one, x.shape());
  }

  /** {@code (x + x') / 2}. */
  static Expr symmetric(Expr x) {
    return x.plus(x.transpose()).times(0.5);
  }

  /** {@code [..., n]} as columns of factors for the rows of a matrix, {@code [..., n, 1]}. */
  static Expr byRow(Expr x) {
    return MovementFunctions.expandDims(x, -1);
  }

  /** {@code [..., n]} as a row of factors for the columns of a matrix, {@code [..., 1, n]}. */
  static Expr byColumn(Expr x) {
    return MovementFunctions.expandDims(x, -2);
  }

  /** {@code [...]} as a factor of whole matrices, {@code [..., 1, 1]}. */
  static Expr byMatrix(Expr x) {
    return byRow(byRow(x));
  }
}
