package dev.millrace.op;

import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Functions that read and write where indices say. Indices are int32 or int64 and count from the
 * end where negative; one outside of {@code [-size, size)} ends the run with an {@code
 * IndexException} that names the op, the index and its limits.
 */
public class IndexingFunctions extends ReductionFunctions {
  IndexingFunctions() {}

  /**
   * Slices of x along {@code axis} at {@code indices}: {@code result[a..., j..., b...] = x[a...,
   * indices[j...], b...]}.
   */
  public static Expr gather(Expr x, Expr indices, int axis) {
    return gather(x, indices, axis, 0);
  }

  /**
   * As {@link #gather(Expr, Expr, int)}, where the first {@code batchDims} dims of x and of the
   * indices are one: each batch has indices of its own.
   */
  public static Expr gather(Expr x, Expr indices, int axis, int batchDims) {
    int along = Axes.check("gather", x, axis);
    checkBatch("gather", x, indices, batchDims, along);
    return apply(new Gather(new Addressing.Slices(along, batchDims)), x, indices);
  }

  private static void checkBatch(String op, Expr x, Expr indices, int batchDims, int most) {
    if (batchDims < 0 || batchDims > Math.min(most, indices.shape().rank())) {
      throw new ShapeException(
          op
              + ": batchDims must be from 0 to the dims of the indices and at most "
              + most
              + ", found "
              + batchDims
              + ": "
              + Messages.describe(x, indices));
    }
  }

  /**
   * The elements (or slices) at tuples of positions: {@code result[j..., b...] = x[indices[j...,
   * 0], indices[j..., 1], ..., b...]}.
   */
  public static Expr gatherNd(Expr x, Expr indices) {
    return gatherNd(x, indices, 0);
  }

  /** As {@link #gatherNd(Expr, Expr)} for each of the first {@code batchDims} dims. */
  public static Expr gatherNd(Expr x, Expr indices, int batchDims) {
    checkBatch("gatherNd", x, indices, batchDims, x.shape().rank());
    return apply(new Gather(new Addressing.Tuples(batchDims)), x, indices);
  }

  /**
   * One element for each index: {@code result[a, j, b] = x[a, indices[a, j, b], b]}. Other dims
   * than {@code axis} agree or are 1 and repeated.
   */
  public static Expr takeAlongAxis(Expr x, Expr indices, int axis) {
    int along = Axes.check("takeAlongAxis", x, axis);
    return x.recorder()
        .atomically(() -> {
          Expr from = widened(x, indices, along);
          Expr at = widened(indices, x, along);
          return apply(new Gather(new Addressing.Elements(along)), from, at);
        });
  }

  /** x with its dims of 1 but that of {@code axis} as large as those of {@code other}. */
  private static Expr widened(Expr x, Expr other, int axis) {
    if (x.shape().rank() != other.shape().rank()) {
      return x;
    }
    var dims = new ArrayList<>(x.shape().dims());
    for (int i = 0; i < dims.size(); i++) {
      if (i != axis && dims.get(i).is(1)) {
        dims.set(i, other.shape().dim(i));
      }
    }
    return broadcastTo(x, Shape.of(dims));
  }

  /** Rows of a table, {@code [count, width...] x [j...] -> [j..., width...]}. */
  public static Expr embedding(Expr table, Expr indices) {
    if (table.shape().rank() == 0) {
      throw new ShapeException("embedding: a scalar has no rows: " + Messages.describe(table));
    }
    return gather(table, indices, 0);
  }

  /** As {@link #embedding(Expr, Expr)}; row {@code padding} of the table gets no derivative. */
  public static Expr embedding(Expr table, Expr indices, long padding) {
    Expr rows = embedding(table, indices);
    Expr isPadding = indices.equalTo(like(indices, (double) padding));
    int width = rows.shape().rank() - indices.shape().rank();
    List<Integer> behind =
        IntStream.range(0, width).mapToObj(i -> indices.shape().rank() + i).toList();
    return select(expandDims(isPadding, behind), stopGradient(rows), rows);
  }

  /**
   * x with slices along {@code axis} changed: {@code result[a..., indices[j...], b...]} takes in
   * {@code updates[a..., j..., b...]}, in their order. The derivative of a set element goes to the
   * update that stays; extremes that tie share it.
   */
  public static Expr scatter(Combine how, Expr x, Expr indices, Expr updates, int axis) {
    int along = Axes.check("scatter" + how.suffix(), x, axis);
    return new Scatter(new Addressing.Slices(along, 0), how).of(x, indices, updates);
  }

  /** x with {@code updates} added to slices along {@code axis}. */
  public static Expr indexAdd(Expr x, Expr indices, Expr updates, int axis) {
    return scatter(Combine.ADD, x, indices, updates, axis);
  }

