package dev.millrace.op;

import dev.millrace.kernel.Index;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Where windows lie that slide over {@code [batch, spatial..., channels]}. */
final class Sliding {
  private Sliding() {}

  /** How many elements of the input a window of {@code size} elements spans. */
  static Dim extent(Dim size, long dilation) {
    return size.minus(Dim.ONE).times(dilation).plus(1);
  }

  /** {@code place * stride + element * dilation}, both variables. */
  static Index position(int place, long stride, int element, long dilation) {
    return Index.ofVariable(place)
        .times(Dim.of(stride))
        .plus(Index.ofVariable(element).times(Dim.of(dilation)));
  }

  static void checkNumbers(String op, Expr x) {
    if (!x.dtype().isNumeric()) {
      throw new DTypeException(
          op + ": takes numbers: " + Messages.describe(x) + "; convert it with cast(x, FLOAT32)");
    }
  }

  static ShapeException tooLarge(String op, int axis, Dim extent, Expr x, Expr w) {
    return new ShapeException(
        op
            + ": the window spans "
            + extent
            + " elements of spatial axis "
            + axis
            + ", the input has "
            + x.shape().dim(1 + axis)
            + ": "
            + Messages.describe(x, w));
  }

  /** Checks the rank of an input. */
  static void checkRank(String op, Expr x, int axes, boolean channelsFirst) {
    if (x.shape().rank() != axes + 2) {
      String spatial = String.join(", ", List.of("depth", "height", "width").subList(3 - axes, 3));
      throw new ShapeException(
          op
              + ": takes "
              + (channelsFirst
                  ? "[batch, channels, " + spatial + "]"
                  : "[batch, " + spatial + ", channels]")
              + ": "
              + Messages.describe(x));
    }
  }

  /** One number for each axis: the one given for all, or those given, or the usual one. */
  static List<Long> each(String op, String what, List<Long> numbers, int axes, long usual) {
    if (numbers.size() > 1 && numbers.size() != axes) {
      throw new ShapeException(
          op
              + ": "
              + what
              + " is one number, or one for each of "
              + axes
              + " axes, found "
              + numbers);
    }
    long first = numbers.isEmpty() ? usual : numbers.getFirst();
    return numbers.size() > 1 ? numbers : Collections.nCopies(axes, first);
  }

  /** {@code [batch, channels, spatial...]} as {@code [batch, spatial..., channels]}. */
  static Expr channelsLast(Expr x) {
    int rank = x.shape().rank();
    int[] order = IntStream.range(0, rank).map(i -> i == 0 ? 0 : 1 + i % (rank - 1)).toArray();
    return MovementFunctions.transpose(x, order);
  }

  /** {@code [batch, spatial..., channels]} as {@code [batch, channels, spatial...]}. */
  static Expr channelsFirst(Expr x) {
    int rank = x.shape().rank();
    int[] order =
        IntStream.range(0, rank).map(i -> i == 0 ? 0 : i == 1 ? rank - 1 : i - 1).toArray();
    return MovementFunctions.transpose(x, order);
  }

  /** x with its padding around, of {@code value}. */
  static Expr padded(
      String op, Expr x, List<Dim> extents, List<Long> strides, Padding padding, double value) {
    int rank = x.shape().rank();
    var starts = new ArrayList<>(Collections.nCopies(rank, Dim.ZERO));
    var shape = new ArrayList<>(x.shape().dims());
    for (int axis = 0; axis < extents.size(); axis++) {
      Dim size = shape.get(1 + axis);
      Around around = around(op, x, axis, extents.get(axis), strides.get(axis), padding);
      starts.set(1 + axis, around.before);
      shape.set(1 + axis, size.plus(around.before).plus(around.after));
      Dim room = shape.get(1 + axis).minus(extents.get(axis));
      if (room.isKnown() && room.value() < 0) {
        throw new ShapeException(
            op
                + ": the window spans "
                + extents.get(axis)
                + " elements of spatial axis "
                + axis
                + ", the input has "
                + size
                + (padding.kind() == Padding.Kind.EXPLICIT ? ", padding " + padding : "")
                + ": "
                + Messages.describe(x)
                + "; padding SAME makes it fit");
      }
    }
    Shape target = Shape.of(shape);
    Op pad = new Pad(starts, Collections.nCopies(rank, 1L), target, value);
    return target.equals(x.shape()) ? x : x.recorder().apply(pad, List.of(x));
  }

  /** Elements in front of and behind one axis. */
  record Around(Dim before, Dim after) {}

  private static Around around(
      String op, Expr x, int axis, Dim extent, long stride, Padding padding) {
    int axes = x.shape().rank() - 2;
    return switch (padding.kind()) {
      case VALID, EXPLICIT -> explicit(op, padding, axes, axis);
      case SAME -> halves(same(op, x, axis, extent, stride));
    };
  }

  /** The numbers that were given for one axis, 0 for none. */
  static Around explicit(String op, Padding padding, int axes, int axis) {
    return new Around(
        Dim.of(each(op, "padding", padding.before(), axes, 0).get(axis)),
        Dim.of(each(op, "padding", padding.after(), axes, 0).get(axis)));
  }

  /** An uneven total gets one more behind than in front. */
  static Around halves(Dim total) {
    Dim before = total.floorDividedBy(2);
    return new Around(before, total.minus(before));
  }

  /** What a window needs beyond the edges to have {@code ceil(size / stride)} places. */
  private static Dim same(String op, Expr x, int axis, Dim extent, long stride) {
    Dim size = x.shape().dim(1 + axis);
    Dim places = size.plus(stride - 1).floorDividedBy(stride);
    Dim total = stride == 1 ? extent.minus(Dim.ONE) : sameTotal(places, extent, stride, size);
    if (total.isKnown()) {
      return Dim.of(Math.max(0, total.value()));
    }
    if (stride > 1 && !(extent.isKnown() && extent.value() >= stride)) {
      throw new ShapeException(
          op
              + ": padding SAME of an unknown size needs a window that is no smaller than its stride"
              + " of "
              + stride
              + ": "
              + Messages.describe(x)
              + "; give the numbers with Padding.of");
    }
    return total;
  }

  private static Dim sameTotal(Dim places, Dim extent, long stride, Dim size) {
    return places.minus(Dim.ONE).times(stride).plus(extent).minus(size);
  }
}
