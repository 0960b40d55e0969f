package dev.millrace.op;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Pooling by norms, maxima that tell where they were, and what puts them back there; over one to
 * three spatial axes, which the window's numbers or the rank tell. Channels are last, or first with
 * {@link Window#channelsFirst}.
 */
public class UnpoolingFunctions extends AdaptivePoolingFunctions {
  UnpoolingFunctions() {}

  /**
   * Maxima of windows and where they were.
   *
   * @param y the maxima, as {@code maxPool2d} and its kin give
   * @param indices int64 of y's shape: the place in the input, row by row over the spatial axes, as
   *     {@code row * width + column}; the first of equal maxima
   */
  public record MaxPooled(Expr y, Expr indices) {}

  /**
   * {@code (sum |x|^p)^(1/p)} of each window, {@code [batch, spatial..., channels]}; the maximum of
   * {@code |x|} for an infinite p. Nothing beyond the edges counts. The derivative is 0 where a
   * window holds zeros only.
   *
   * @throws MillraceException if p is not positive
   */
  public static Expr lpPool(Expr x, double p, Window window) {
    if (!(p > 0)) {
      throw new MillraceException("lpPool: p must be positive, found " + p);
    }
    int axes = spatial("lpPool", x);
    check("lpPool", axes, x, window);
    Expr magnitudes = x.abs();
    return inOrder(
        magnitudes,
        window,
        input -> {
          Places places = places("lpPool", axes, window);
          if (Double.isInfinite(p)) {
            return Pooling.maximum(padded("lpPool", input, places, window, 0), places);
          }
          Expr powers = p == 1 ? input : p == 2 ? input.square() : positivePower(input, p);
          Expr sums = Pooling.sum(padded("lpPool", powers, places, window, 0), places);
          return p == 1 ? sums : positivePower(sums, 1 / p);
        });
  }

  /** A power of what is not negative, with derivative 0 at 0. */
  private static Expr positivePower(Expr x, double exponent) {
    Expr positive = x.greater(0);
    Expr safe = select(positive, x, 1);
    Expr power = exponent == 0.5 ? safe.sqrt() : safe.pow(exponent);
    // Neither is NaN positive; this keeps it.
    return select(positive, power, x.times(0));
  }

  private static int spatial(String op, Expr x) {
    int axes = x.shape().rank() - 2;
    if (axes < 1 || axes > 3) {
      throw new ShapeException(
          op + ": takes a batch, one to three spatial axes and channels: " + Messages.describe(x));
    }
    return axes;
  }

  /** Maxima of windows over one to three spatial axes, and where they were. */
  public static MaxPooled maxPoolWithIndices(Expr x, Window window) {
    int axes = spatial("maxPoolWithIndices", x);
    check("maxPoolWithIndices", axes, x, window);
    return x.recorder()
        .atomically(() -> {
          Expr input = window.isChannelsFirst() ? Sliding.channelsLast(x) : x;
          Places places = places("maxPoolWithIndices", axes, window);
          Expr all = padded("maxPoolWithIndices", input, places, window, Double.NEGATIVE_INFINITY);
          Expr y = Pooling.maximum(all, places);
          Expr indices = firstIndices(all, stopGradient(y), places(input, places, window), places);
          return window.isChannelsFirst()
              ? new MaxPooled(Sliding.channelsFirst(y), Sliding.channelsFirst(indices))
              : new MaxPooled(y, indices);
        });
  }

  /** The number of each place of the input, padded as the input; -1 beyond the edges. */
  private static Expr places(Expr input, Places places, Window window) {
    var shape = new ArrayList<>(input.shape().dims());
    shape.set(0, Dim.ONE);
    shape.set(shape.size() - 1, Dim.ONE);
    Dim count = shape.stream().reduce(Dim.ONE, Dim::times);
    Expr numbers =
        reshape(
            input.recorder().apply(new Sources.Iota(DType.INT64, count), List.of()),
            Shape.of(shape));
    return padded("maxPoolWithIndices", numbers, places, window, -1);
  }

  /** What {@code numbers} says of the first element of a window that is y. */
  private static Expr firstIndices(Expr x, Expr y, Expr numbers, Places places) {
    List<Expr> seen = places.slices(x);
    List<Expr> named = places.slices(numbers);
    Expr index = like(named.getFirst(), 0).broadcastTo(y.shape());
    for (int i = seen.size() - 1; i >= 0; i--) {
      Expr inside = greaterEqual(named.get(i), like(named.get(i), 0));
      // NaN equals nothing, not even itself, and is the maximum where it is.
      Expr isNaN = notEqual(seen.get(i), seen.get(i));
      Expr found = and(or(seen.get(i).equalTo(y), isNaN), inside);
      index = select(found, named.get(i), index);
    }
    return index;
  }

  /**
   * Elements put back to where {@link #maxPoolWithIndices} has found them, zeros elsewhere: {@code
   * [batch, places..., channels] -> [batch, sizes..., channels]}. Of several elements for one place
   * the last one stays.
   */
  public static Expr maxUnpool(Expr y, Expr indices, long... sizes) {
    int axes = spatial("maxUnpool", y);
    if (sizes.length != axes) {
      throw new ShapeException(
          "maxUnpool: takes one size for each of "
              + axes
              + " spatial axes, found "
              + sizes.length
              + ": "
              + Messages.describe(y));
    }
    if (!indices.shape().equals(y.shape())) {
      throw new ShapeException(
          "maxUnpool: takes one index for each element: " + Messages.describe(y, indices));
    }
    Dim batch = y.shape().dim(0);
    Dim channels = y.shape().dim(-1);
    long places = LongStream.of(sizes).reduce(1, Math::multiplyExact);
    Dim pooled = y.shape().dims().subList(1, axes + 1).stream().reduce(Dim.ONE, Dim::times);
    Shape rows = Shape.of(batch, pooled, channels);
    Expr zeros = like(y, 0).broadcastTo(Shape.of(batch, Dim.of(places), channels));
    Expr flat = scatterElements(Combine.SET, zeros, reshape(indices, rows), reshape(y, rows), 1);
    var shape = new ArrayList<Dim>();
    shape.add(batch);
    LongStream.of(sizes).mapToObj(Dim::of).forEach(shape::add);
    shape.add(channels);
    return reshape(flat, Shape.of(shape));
  }

  /** {@link #maxUnpool(Expr, Expr, long...)} of {@code [batch, channels, places...]}. */
  public static Expr maxUnpoolChannelsFirst(Expr y, Expr indices, long... sizes) {
    spatial("maxUnpool", y);
    spatial("maxUnpool", indices);
    Expr last = Sliding.channelsLast(y);
    return Sliding.channelsFirst(maxUnpool(last, Sliding.channelsLast(indices), sizes));
  }
}
