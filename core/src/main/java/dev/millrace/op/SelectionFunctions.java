package dev.millrace.op;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import java.util.ArrayList;
import java.util.List;

/**
 * Functions that pick as many elements as the data says. Sizes of results are known before a run,
 * so the caller gives the size, or a bound of it: what is found beyond it is left out, what is left
 * over is filled.
 */
public class SelectionFunctions extends ProductFunctions {
  SelectionFunctions() {}

  /**
   * Positions of the first {@code size} elements that are not 0 (or are true), in row-major order:
   * {@code [size, rank]} of int64, with rows of -1 where there are fewer.
   */
  public static Expr nonZero(Expr x, long size) {
    Expr places = places("nonZero", x.cast(DType.BOOL), size);
    Recorder graph = x.recorder();
    Expr numbers = RandomFunctions.iota(graph, DType.INT64, x.shape().elements());
    Expr found = selected(numbers, places, size, -1);
    var coordinates = new ArrayList<Expr>();
    Dim stride = Dim.ONE;
    for (Dim dim : x.shape().dims().reversed()) {
      // Only where there is nothing is a dim 0, and then any divisor will do.
      Expr row = found.dividedBy(atLeastOne(sizeAs(found, stride)));
      Expr at = modulo(row, atLeastOne(sizeAs(found, dim)));
      coordinates.addFirst(select(found.less(0), -1, at));
      stride = stride.times(dim);
    }
    return coordinates.isEmpty()
        ? reshape(slice(found, 0, 0, 0), size, 0)
        : stack(1, coordinates.toArray(Expr[]::new));
  }

  private static Expr atLeastOne(Expr x) {
    return maximum(x, like(x, 1));
  }

  /**
   * The first {@code size} elements of x where {@code mask} is true, in row-major order, {@code
   * [size]}; {@code fill} where there are fewer. x and mask are broadcast against each other.
   */
  public static Expr maskedSelect(Expr x, Expr mask, long size, double fill) {
    return x.recorder()
        .atomically(() -> {
          List<Expr> both = broadcast("maskedSelect", List.of(x, mask));
          return selected(flat(both.get(0)), places("maskedSelect", both.get(1), size), size, fill);
        });
  }

  private static Expr flat(Expr x) {
    return reshape(x, Shape.of(x.shape().elements()));
  }

  /** Where each element goes in a vector of {@code size + 1}; the last place is for the others. */
  private static Expr places(String op, Expr mask, long size) {
    if (mask.dtype() != DType.BOOL) {
      throw new DTypeException(
          op
              + ": the mask must be bool: "
              + Messages.describe(mask)
              + "; make it with a comparison such as greater(x, 0)");
    }
    checkSize(op, size);
    Expr flat = flat(mask);
    Expr place = cumulativeSum(flat.cast(DType.INT64), 0, true, false);
    return select(and(flat, place.less((double) size)), place, (double) size);
  }

  private static void checkSize(String op, long size) {
    if (size < 0) {
      throw new ShapeException(op + ": the size must be 0 or more, found " + size);
    }
  }

  private static Expr selected(Expr flat, Expr places, long size, double fill) {
    Expr room = Scatter.filled(flat, Shape.of(size + 1), fill);
    return slice(scatter(Combine.SET, room, places, flat, 0), 0, 0, size);
  }

  /**
   * The different elements of a tensor.
   *
   * @param values in ascending order, each once
   * @param inverse for each element of the tensor, flat, the number of its value, int64
   * @param counts how often each value occurs, int64
   * @param count how many different elements there are, an int64 scalar
   */
  public record Unique(Expr values, Expr inverse, Expr counts, Expr count) {}

  /**
   * The different elements of x: the {@code size} smallest ones, and {@code fill}, which occurs 0
   * times, where there are fewer. Each NaN is different from the others.
   */
  public static Unique unique(Expr x, long size, double fill) {
    if (!x.dtype().isNumeric()) {
      throw new DTypeException("unique: takes numbers: " + Messages.describe(x));
    }
    checkSize("unique", size);
    Expr flat = flat(x);
    Expr order = argSort(flat, 0);
    Expr sorted = gather(flat, order, 0);
    Expr before = new Scan(Scan.Kind.LAST, 0, true, false).of(sorted);
    Expr number = RandomFunctions.iota(x.recorder(), DType.INT64, flat.shape().dim(0));
    Expr isNew = or(number.equalTo(like(number, 0)), notEqual(sorted, before));
    Expr group = cumulativeSum(isNew.cast(DType.INT64), 0).minus(1);
    Expr place = minimum(group, like(group, (double) size));
    Expr inverse = scatter(Combine.SET, Scatter.filled(group, 0), order, group, 0);
    Expr counts = segmentSum(Scatter.filled(group, 1), place, size + 1);
    return new Unique(
        selected(sorted, place, size, fill),
        inverse,
        slice(counts, 0, 0, size),
        reduceSum(isNew.cast(DType.INT64)));
  }
}
