package dev.millrace.op;

import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Pooling to a number of places that is given, whatever the size of the input: place {@code i} of
 * {@code out} sees the elements from {@code floor(i * in / out)} to before {@code ceil((i + 1) * in
 * / out)}, as PyTorch's adaptive pooling. Over all places for global pooling.
 *
 * <p>Channels are last, or at the axis that is given: 1 for {@code [batch, channels, spatial...]}.
 * Spatial sizes must be known where they are not multiples that one place covers as a whole. Of
 * several equal maxima the first gets the derivative. Errors are {@link ShapeException}s at the
 * line of the call.
 */
public class AdaptivePoolingFunctions extends PoolingFunctions {
  AdaptivePoolingFunctions() {}

  /** Averages of {@code size} parts, {@code [batch, width, channels]}. */
  public static Expr adaptiveAveragePool1d(Expr x, long size) {
    return adaptiveAverage("adaptiveAveragePool1d", x, -1, size);
  }

  /** {@link #adaptiveAveragePool1d(Expr, long)} with the channels at {@code axis}. */
  public static Expr adaptiveAveragePool1d(Expr x, int axis, long size) {
    return adaptiveAverage("adaptiveAveragePool1d", x, axis, size);
  }

  /** Averages of {@code height x width} parts, {@code [batch, height, width, channels]}. */
  public static Expr adaptiveAveragePool2d(Expr x, long height, long width) {
    return adaptiveAverage("adaptiveAveragePool2d", x, -1, height, width);
  }

  /** {@link #adaptiveAveragePool2d(Expr, long, long)} with the channels at {@code axis}. */
  public static Expr adaptiveAveragePool2d(Expr x, int axis, long height, long width) {
    return adaptiveAverage("adaptiveAveragePool2d", x, axis, height, width);
  }

  /** Averages of parts, {@code [batch, depth, height, width, channels]}. */
  public static Expr adaptiveAveragePool3d(Expr x, long depth, long height, long width) {
    return adaptiveAverage("adaptiveAveragePool3d", x, -1, depth, height, width);
  }

  /** {@link #adaptiveAveragePool3d(Expr, long, long, long)} with the channels at {@code axis}. */
  public static Expr adaptiveAveragePool3d(Expr x, int axis, long depth, long height, long width) {
    return adaptiveAverage("adaptiveAveragePool3d", x, axis, depth, height, width);
  }

  /** Maxima of {@code size} parts, {@code [batch, width, channels]}. */
  public static Expr adaptiveMaxPool1d(Expr x, long size) {
    return adaptiveMaximum("adaptiveMaxPool1d", x, -1, size);
  }

  /** {@link #adaptiveMaxPool1d(Expr, long)} with the channels at {@code axis}. */
  public static Expr adaptiveMaxPool1d(Expr x, int axis, long size) {
    return adaptiveMaximum("adaptiveMaxPool1d", x, axis, size);
  }

  /** Maxima of {@code height x width} parts, {@code [batch, height, width, channels]}. */
  public static Expr adaptiveMaxPool2d(Expr x, long height, long width) {
    return adaptiveMaximum("adaptiveMaxPool2d", x, -1, height, width);
  }

  /** {@link #adaptiveMaxPool2d(Expr, long, long)} with the channels at {@code axis}. */
  public static Expr adaptiveMaxPool2d(Expr x, int axis, long height, long width) {
    return adaptiveMaximum("adaptiveMaxPool2d", x, axis, height, width);
  }

  /** Maxima of parts, {@code [batch, depth, height, width, channels]}. */
  public static Expr adaptiveMaxPool3d(Expr x, long depth, long height, long width) {
    return adaptiveMaximum("adaptiveMaxPool3d", x, -1, depth, height, width);
  }

  /** {@link #adaptiveMaxPool3d(Expr, long, long, long)} with the channels at {@code axis}. */
  public static Expr adaptiveMaxPool3d(Expr x, int axis, long depth, long height, long width) {
    return adaptiveMaximum("adaptiveMaxPool3d", x, axis, depth, height, width);
  }

  /** Average over all places, {@code [batch, spatial..., channels] -> [batch, channels]}. */
  public static Expr globalAveragePool(Expr x) {
    return globalAveragePool(x, -1);
  }

  /** {@link #globalAveragePool(Expr)} with the channels at {@code axis}. */
  public static Expr globalAveragePool(Expr x, int axis) {
    return reduceMean(x, spatialAxes("globalAveragePool", x, axis));
  }

  /** Maximum over all places, {@code [batch, spatial..., channels] -> [batch, channels]}. */
  public static Expr globalMaxPool(Expr x) {
    return globalMaxPool(x, -1);
  }

  /** {@link #globalMaxPool(Expr)} with the channels at {@code axis}. */
  public static Expr globalMaxPool(Expr x, int axis) {
    return reduceMax(x, spatialAxes("globalMaxPool", x, axis));
  }

