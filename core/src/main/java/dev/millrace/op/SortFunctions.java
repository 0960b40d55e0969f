package dev.millrace.op;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.ShapeException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Functions of the order of elements. The order is stable: equal elements stay in the order of
 * their positions, also where it is descending. NaN counts as greater than everything: last in
 * ascending order, first in descending order. -0 and +0 are equal.
 */
public class SortFunctions extends ScanFunctions {
  /** Boundaries that are counted one by one; among more of them, halves are searched. */
  private static final long COUNTED = 64;

  /** Halvings that find a place among as many elements as an array can have. */
  private static final int MOST_HALVINGS = 31;

  SortFunctions() {}

  /** Positions (int64) along {@code axis} in the ascending order of their elements. */
  public static Expr argSort(Expr x, int axis) {
    return argSort(x, axis, false);
  }

  /** Positions (int64) along {@code axis} in the order of their elements. */
  public static Expr argSort(Expr x, int axis, boolean descending) {
    int along = Axes.check("argSort", x, axis);
    Op sort = new ArgSort(descending);
    return swapped(x.recorder().apply(sort, List.of(swapped(x, along))), along);
  }

  /** x with this axis and the last one swapped. */
  private static Expr swapped(Expr x, int axis) {
    int rank = x.shape().rank();
    if (axis == rank - 1) {
      return x;
    }
    int[] order = IntStream.range(0, rank).toArray();
    order[axis] = rank - 1;
    order[rank - 1] = axis;
    return transpose(x, order);
  }

  /** Elements along {@code axis} in ascending order. */
  public static Expr sort(Expr x, int axis) {
    return sort(x, axis, false);
  }

  /** Elements along {@code axis} in order; derivatives go back to where elements came from. */
  public static Expr sort(Expr x, int axis, boolean descending) {
    return takeAlongAxis(x, argSort(x, axis, descending), axis);
  }

  /**
   * The k greatest elements along an axis and their positions.
   *
   * @param values the elements, the greatest first
   * @param indices their positions, int64; of equal elements the first ones are taken
   */
  public record TopK(Expr values, Expr indices) {}

  /** The k greatest elements of the last axis, the greatest first. */
  public static TopK topK(Expr x, long k) {
    return topK(x, k, -1, true);
  }

  /**
   * The k greatest or smallest elements along {@code axis}, the most extreme first.
   *
   * @throws ShapeException if the axis is known to have fewer
   */
  public static TopK topK(Expr x, long k, int axis, boolean largest) {
    int along = Axes.check("topK", x, axis);
    Dim size = x.shape().dim(along);
    if (k < 0 || (size.isKnown() && k > size.value())) {
      throw new ShapeException(
          "topK: k must be from 0 to " + size + ", found " + k + ": " + Messages.describe(x));
    }
    Expr order = argSort(x, along, largest);
    Expr indices = slice(order, along, Dim.ZERO, Dim.of(k), 1);
    return new TopK(takeAlongAxis(x, indices, along), indices);
  }

  /** The element in the middle of the order; the lower one of two. NaN if one is NaN. */
  public static Expr median(Expr x, int axis) {
    int along = Axes.checkFilled("median", x, axis);
    checkFloating("median", x);
    Dim middle = x.shape().dim(along).minus(Dim.ONE).floorDividedBy(2);
    Expr sorted = sort(x, along);
    return withNaN(at(sorted, along, middle), sorted, along);
  }

  private static Expr at(Expr sorted, int axis, Dim position) {
    return squeeze(slice(sorted, axis, position, Dim.ONE, 1), axis);
  }

  /** {@code y}, or NaN where the last one in order is. */
  private static Expr withNaN(Expr y, Expr sorted, int axis) {
    Expr last = at(sorted, axis, sorted.shape().dim(axis).minus(Dim.ONE));
    return select(notEqual(last, last), last, y);
  }

