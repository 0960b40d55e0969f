package dev.millrace.op;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import java.util.ArrayList;
import java.util.List;

/** Functions of diagonals, triangles, grids and windows. */
public class PatternFunctions extends ArrangementFunctions {
  PatternFunctions() {}

  /** A matrix with x on its diagonal and 0 elsewhere, {@code [..., n] -> [..., n, n]}. */
  public static Expr diag(Expr x) {
    return diag(x, 0);
  }

  /**
   * A matrix with x on the diagonal {@code offset} places above the main one (below it where
   * negative) and 0 elsewhere, {@code [..., n] -> [..., n + |offset|, n + |offset|]}.
   */
  public static Expr diag(Expr x, long offset) {
    int rank = x.shape().rank();
    if (rank == 0) {
      throw new ShapeException("diag: a scalar has no axis: " + Messages.describe(x));
    }
    var dims = new ArrayList<>(x.shape().dims());
    Dim size = dims.get(rank - 1).plus(Math.abs(offset));
    dims.set(rank - 1, size);
    dims.add(size);
    Op place = new Diagonal.OnDiagonal(new Diagonal(rank - 1, rank, offset), Shape.of(dims));
    return x.recorder().apply(place, List.of(x));
  }

  /** The main diagonal of the first two axes, as the last axis: {@code [n, n] -> [n]}. */
  public static Expr diagonal(Expr x) {
    return diagonal(x, 0, 0, 1);
  }

  /**
   * Elements {@code [.., i, .., i + offset, ..]} of two axes, as a new last axis; without a copy.
   *
   * @throws ShapeException if the axes are the same, or their dims are neither known nor equal
   */
  public static Expr diagonal(Expr x, long offset, int first, int second) {
    List<Integer> axes = Axes.check("diagonal", x, first, second);
    boolean swapped = Axes.check("diagonal", x, first) > Axes.check("diagonal", x, second);
    Op diagonal = new Diagonal(axes.get(0), axes.get(1), swapped ? -offset : offset);
    return x.recorder().apply(diagonal, List.of(x));
  }

  /** Sum of the main diagonal of the last two axes, {@code [..., n, n] -> [...]}. */
  public static Expr trace(Expr x) {
    return trace(x, 0);
  }

  /** Sum of the diagonal {@code offset} places above the main one. */
  public static Expr trace(Expr x, long offset) {
    return reduceSum(diagonal(x, offset, -2, -1), -1);
  }

  /** The lower triangle of the last two axes: 0 above the diagonal. */
  public static Expr tril(Expr x) {
    return tril(x, 0);
  }

  /** 0 above the diagonal that is {@code offset} places above the main one. */
  public static Expr tril(Expr x, long offset) {
    return keep("tril", x, (rows, columns) -> lessEqual(columns, rows.plus((double) offset)));
  }

  /** The upper triangle of the last two axes: 0 below the diagonal. */
  public static Expr triu(Expr x) {
    return triu(x, 0);
  }

  /** 0 below the diagonal that is {@code offset} places above the main one. */
  public static Expr triu(Expr x, long offset) {
    return keep("triu", x, (rows, columns) -> greaterEqual(columns, rows.plus((double) offset)));
  }

  @FunctionalInterface
  private interface Pattern {
    Expr of(Expr rows, Expr columns);
  }

  private static Expr keep(String op, Expr x, Pattern pattern) {
    if (x.shape().rank() < 2) {
      throw new ShapeException(op + ": takes two dims or more: " + Messages.describe(x));
    }
    Recorder graph = x.recorder();
    Expr rows = expandDims(count(graph, x.shape().dim(-2)), 1);
    Expr kept = pattern.of(rows, count(graph, x.shape().dim(-1)));
    return x.dtype() == DType.BOOL ? and(kept, x) : select(kept, x, 0);
  }

  private static Expr count(Recorder graph, Dim size) {
    return RandomFunctions.iota(graph, DType.INT64, size);
  }

