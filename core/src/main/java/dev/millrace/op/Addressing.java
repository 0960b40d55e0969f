package dev.millrace.op;

import dev.millrace.kernel.Index;
import dev.millrace.op.Definition.Coordinate;
import dev.millrace.op.Definition.Looked;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Unification;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which elements of a tensor an operand of indices picks out: what {@link Gather} reads and {@link
 * Scatter} writes. The indices are operand number 1 of both.
 */
sealed interface Addressing {
  /** Name of the op that reads. */
  String reading();

  /** Name of the op that writes, without what it does to the elements. */
  String writing();

  /**
   * The shape of what is picked out of {@code x}.
   *
   * @throws ShapeException if the shapes do not fit each other
   */
  Shape part(String op, Expr x, Expr indices, Unification dims);

  /** Where in a tensor of shape {@code x} an element of the part is. */
  List<Coordinate> coordinates(Shape x, Shape indices);

  /** Checks that indices are whole numbers. */
  static void checkIndices(String op, Expr indices) {
    if (indices.dtype() != DType.INT32 && indices.dtype() != DType.INT64) {
      throw new DTypeException(
          op + ": indices must be int32 or int64: " + Messages.describe(indices));
    }
  }

  /** Makes a dim of the indices the same as one of x. */
  private static void agree(
      String op, Expr x, Expr indices, int axis, int indexAxis, Unification dims) {
    Dim theirs = indices.shape().dim(indexAxis);
    if (dims.unify(x.shape().dim(axis), theirs).isEmpty()) {
      throw new ShapeException(
          op
              + ": dim "
              + indexAxis
              + " of the indices must be "
              + x.shape().dim(axis)
              + ": "
              + Messages.describe(x, indices));
    }
  }

  private static List<Index> variables(int from, int to) {
    return Axes.identity(to).subList(from, to);
  }

  private static List<Coordinate> same(int from, int to) {
    return variables(from, to).stream().map(Coordinate::of).toList();
  }

  /**
   * {@code part[a..., j..., b...] = x[a..., indices[j...], b...]}: slices along {@code axis}. The
   * first {@code batch} dims of the indices are those of x, and each batch has indices of its own.
   */
  record Slices(int axis, int batch) implements Addressing {
    @Override
    public String reading() {
      return "gather";
    }

    @Override
    public String writing() {
      return "scatter";
    }

    @Override
    public Shape part(String op, Expr x, Expr indices, Unification dims) {
      for (int i = 0; i < batch; i++) {
        agree(op, x, indices, i, i, dims);
      }
      List<Dim> from = x.shape().dims();
      List<Dim> picked = indices.shape().dims();
      var shape = new ArrayList<>(from.subList(0, axis));
      shape.addAll(picked.subList(batch, picked.size()));
      shape.addAll(from.subList(axis + 1, from.size()));
      return Shape.of(shape);
    }

    @Override
    public List<Coordinate> coordinates(Shape x, Shape indices) {
      int after = axis + indices.rank() - batch;
      var at = new ArrayList<>(variables(0, batch));
      at.addAll(variables(axis, after));
      var coordinates = new ArrayList<>(same(0, axis));
      coordinates.add(Coordinate.of(new Looked(1, at, x.dim(axis))));
      coordinates.addAll(same(after, after + x.rank() - axis - 1));
      return coordinates;
    }
  }

  /** {@code part[a, j, b] = x[a, indices[a, j, b], b]}: single elements along {@code axis}. */
  record Elements(int axis) implements Addressing {
    @Override
    public String reading() {
      return "takeAlongAxis";
    }

    @Override
    public String writing() {
      return "scatterElements";
    }

    @Override
    public Shape part(String op, Expr x, Expr indices, Unification dims) {
      if (x.shape().rank() != indices.shape().rank()) {
        throw new ShapeException(
            op + ": indices need one dim for each of x: " + Messages.describe(x, indices));
      }
      for (int i = 0; i < x.shape().rank(); i++) {
        if (i != axis) {
          agree(op, x, indices, i, i, dims);
        }
      }
      return indices.shape();
    }