  /**
   * The number below which the share {@code q} of the elements lies, with straight lines between
   * neighbours: {@code quantile(x, 0.5, axis)} is the mean of two elements in the middle. NaN if
   * one is NaN.
   *
   * @throws MillraceException if q is not in [0, 1]
   */
  public static Expr quantile(Expr x, double q, int axis) {
    int along = Axes.checkFilled("quantile", x, axis);
    checkFloating("quantile", x);
    if (!(q >= 0 && q <= 1)) {
      throw new MillraceException("quantile: q is a share in [0, 1], found " + q);
    }
    Expr sorted = sort(x, along);
    Expr place = sizeAs(x, x.shape().dim(along).minus(Dim.ONE)).times(q);
    Expr below = place.floor();
    Expr share = place.minus(below);
    Expr low = gather(sorted, below.cast(DType.INT64), along);
    Expr high = gather(sorted, ceil(place).cast(DType.INT64), along);
    return withNaN(low.plus(high.minus(low).times(share)), sorted, along);
  }

  /**
   * How many elements of a sorted vector come before each of {@code values} (int64): where it would
   * have to be put so that the vector stays sorted, in front of equal ones.
   */
  public static Expr searchSorted(Expr sorted, Expr values) {
    return searchSorted(sorted, values, false);
  }

  /** As above, behind equal ones where {@code right}; {@code [n] x [j...] -> [j...]}. */
  public static Expr searchSorted(Expr sorted, Expr values, boolean right) {
    return search("searchSorted", sorted, values, right);
  }

  /**
   * In which bucket each of {@code values} lies (int64): bucket i is from {@code boundaries[i - 1]}
   * to below {@code boundaries[i]}; with {@code right}, bounds belong to the bucket below.
   */
  public static Expr bucketize(Expr values, Expr boundaries, boolean right) {
    return search("bucketize", boundaries, values, !right);
  }

  private static Expr search(String op, Expr sorted, Expr values, boolean behind) {
    if (sorted.shape().rank() != 1) {
      throw new ShapeException(
          op + ": takes a vector of sorted numbers: " + Messages.describe(sorted));
    }
    Broadcast.checkOneType(op, List.of(sorted, values));
    Dim size = sorted.shape().dim(0);
    if (size.isKnown() && size.value() <= COUNTED) {
      Expr wide = expandDims(values, List.of(values.shape().rank()));
      return reduceSum(isBefore(sorted, wide, behind).cast(DType.INT64), -1);
    }
    return halve(sorted, values, behind);
  }

  /** Whether an element comes before a value in the order of sorting. */
  private static Expr isBefore(Expr element, Expr value, boolean behind) {
    Expr before = behind ? lessEqual(element, value) : less(element, value);
    if (!element.dtype().isFloating()) {
      return before;
    }
    Expr last = notEqual(value, value);
    return or(before, behind ? last : and(last, equal(element, element)));
  }

  /** The greatest count whose last element comes before the value, one bit after another. */
  private static Expr halve(Expr sorted, Expr values, boolean behind) {
    Dim size = sorted.shape().dim(0);
    int halvings =
        size.isKnown() ? Long.SIZE - Long.numberOfLeadingZeros(size.value()) : MOST_HALVINGS;
    Expr end =
        values
            .recorder()
            .apply(new Sources.DimValue(DType.INT64, size), List.of())
            .broadcastTo(values.shape());
    // One element in front, so that there is something to look at where the vector is empty.
    Expr padded = pad(sorted, new long[] {1}, new long[] {0}, 0);
    Expr count = ElementwiseFunctions.like(end, 0).broadcastTo(values.shape());
    for (int bit = halvings - 1; bit >= 0; bit--) {
      Expr more = count.plus((double) (1L << bit));
      Expr inside = lessEqual(more, end);
      Expr element = gather(padded, select(inside, more, 0), 0);
      count = select(and(inside, isBefore(element, values, behind)), more, count);
    }
    return count;
  }
}
