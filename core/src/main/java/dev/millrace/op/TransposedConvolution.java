package dev.millrace.op;

import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The derivative of a convolution by its input as a function of its own: an input is the cotangent,
 * the result is what the derivative would be.
 */
final class TransposedConvolution {
  private final String op;
  private final int axes;
  private final Expr x;
  private final Expr w;
  private final Window window;
  private final List<Long> strides;
  private final List<Long> dilations;

  private TransposedConvolution(String op, int axes, Expr x, Expr w, Window window) {
    this.op = op;
    this.axes = axes;
    this.x = x;
    this.w = w;
    this.window = window;
    this.strides = Sliding.each(op, "the stride", window.strides(), axes, 1);
    this.dilations = Sliding.each(op, "the dilation", window.dilations(), axes, 1);
  }

  static Expr of(String op, int axes, Expr x, Expr w, Window window) {
    Sliding.checkRank(op, x, axes, window.isChannelsFirst());
    Broadcast.checkOneType(op, List.of(x, w));
    Sliding.checkNumbers(op, x);
    checkFilter(op, axes, x, w, window);
    return x.recorder()
        .atomically(() ->
            window.isChannelsFirst()
                ? Sliding.channelsFirst(
                    new TransposedConvolution(op, axes, Sliding.channelsLast(x), w, window).apply())
                : new TransposedConvolution(op, axes, x, w, window).apply());
  }

  private static void checkFilter(String op, int axes, Expr x, Expr w, Window window) {
    Dim channels = x.shape().dim(window.isChannelsFirst() ? 1 : -1);
    boolean fits = w.shape().rank() == axes + 2;
    if (fits && channels.isKnown() && w.shape().dim(-1).isKnown()) {
      fits = w.shape().dim(-1).equals(channels);
    }
    if (!fits || !window.sizes().isEmpty()) {
      throw new ShapeException(
          op
              + ": the filter is [window..., out / groups, in], with the "
              + channels
              + " channels of the input last: "
              + Messages.describe(x, w)
              + "; it is the filter of the convolution that leads from the result to the input");
    }
    if (channels.isKnown() && channels.value() % window.groups() != 0) {
      throw new ShapeException(
          op
              + ": "
              + window.groups()
              + " groups do not divide the input's channels, "
              + channels
              + ": "
              + Messages.describe(x, w));
    }
  }

  private Expr apply() {
    var padded = new ArrayList<>(x.shape().dims());
    var starts = new ArrayList<>(Collections.nCopies(axes + 2, Dim.ZERO));
    var sizes = new ArrayList<>(x.shape().dims());
    Dim channels = w.shape().dim(-2).times(window.groups());
    padded.set(axes + 1, channels);
    sizes.set(axes + 1, channels);
    for (int axis = 0; axis < axes; axis++) {
      Around around = around(axis);
      padded.set(1 + axis, around.size.plus(around.padding.before()).plus(around.padding.after()));
      starts.set(1 + axis, around.padding.before());
      sizes.set(1 + axis, around.size);
    }
    Expr full = full(Shape.of(padded));
    if (padded.equals(sizes)) {
      return full;
    }
    var slice = new Views.Slice(starts, sizes, Collections.nCopies(axes + 2, 1L));
    return Convolution.cropped(full, slice)
        .orElseGet(() -> full.recorder().apply(slice, List.of(full)));
  }

  private Expr full(Shape shape) {
    var convolution = new Convolution(strides, dilations);
    int groups = window.groups();
    if (groups == 1) {
      return convolution.inputGradient(x, w, shape);
    }
    var grouped = new ArrayList<>(shape.dims());
    grouped.add(axes + 1, Dim.of(groups));
    grouped.set(axes + 2, w.shape().dim(-2));
    return Grouping.join(
        convolution.inputGradient(
            Grouping.split(x, groups), Grouping.splitFilter(w, groups), Shape.of(grouped)));
  }

  /** The result's size along one axis, and the padding that a convolution would put around it. */
  private record Around(Dim size, Sliding.Around padding) {}

  private Around around(int axis) {
    Dim places = x.shape().dim(1 + axis);
    long stride = strides.get(axis);
    Dim extent = Sliding.extent(w.shape().dim(axis), dilations.get(axis));
    Dim spread = places.minus(Dim.ONE).times(stride).plus(extent);
    if (window.padding().kind() == Padding.Kind.SAME) {
      Dim least = places.minus(Dim.ONE).times(stride).plus(1);
      Dim size = size(axis, least, stride, places.times(stride));
      Dim total = spread.minus(size);
      boolean fits = total.isKnown() && total.value() <= 0;
      return new Around(size, Sliding.halves(fits ? Dim.ZERO : total));
    }
    Sliding.Around padding = Sliding.explicit(op, window.padding(), axes, axis);
    Dim least = spread.minus(padding.before()).minus(padding.after());
    return new Around(size(axis, least, stride, least), padding);
  }

  private Dim size(int axis, Dim least, long stride, Dim usual) {
    if (least.isKnown() && least.value() < 1) {
      throw new ShapeException(
          op
              + ": padding "
              + window.padding()
              + " leaves nothing of spatial axis "
              + axis
              + ": "
              + Messages.describe(x, w));
    }
    if (window.outputSizes().isEmpty()) {
      return usual;
    }
    List<Long> sizes = Sliding.each(op, "the output size", window.outputSizes(), axes, 0);
    Dim beyond = Dim.of(sizes.get(axis)).minus(least);
    if (beyond.isKnown() && (beyond.value() < 0 || beyond.value() >= stride)) {
      throw new ShapeException(
          op
              + ": an output size of "
              + sizes.get(axis)
              + " along spatial axis "
              + axis
              + " does not lead to the input's "
              + x.shape().dim(1 + axis)
              + ", "
              + least
              + (stride > 1 ? " to " + least.plus(stride - 1) + " do: " : " does: ")
              + Messages.describe(x, w));
    }
    return Dim.of(sizes.get(axis));
  }
}