    @Override
    public List<Coordinate> coordinates(Shape x, Shape indices) {
      var coordinates = new ArrayList<>(same(0, x.rank()));
      coordinates.set(axis, Coordinate.of(new Looked(1, Axes.identity(x.rank()), x.dim(axis))));
      return coordinates;
    }
  }

  /**
   * {@code part[a..., j..., b...] = x[a..., indices[a..., j..., 0], indices[a..., j..., 1], ...,
   * b...]}: the last axis of the indices holds positions of as many axes of x, behind {@code batch}
   * dims that both have.
   */
  record Tuples(int batch) implements Addressing {
    @Override
    public String reading() {
      return "gatherNd";
    }

    @Override
    public String writing() {
      return "scatterNd";
    }

    @Override
    public Shape part(String op, Expr x, Expr indices, Unification dims) {
      int rank = indices.shape().rank();
      boolean known = rank > batch && indices.shape().dim(-1).isKnown();
      if (!known || batch + indices.shape().dim(-1).value() > x.shape().rank()) {
        throw new ShapeException(
            op
                + ": the last dim of the indices is the number of axes that they point into, at"
                + " most "
                + (x.shape().rank() - batch)
                + ": "
                + Messages.describe(x, indices));
      }
      for (int i = 0; i < batch; i++) {
        agree(op, x, indices, i, i, dims);
      }
      int depth = (int) indices.shape().dim(-1).value();
      var shape = new ArrayList<>(indices.shape().dims().subList(0, rank - 1));
      shape.addAll(x.shape().dims().subList(batch + depth, x.shape().rank()));
      return Shape.of(shape);
    }

    @Override
    public List<Coordinate> coordinates(Shape x, Shape indices) {
      int tuples = indices.rank() - 1;
      int depth = (int) indices.dim(-1).value();
      var coordinates = new ArrayList<>(same(0, batch));
      for (int i = 0; i < depth; i++) {
        var at = new ArrayList<>(variables(0, tuples));
        at.add(Index.of(Dim.of(i)));
        coordinates.add(Coordinate.of(new Looked(1, at, x.dim(batch + i))));
      }
      coordinates.addAll(same(tuples, tuples + x.rank() - batch - depth));
      return coordinates;
    }
  }

  /**
   * {@code part[i...] = x[indices[0] + i0, indices[1] + i1, ...]}: a block of these sizes, which
   * has to lie inside of x.
   */
  record Block(List<Dim> sizes) implements Addressing {
    public Block {
      sizes = List.copyOf(sizes);
    }

    @Override
    public String reading() {
      return "dynamicSlice";
    }

    @Override
    public String writing() {
      return "dynamicUpdateSlice";
    }

    @Override
    public Shape part(String op, Expr x, Expr indices, Unification dims) {
      int rank = x.shape().rank();
      boolean fits =
          sizes.size() == rank
              && indices.shape().rank() == 1
              && dims.unify(indices.shape().dim(0), Dim.of(rank)).isPresent();
      if (!fits) {
        throw new ShapeException(
            op
                + ": one position and one size for each of "
                + rank
                + " axes, found sizes "
                + sizes
                + ": "
                + Messages.describe(x, indices));
      }
      for (int axis = 0; axis < rank; axis++) {
        Dim room = x.shape().dim(axis).minus(sizes.get(axis));
        if (room.isKnown() && room.value() < 0) {
          throw new ShapeException(
              op
                  + ": a block of "
                  + sizes
                  + " does not fit along axis "
                  + axis
                  + ": "
                  + Messages.describe(x));
        }
      }
      return Shape.of(sizes);
    }

    @Override
    public List<Coordinate> coordinates(Shape x, Shape indices) {
      var coordinates = new ArrayList<Coordinate>();
      for (int axis = 0; axis < x.rank(); axis++) {
        Dim places = x.dim(axis).minus(sizes.get(axis)).plus(1);
        var looked = new Looked(1, List.of(Index.of(Dim.of(axis))), places);
        coordinates.add(new Coordinate(Index.ofVariable(axis), Optional.of(looked)));
      }
      return coordinates;
    }
  }
}
