package dev.millrace.op;

import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Maxima and averages of windows over one, two or three spatial axes of {@code [batch, spatial...,
 * channels]}, or of {@code [batch, channels, spatial...]} for a window with {@link
 * Window#channelsFirst}. A window moves by its own size unless it has another stride.
 *
 * <p>Of several equal maxima in a window, the first in row-major order gets the derivative. Errors
 * are {@link ShapeException}s at the line of the call.
 */
public class PoolingFunctions extends ConvolutionFunctions {
  PoolingFunctions() {}

  /** Maximum of each window, {@code [batch, width, channels]}. */
  public static Expr maxPool1d(Expr x, Window window) {
    return maximum("maxPool1d", 1, x, window);
  }

  /** Maximum of each window of this size, side by side. */
  public static Expr maxPool1d(Expr x, long size) {
    return maxPool1d(x, Window.of(size));
  }

  /** Maximum of each window, {@code [batch, height, width, channels]}. */
  public static Expr maxPool2d(Expr x, Window window) {
    return maximum("maxPool2d", 2, x, window);
  }

  /** Maximum of each square of this size, side by side. */
  public static Expr maxPool2d(Expr x, long size) {
    return maxPool2d(x, Window.of(size));
  }

  /** Maximum of each window, {@code [batch, depth, height, width, channels]}. */
  public static Expr maxPool3d(Expr x, Window window) {
    return maximum("maxPool3d", 3, x, window);
  }

  /** Maximum of each cube of this size, side by side. */
  public static Expr maxPool3d(Expr x, long size) {
    return maxPool3d(x, Window.of(size));
  }

  /**
   * Average of each window, {@code [batch, width, channels]}; what lies beyond the edges counts
   * only with {@link Window#countingPadding}.
   */
  public static Expr averagePool1d(Expr x, Window window) {
    return average("averagePool1d", 1, x, window);
  }

  /** Average of each window of this size, side by side. */
  public static Expr averagePool1d(Expr x, long size) {
    return averagePool1d(x, Window.of(size));
  }

  /**
   * Average of each window, {@code [batch, height, width, channels]}; what lies beyond the edges
   * counts only with {@link Window#countingPadding}.
   */
  public static Expr averagePool2d(Expr x, Window window) {
    return average("averagePool2d", 2, x, window);
  }

  /** Average of each square of this size, side by side. */
  public static Expr averagePool2d(Expr x, long size) {
    return averagePool2d(x, Window.of(size));
  }

  /**
   * Average of each window, {@code [batch, depth, height, width, channels]}; what lies beyond the
   * edges counts only with {@link Window#countingPadding}.
   */
  public static Expr averagePool3d(Expr x, Window window) {
    return average("averagePool3d", 3, x, window);
  }

  /** Average of each cube of this size, side by side. */
  public static Expr averagePool3d(Expr x, long size) {
    return averagePool3d(x, Window.of(size));
  }

  private static Expr maximum(String op, int axes, Expr x, Window window) {
    check(op, axes, x, window);
    return inOrder(
        x,
        window,
        input -> {
          Places places = places(op, axes, window);
          return Pooling.maximum(
              padded(op, input, places, window, Double.NEGATIVE_INFINITY), places);
        });
  }

  private static Expr average(String op, int axes, Expr x, Window window) {
    check(op, axes, x, window);
    return inOrder(
        x,
        window,
        input -> {
          Places places = places(op, axes, window);
          Expr sums = Pooling.sum(padded(op, input, places, window, 0), places);
          boolean full = window.countsPadding() || window.padding().kind() == Padding.Kind.VALID;
          return full && !window.roundsUp()
              ? sums.times(1.0 / places.elements())
              : sums.dividedBy(counts(op, input, places, window));
        });
  }

  /** x with padding of {@code value}, and behind it what a last place needs. */
  static Expr padded(String op, Expr x, Places places, Window window, double value) {
    Expr padded =
        Sliding.padded(op, x, places.extents(), places.strides(), window.padding(), value);
    return window.roundsUp() ? lengthened(op, x, padded, places, window, value) : padded;
  }

  private static Expr lengthened(
      String op, Expr x, Expr padded, Places places, Window window, double value) {
    int rank = x.shape().rank();
    var shape = new ArrayList<>(padded.shape().dims());
    for (int axis = 1; axis < rank - 1; axis++) {
      shape.set(axis, shape.get(axis).plus(lacking(op, x, padded, places, window, axis)));
    }
    Shape target = Shape.of(shape);
    Op pad =
        new Pad(Collections.nCopies(rank, Dim.ZERO), Collections.nCopies(rank, 1L), target, value);
    return target.equals(padded.shape()) ? padded : x.recorder().apply(pad, List.of(padded));
  }

  /** How many elements the last place along {@code axis} of x lacks. */
  private static Dim lacking(
      String op, Expr x, Expr padded, Places places, Window window, int axis) {
    Dim extent = places.extents().get(axis - 1);
    long stride = places.strides().get(axis - 1);
    Dim room = padded.shape().dim(axis).minus(extent);
    Dim steps = room.plus(stride - 1).floorDividedBy(stride);
    Dim lacking = steps.times(stride).minus(room);
    if (window.padding().kind() == Padding.Kind.SAME) {
      return Dim.ZERO;
    }
    Sliding.Around around = Sliding.explicit(op, window.padding(), x.shape().rank() - 2, axis - 1);
    if (stride + around.after().value() <= extent.value()) {
      return lacking;
    }
    if (!lacking.isKnown()) {
      throw new ShapeException(
          op
              + ": rounding up the places of an unknown size needs a window that is no smaller than"
              + " its stride and the padding behind together: "
              + Messages.describe(x)
              + "; give the size, or pad it before");
    }
    Dim end = x.shape().dim(axis).plus(around.before());
    return steps.value() * stride >= end.value() ? Dim.ZERO : lacking;
  }

  /** How many elements each window counts, {@code [1, places..., 1]}. */
  private static Expr counts(String op, Expr x, Places places, Window window) {
    var shape = new ArrayList<>(x.shape().dims());
    shape.set(0, Dim.ONE);
    shape.set(shape.size() - 1, Dim.ONE);
    Expr ones = like(x, 1).broadcastTo(Shape.of(shape));
    Expr counted;
    if (window.countsPadding()) {
      Expr all = Sliding.padded(op, ones, places.extents(), places.strides(), window.padding(), 1);
      counted = window.roundsUp() ? lengthened(op, ones, all, places, window, 0) : all;
    } else {
      counted = padded(op, ones, places, window, 0);
    }
    return stopGradient(Pooling.sum(counted, places));
  }

  /** A function of {@code [batch, spatial..., channels]}, applied to either order. */
  static Expr inOrder(Expr x, Window window, UnaryOperator<Expr> function) {
    return x.recorder()
        .atomically(() ->
            window.isChannelsFirst()
                ? Sliding.channelsFirst(function.apply(Sliding.channelsLast(x)))
                : function.apply(x));
  }

  static Places places(String op, int axes, Window window) {
    List<Long> sizes = Sliding.each(op, "the size", window.sizes(), axes, 1);
    List<Long> strides =
        window.strides().isEmpty()
            ? sizes
            : Sliding.each(op, "the stride", window.strides(), axes, 1);
    return new Places(
        sizes, strides, Sliding.each(op, "the dilation", window.dilations(), axes, 1));
  }

  static void check(String op, int axes, Expr x, Window window) {
    Sliding.checkRank(op, x, axes, window.isChannelsFirst());
    checkFloating(op, x);
    if (window.sizes().isEmpty() || window.groups() != 1) {
      throw new ShapeException(
          op
              + ": the window needs a size and has no groups: "
              + Messages.describe(x)
              + "; make it with Window.of(size)");
    }
    Places places = places(op, axes, window);
    List<Dim> extents = places.extents();
    for (List<Long> padding : List.of(window.padding().before(), window.padding().after())) {
      List<Long> each = Sliding.each(op, "padding", padding, axes, 0);
      for (int axis = 0; axis < axes; axis++) {
        if (each.get(axis) >= extents.get(axis).value()) {
          throw new ShapeException(
              op
                  + ": a window that spans "
                  + extents.get(axis)
                  + " elements would lie in the padding of "
                  + each.get(axis)
                  + " alone: "
                  + Messages.describe(x));
        }
      }
    }
  }
}
