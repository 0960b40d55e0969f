package dev.millrace.op;

import dev.millrace.tensor.Dim;
import dev.millrace.tensor.ShapeException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Convolutions over one, two or three spatial axes, without reversing the filter, as all frameworks
 * have them.
 *
 * <p>Inputs are {@code [batch, spatial..., in]}, or {@code [batch, in, spatial...]} for a window
 * with {@link Window#channelsFirst}; filters are {@code [window..., in / groups, out]} for both.
 * Errors are {@link ShapeException}s at the line of the call.
 */
public class ConvolutionFunctions extends LossFunctions {
  ConvolutionFunctions() {}

  /**
   * Convolution over one axis, {@code [batch, width, in] x [k, in, out] -> [batch, places, out]}.
   */
  public static Expr conv1d(Expr x, Expr w, Window window) {
    return convolution("conv1d", 1, x, w, window);
  }

  /** {@link #conv1d(Expr, Expr, Window)} with stride 1. */
  public static Expr conv1d(Expr x, Expr w, Padding padding) {
    return conv1d(x, w, Window.padded(padding));
  }

  /**
   * Convolution over two axes,
   *
   * <pre>{@code
   * y[n, i, j, o] = sum over a, b, c of x[n, i * stride + a * dilation, j * stride + b * dilation, c] * w[a, b, c, o]
   * }</pre>
   *
   * {@code [batch, height, width, in] x [kh, kw, in / groups, out] -> [batch, rows, columns, out]}.
   *
   * @throws ShapeException if the window is larger than the padded input, the channels don't match,
   *     or the groups don't divide them
   */
  public static Expr conv2d(Expr x, Expr w, Window window) {
    return convolution("conv2d", 2, x, w, window);
  }

  /** {@link #conv2d(Expr, Expr, Window)} with stride 1. */
  public static Expr conv2d(Expr x, Expr w, Padding padding) {
    return conv2d(x, w, Window.padded(padding));
  }

  /** Convolution over three axes, {@code [batch, depth, height, width, in]}. */
  public static Expr conv3d(Expr x, Expr w, Window window) {
    return convolution("conv3d", 3, x, w, window);
  }

  /** {@link #conv3d(Expr, Expr, Window)} with stride 1. */
  public static Expr conv3d(Expr x, Expr w, Padding padding) {
    return conv3d(x, w, Window.padded(padding));
  }

  /**
   * Transposed convolution over one axis, {@code [batch, width, in] x [k, out, in] -> [batch, more,
   * out]}; see {@link #conv2dTranspose}.
   */
  public static Expr conv1dTranspose(Expr x, Expr w, Window window) {
    return TransposedConvolution.of("conv1dTranspose", 1, x, w, window);
  }

  /**
   * Transposed convolution over two axes: what {@link #conv2d} with this window does, the other way
   * round, so each element of x is spread over a window of the result, {@code [batch, height,
   * width, in] x [kh, kw, out / groups, in] -> [batch, rows, columns, out]}. The filter is the one
   * that would lead from the result to x.
   *
   * <p>The result has the least size that {@code conv2d} would take to the size of x ({@code size *
   * stride} with padding SAME), or the one that {@link Window#outputSize} says.
   *
   * @throws ShapeException if {@code conv2d} would not take the output size to that of x, or the
   *     channels don't match
   */
  public static Expr conv2dTranspose(Expr x, Expr w, Window window) {
    return TransposedConvolution.of("conv2dTranspose", 2, x, w, window);
  }

  /** Transposed convolution over three axes; see {@link #conv2dTranspose}. */
  public static Expr conv3dTranspose(Expr x, Expr w, Window window) {
    return TransposedConvolution.of("conv3dTranspose", 3, x, w, window);
  }

  private static Expr convolution(String op, int axes, Expr x, Expr w, Window window) {
    Sliding.checkRank(op, x, axes, window.isChannelsFirst());
    Broadcast.checkOneType(op, List.of(x, w));
    Sliding.checkNumbers(op, x);
    checkFilter(op, axes, x, w, window);
    return x.recorder()
        .atomically(() -> {
          if (window.isChannelsFirst()) {
            return Sliding.channelsFirst(
                lastConvolution(op, axes, Sliding.channelsLast(x), w, window));
          }
          return lastConvolution(op, axes, x, w, window);
        });
  }

  private static void checkFilter(String op, int axes, Expr x, Expr w, Window window) {
    if (!window.sizes().isEmpty()) {
      throw new ShapeException(
          op
              + ": the filter tells the window's size: "
              + Messages.describe(w)
              + "; use Window.strided or Window.padded instead of Window.of");
    }
    if (w.shape().rank() != axes + 2) {
      throw new ShapeException(
          op
              + ": the filter is [window..., in / groups, out] with "
              + (axes + 2)
              + " dims: "
              + Messages.describe(x, w));
    }
    Dim channels = x.shape().dim(window.isChannelsFirst() ? 1 : -1);
    int groups = window.groups();
    checkDivides(op, "the input's channels", channels, groups, x, w);
    checkDivides(op, "the filter's output channels", w.shape().dim(-1), groups, x, w);
    Dim in = w.shape().dim(-2);
    if (channels.isKnown() && in.isKnown() && in.value() * groups != channels.value()) {
      throw new ShapeException(
          op
              + ": the input has "
              + channels
              + " channels, the filter takes "
              + in
              + (groups > 1 ? " in each of " + groups + " groups" : "")
              + ": "
              + Messages.describe(x, w)
              + channelsFix(x, in.value() * groups, window.isChannelsFirst()));
    }
  }

  private static String channelsFix(Expr x, long wanted, boolean first) {
    if (!first && x.shape().dim(1).is(wanted)) {
      return "; for [batch, channels, ...] say Window.channelsFirst()";
    }
    if (first && x.shape().dim(-1).is(wanted)) {
      return "; for [batch, ..., channels] leave out channelsFirst()";
    }
    return "";
  }

  private static void checkDivides(
      String op, String what, Dim channels, int groups, Expr x, Expr w) {
    if (channels.isKnown() && channels.value() % groups != 0) {
      throw new ShapeException(
          op
              + ": "
              + groups
              + " groups do not divide "
              + what
              + ", "
              + channels
              + ": "
              + Messages.describe(x, w));
    }
  }

  private static Expr lastConvolution(String op, int axes, Expr x, Expr w, Window window) {
    List<Long> strides = Sliding.each(op, "the stride", window.strides(), axes, 1);
    List<Long> dilations = Sliding.each(op, "the dilation", window.dilations(), axes, 1);
    List<Dim> extents = extents(w, dilations);
    Expr padded = Sliding.padded(op, x, extents, strides, window.padding(), 0);
    Op convolution = new Convolution(strides, dilations);
    if (window.groups() > 1 && padded.shape().dim(-1).is(window.groups()) && w.shape().isKnown()) {
      return Depthwise.of(padded, w, strides, dilations);
    }
    if (window.groups() == 1) {
      return x.recorder().apply(convolution, List.of(padded, w));
    }
    List<Expr> operands =
        List.of(Grouping.split(padded, window.groups()), Grouping.splitFilter(w, window.groups()));
    return Grouping.join(x.recorder().apply(convolution, operands));
  }

  private static List<Dim> extents(Expr w, List<Long> dilations) {
    return IntStream.range(0, dilations.size())
        .mapToObj(axis -> Sliding.extent(w.shape().dim(axis), dilations.get(axis)))
        .toList();
  }
}