  /** The matrix with 1 on its diagonal. */
  public static Expr eye(Recorder graph, DType dtype, long size) {
    return eye(graph, dtype, Dim.of(size), Dim.of(size), 0);
  }

  /** {@code rows} and {@code columns}, with 1 on the diagonal {@code offset} places up. */
  public static Expr eye(Recorder graph, DType dtype, Dim rows, Dim columns, long offset) {
    Expr row = expandDims(count(graph, rows), 1);
    return equal(row.plus((double) offset), count(graph, columns)).cast(dtype);
  }

  /** {@code start, start + step, ...} up to before {@code end}. */
  public static Expr range(Recorder graph, DType dtype, double start, double end, double step) {
    double size = Math.ceil((end - start) / step);
    if (step == 0 || !(Math.abs(size) <= Integer.MAX_VALUE)) {
      throw new MillraceException(
          "range: needs finite numbers, a step other than 0 and at most 2^31-1 elements, found "
              + start
              + ", "
              + end
              + " and "
              + step);
    }
    Dim count = Dim.of((long) Math.max(0, size));
    return RandomFunctions.iota(graph, dtype, count).times(step).plus(start);
  }

  /**
   * {@code count} numbers at equal distances, from {@code start} to {@code end}, both included;
   * floating point.
   */
  public static Expr linspace(Recorder graph, DType dtype, double start, double end, long count) {
    if (count < 0 || !dtype.isFloating() || !Double.isFinite(end - start)) {
      throw new MillraceException(
          "linspace: needs finite numbers, a count from 0 and a floating-point type, found "
              + start
              + ", "
              + end
              + ", "
              + count
              + " and "
              + dtype);
    }
    Expr place = RandomFunctions.iota(graph, dtype, Dim.of(count));
    Expr forth = place.times((end - start) / Math.max(1, count - 1)).plus(start);
    // The last one is the end itself, whatever the step was rounded to.
    return count < 2 ? forth : select(place.equalTo(like(place, count - 1.0)), end, forth);
  }

  /**
   * Vectors as the axes of a grid: result i has the shape of the whole grid and differs along axis
   * i only, as in {@code meshgrid(x, y)} with indexing "ij".
   */
  public static List<Expr> meshgrid(Expr... vectors) {
    var dims = new ArrayList<Dim>();
    for (Expr vector : vectors) {
      if (vector.shape().rank() != 1) {
        throw new ShapeException("meshgrid: takes vectors: " + Messages.describe(vector));
      }
      dims.add(vector.shape().dim(0));
    }
    var grids = new ArrayList<Expr>();
    for (int axis = 0; axis < vectors.length; axis++) {
      var shape = new ArrayList<Dim>();
      for (int other = 0; other < vectors.length; other++) {
        shape.add(other == axis ? dims.get(axis) : Dim.ONE);
      }
      grids.add(broadcastTo(reshape(vectors[axis], Shape.of(shape)), Shape.of(dims)));
    }
    return List.copyOf(grids);
  }

  /**
   * All windows of {@code size} neighbours: {@code [.., n, ..] -> [.., n - size + 1, size, ..]}.
   */
  public static Expr slidingWindow(Expr x, int axis, long size) {
    return slidingWindow(x, axis, size, 1, 1);
  }

  /**
   * Windows of {@code size} elements, {@code dilation} apart, at every {@code stride}-th place of
   * an axis: {@code [.., n, ..] -> [.., places, size, ..]}. Without a copy.
   */
  public static Expr slidingWindow(Expr x, int axis, long size, long stride, long dilation) {
    return x.recorder()
        .apply(windows("slidingWindow", x, axis, size, stride, dilation), List.of(x));
  }