  /**
   * {@code (sum |x|^p)^(1/p)} over all places, {@code [batch, spatial..., channels] -> [batch,
   * channels]}. The derivative at zeros is 0.
   */
  public static Expr globalLpPool(Expr x, double p) {
    return globalLpPool(x, p, -1);
  }

  /** {@link #globalLpPool(Expr, double)} with the channels at {@code axis}. */
  public static Expr globalLpPool(Expr x, double p, int axis) {
    return reduceNorm(x, p, spatialAxes("globalLpPool", x, axis));
  }

  private static int[] spatialAxes(String op, Expr x, int axis) {
    int rank = x.shape().rank();
    if (rank < 3) {
      throw new ShapeException(
          op + ": takes [batch, spatial..., channels]: " + Messages.describe(x));
    }
    int channels = Axes.check(op, x, axis);
    if (channels == 0) {
      throw new ShapeException(
          op + ": axis 0 is the batch, not the channels: " + Messages.describe(x));
    }
    return IntStream.range(1, rank).filter(a -> a != channels).toArray();
  }

  private static int[] checked(String op, Expr x, int axis, long... sizes) {
    Sliding.checkRank(op, x, sizes.length, axis == 1);
    checkFloating(op, x);
    for (long size : sizes) {
      if (size < 1) {
        throw new ShapeException(
            op + ": sizes must be 1 or more, found " + size + ": " + Messages.describe(x));
      }
    }
    return spatialAxes(op, x, axis);
  }

  private static Expr adaptiveAverage(String op, Expr x, int axis, long... sizes) {
    int[] axes = checked(op, x, axis, sizes);
    return x.recorder()
        .atomically(() -> {
          Expr y = x;
          for (int i = 0; i < axes.length; i++) {
            y = averages(op, y, axes[i], sizes[i]);
          }
          return y;
        });
  }

  /** Windows are boxes, so an average of averages along one axis after another is the same. */
  static Expr averages(String op, Expr x, int axis, long size) {
    if (x.shape().dim(axis).is(size)) {
      return x;
    }
    if (size == 1) {
      return reduceMeanKeepDims(x, axis);
    }
    long from = AxisProducts.known(op, x, axis);
    Tensor matrix =
        AxisProducts.matrix(
            x.dtype(),
            size,
            from,
            (to, row) -> {
              long start = start(to, from, size);
              long end = end(to, from, size);
              for (long i = start; i < end; i++) {
                row[(int) i] = 1.0 / (end - start);
              }
            });
    return AxisProducts.along(x, axis, matrix);
  }

  private static long start(long place, long from, long places) {
    return Math.floorDiv(Math.multiplyExact(place, from), places);
  }

  private static long end(long place, long from, long places) {
    return Math.ceilDiv(Math.multiplyExact(place + 1, from), places);
  }

  private static Expr adaptiveMaximum(String op, Expr x, int axis, long... sizes) {
    int[] axes = checked(op, x, axis, sizes);
    return x.recorder()
        .atomically(() -> {
          Expr y = x;
          for (int i = axes.length - 1; i >= 0; i--) {
            y = maxima(op, y, axes[i], sizes[i]);
          }
          return y;
        });
  }

  /** The last axis first, which finds the same first maximum as going row by row does. */
  private static Expr maxima(String op, Expr x, int axis, long size) {
    long from = AxisProducts.known(op, x, axis);
    if (from == size) {
      return x;
    }
    if (from == 0) {
      throw new ShapeException(
          op + ": there is no maximum of nothing along axis " + axis + ": " + Messages.describe(x));
    }
    int longest = 0;
    for (long i = 0; i < size; i++) {
      longest = (int) Math.max(longest, end(i, from, size) - start(i, from, size));
    }
    Expr parts = from % size == 0 ? x : gather(x, positions(x, from, size, longest), axis);
    return blocks(parts, axis, size, longest);
  }

  /** Where the parts' elements are; a shorter part has its last one several times. */
  private static Expr positions(Expr x, long from, long size, int longest) {
    var positions = new long[Math.multiplyExact(Math.toIntExact(size), longest)];
    for (int i = 0; i < positions.length; i++) {
      long place = i / longest;
      positions[i] = Math.min(start(place, from, size) + i % longest, end(place, from, size) - 1);
    }
    return x.recorder().constant(Tensor.of(Shape.of(positions.length), positions));
  }

  /** The maximum of each {@code length} elements next to one another along {@code axis}. */
  private static Expr blocks(Expr x, int axis, long size, long length) {
    List<Dim> dims = x.shape().dims();
    Dim before = dims.subList(0, axis).stream().reduce(Dim.ONE, Dim::times);
    Dim after = dims.subList(axis + 1, dims.size()).stream().reduce(Dim.ONE, Dim::times);
    Expr rows = reshape(x, Shape.of(before, Dim.of(size * length), after));
    var tiles = new Places(List.of(length), List.of(length), List.of(1L));
    return reshape(Pooling.maximum(rows, tiles), x.shape().with(axis, Dim.of(size)));
  }
}