  /**
   * x with single elements changed: {@code result[a, indices[a, j, b], b]} takes in {@code
   * updates[a, j, b]}.
   */
  public static Expr scatterElements(Combine how, Expr x, Expr indices, Expr updates, int axis) {
    int along = Axes.check("scatterElements" + how.suffix(), x, axis);
    return new Scatter(new Addressing.Elements(along), how).of(x, indices, updates);
  }

  /**
   * x with elements or slices at tuples of positions changed: {@code result[indices[j..., 0],
   * indices[j..., 1], ..., b...]} takes in {@code updates[j..., b...]}.
   */
  public static Expr scatterNd(Combine how, Expr x, Expr indices, Expr updates) {
    return new Scatter(new Addressing.Tuples(0), how).of(x, indices, updates);
  }

  /** Zeros of {@code shape}, to which updates are added at tuples of positions. */
  public static Expr scatterNd(Expr indices, Expr updates, Shape shape) {
    return scatterNd(Combine.ADD, Scatter.filled(updates, shape, 0), indices, updates);
  }

  /**
   * {@code size} rows of zeros, to which {@code result[indices[j...], b...] += updates[j..., b...]}
   * adds.
   */
  public static Expr scatterAdd(Expr indices, Expr updates, long size) {
    return intoRows("scatterAdd", Combine.ADD, indices, updates, size, 0);
  }

  /** Rows of {@code start} that take in updates. */
  private static Expr intoRows(
      String op, Combine how, Expr indices, Expr updates, long size, double start) {
    if (size < 0) {
      throw new ShapeException(op + ": the size must be 0 or more, found " + size);
    }
    int rank = indices.shape().rank();
    if (updates.shape().rank() < rank) {
      throw new ShapeException(
          op
              + ": the updates need a dim for each of the indices: "
              + Messages.describe(indices, updates));
    }
    var shape = new ArrayList<Dim>();
    shape.add(Dim.of(size));
    shape.addAll(updates.shape().dims().subList(rank, updates.shape().rank()));
    Expr rows = Scatter.filled(updates, Shape.of(shape), start);
    return new Scatter(new Addressing.Slices(0, 0), how).of(rows, indices, updates);
  }

  /**
   * The block of {@code sizes} that begins at {@code positions}, a vector with one number for each
   * axis: {@code result[i...] = x[positions[0] + i0, positions[1] + i1, ...]}. It has to lie inside
   * of x; a negative position counts from the last one at which the block fits, -1 being that one.
   */
  public static Expr dynamicSlice(Expr x, Expr positions, long... sizes) {
    return dynamicSlice(x, positions, Shape.of(sizes));
  }

  /** As {@link #dynamicSlice(Expr, Expr, long...)}, with sizes that may be symbols. */
  public static Expr dynamicSlice(Expr x, Expr positions, Shape sizes) {
    return apply(new Gather(new Addressing.Block(sizes.dims())), x, positions);
  }

  /** x with the block that begins at {@code positions} replaced by {@code update}. */
  public static Expr dynamicUpdateSlice(Expr x, Expr update, Expr positions) {
    Addressing block = new Addressing.Block(update.shape().dims());
    return new Scatter(block, Combine.SET).of(x, positions, update);
  }

  /**
   * Sums of the rows of x with one number in {@code segments}, {@code [n..., b...] x [n...] ->
   * [count, b...]}; the numbers need no order. 0 where there is nothing.
   */
  public static Expr segmentSum(Expr x, Expr segments, long count) {
    return intoRows("segmentSum", Combine.ADD, segments, x, count, 0);
  }

  /** Products as {@link #segmentSum} has sums; 1 where there is nothing. */
  public static Expr segmentProd(Expr x, Expr segments, long count) {
    return intoRows("segmentProd", Combine.MULTIPLY, segments, x, count, 1);
  }

  /** Greatest elements; -infinity or the type's least value where there is nothing. */
  public static Expr segmentMax(Expr x, Expr segments, long count) {
    double least = x.dtype().least();
    return intoRows("segmentMax", Combine.MAX, segments, x, count, least);
  }

  /** Smallest elements; infinity or the type's greatest value where there is nothing. */
  public static Expr segmentMin(Expr x, Expr segments, long count) {
    double greatest = x.dtype().greatest();
    return intoRows("segmentMin", Combine.MIN, segments, x, count, greatest);
  }

  /** Means of floating-point rows; 0 where there is nothing. */
  public static Expr segmentMean(Expr x, Expr segments, long count) {
    checkFloating("segmentMean", x);
    Expr sums = intoRows("segmentMean", Combine.ADD, segments, x, count, 0);
    Expr ones = Scatter.filled(x, 1);
    Expr counts = intoRows("segmentMean", Combine.ADD, segments, ones, count, 0);
    return sums.dividedBy(maximum(counts, ElementwiseFunctions.like(counts, 1)));
  }

  private static Expr apply(Op op, Expr x, Expr indices) {
    return x.recorder().apply(op, List.of(x, indices));
  }
}