  private static Windows windows(
      String op, Expr x, int axis, long size, long stride, long dilation) {
    if (size < 1 || stride < 1 || dilation < 1) {
      throw new ShapeException(
          op
              + ": size, stride and dilation must be 1 or more, found "
              + List.of(size, stride, dilation)
              + ": "
              + Messages.describe(x));
    }
    return new Windows(Axes.check(op, x, axis), size, stride, dilation);
  }

  /**
   * What windows see, as columns: {@code [batch, channels, height, width] -> [batch, channels *
   * kernel[0] * kernel[1], places]}. Each array has a number for the height and one for the width;
   * {@code padding} zeros are put on both sides.
   */
  public static Expr im2col(
      Expr x, long[] kernel, long[] strides, long[] dilations, long[] padding) {
    checkPlane("im2col", x, 4, kernel, strides, dilations, padding);
    long[] around = {0, 0, padding[0], padding[1]};
    Expr rows = slidingWindow(pad(x, around, around, 0), 2, kernel[0], strides[0], dilations[0]);
    Expr seen = slidingWindow(rows, 4, kernel[1], strides[1], dilations[1]);
    List<Dim> dims = seen.shape().dims();
    Dim column = dims.get(1).times(kernel[0]).times(kernel[1]);
    Dim places = dims.get(2).times(dims.get(4));
    return reshape(transpose(seen, 0, 1, 3, 5, 2, 4), Shape.of(dims.get(0), column, places));
  }

  /**
   * Columns added up where {@link #im2col} takes them from: its derivative, {@code [batch, channels
   * * kernel[0] * kernel[1], places] -> [batch, channels, size[0], size[1]]}.
   */
  public static Expr col2im(
      Expr x, long[] size, long[] kernel, long[] strides, long[] dilations, long[] padding) {
    checkPlane("col2im", x, 3, size, kernel, strides, dilations, padding);
    Dim batch = x.shape().dim(0);
    Dim channels =
        x.shape()
            .dim(1)
            .dividedBy(Dim.of(kernel[0] * kernel[1]))
            .orElseThrow(() ->
                new ShapeException(
                    "col2im: dim 1 must be a multiple of the elements of the window: "
                        + Messages.describe(x)));
    Dim height = Dim.of(size[0] + 2 * padding[0]);
    Dim width = Dim.of(size[1] + 2 * padding[1]);
    Windows down = windows("col2im", x, 2, kernel[0], strides[0], dilations[0]);
    Windows across = new Windows(4, kernel[1], strides[1], dilations[1]);
    Dim rows = places(height, down);
    Dim columns = places(width, across);
    Dim tall = Dim.of(kernel[0]);
    Dim wide = Dim.of(kernel[1]);
    Expr apart = reshape(x, Shape.of(batch, channels, tall, wide, rows, columns));
    Expr seen = transpose(apart, 0, 1, 4, 2, 5, 3);
    Expr lines = added(seen, Shape.of(batch, channels, rows, tall, width), across);
    Expr whole = added(lines, Shape.of(batch, channels, height, width), down);
    long[] around = {0, 0, -padding[0], -padding[1]};
    return cropped(whole, around, around);
  }

  private static Dim places(Dim extent, Windows windows) {
    long reach = (windows.size() - 1) * windows.dilation() + 1;
    return extent.plus(-reach).floorDividedBy(windows.stride()).plus(1);
  }

  private static Expr added(Expr seen, Shape shape, Windows windows) {
    Expr zeros = Scatter.filled(seen, shape, 0);
    return seen.recorder().apply(new Windows.OverlapAdd(windows), List.of(zeros, seen));
  }

  private static void checkPlane(String op, Expr x, int rank, long[]... pairs) {
    boolean fits = x.shape().rank() == rank;
    for (long[] pair : pairs) {
      fits &= pair.length == 2 && pair[0] >= 0 && pair[1] >= 0;
    }
    if (!fits) {
      throw new ShapeException(
          op
              + ": takes "
              + rank
              + " dims, and two numbers from 0 for each attribute: "
              + Messages.describe(x));
    }
  }
}
