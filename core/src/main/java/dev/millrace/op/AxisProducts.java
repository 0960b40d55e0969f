package dev.millrace.op;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Linear maps along one axis of a value, as products with matrices that are known beforehand. */
final class AxisProducts {
  private AxisProducts() {}

  /** Which element counts how much in the element of a result. */
  @FunctionalInterface
  interface Rows {
    /** Adds the weights of element {@code to} of the result to {@code row}. */
    void fill(long to, double[] row);
  }

  /** {@code [to, from]}, row by row. */
  static Tensor matrix(DType dtype, long to, long from, Rows rows) {
    int width = Math.toIntExact(from);
    var elements = new double[Math.multiplyExact(Math.toIntExact(to), width)];
    var row = new double[width];
    for (int i = 0; i < to; i++) {
      Arrays.fill(row, 0);
      rows.fill(i, row);
      System.arraycopy(row, 0, elements, i * width, width);
    }
    Tensor matrix = Tensor.of(Shape.of(to, from), elements);
    return dtype == DType.FLOAT32 ? Tensor.of(Shape.of(to, from), matrix.toFloatArray()) : matrix;
  }

  /** {@code result[a..., i, b...] = sum over j of matrix[i, j] x[a..., j, b...]}. */
  static Expr along(Expr x, int axis, Tensor matrix) {
    Expr weights = x.recorder().constant(matrix).cast(x.dtype());
    Shape shape = x.shape();
    if (axis == shape.rank() - 1) {
      return MovementFunctions.matmul(x, MovementFunctions.transpose(weights));
    }
    Dim before = product(shape.dims().subList(0, axis));
    Dim after = product(shape.dims().subList(axis + 1, shape.rank()));
    Expr flat = MovementFunctions.reshape(x, Shape.of(before, shape.dim(axis), after));
    Expr y = MovementFunctions.matmul(weights, flat);
    return MovementFunctions.reshape(y, shape.with(axis, matrix.shape().dim(0)));
  }

  private static Dim product(List<Dim> dims) {
    return dims.stream().reduce(Dim.ONE, Dim::times);
  }

  /**
   * The size of an axis.
   *
   * @throws ShapeException if it is not known
   */
  static long known(String op, Expr x, int axis) {
    Dim size = x.shape().dim(axis);
    if (!size.isKnown()) {
      throw new ShapeException(
          op
              + ": the size of axis "
              + axis
              + " must be known: "
              + Messages.describe(x)
              + "; give the placeholder its size");
    }
    return size.value();
  }
}
