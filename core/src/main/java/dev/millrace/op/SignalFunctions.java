package dev.millrace.op;

import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Tensor;
import java.util.ArrayList;
import java.util.function.DoubleUnaryOperator;

/** Short-time Fourier transforms, and windows for them. */
public class SignalFunctions extends FourierFunctions {
  /** Share of the greatest overlap of windows below which nothing can be recovered. */
  private static final double TINY = 1e-10;

  /** For the class that gathers all functions. */
  protected SignalFunctions() {}

  /**
   * The elements of x along the last axis in frames of {@code size}, whose starts are {@code hop}
   * apart: {@code [..., n] -> [..., frames, size]} with {@code frames = (n - size) / hop + 1}.
   *
   * @throws ShapeException if size or hop is below 1, or x is shorter than a frame
   */
  public static Expr frame(Expr x, long size, long hop) {
    checkFrames("frame", x, size, hop);
    return slidingWindow(x, -1, size, hop, 1);
  }

  private static void checkFrames(String op, Expr x, long size, long hop) {
    checkSize(op, size);
    if (hop < 1) {
      throw new ShapeException(op + ": the hop must be 1 or more, found " + hop);
    }
    Dim n = x.shape().rank() == 0 ? Dim.ZERO : x.shape().dim(-1);
    if (n.isKnown() && n.value() < size) {
      throw new ShapeException(
          op
              + ": the last axis must have a frame of "
              + size
              + " or more: "
              + Messages.describe(x)
              + "; pad it first");
    }
  }

  /**
   * The sum of frames whose starts are {@code hop} apart: {@code [..., frames, size] -> [...,
   * (frames - 1) * hop + size]}.
   */
  public static Expr overlapAdd(Expr frames, long hop) {
    Dim extent = frames.shape().rank() < 2 ? Dim.of("size") : frames.shape().dim(-1);
    if (!extent.isKnown()) {
      throw new ShapeException(
          "overlapAdd: takes [..., frames, size] with a known size: " + Messages.describe(frames));
    }
    long size = extent.value();
    checkFrames("overlapAdd", frames, size, hop);
    int rank = frames.shape().rank();
    long pieces = (size + hop - 1) / hop;
    Expr whole = padded(frames, rank - 1, 0, pieces * hop - size);
    Expr sum = piece(whole, 0, pieces, hop);
    for (long number = 1; number < pieces; number++) {
      sum = sum.plus(piece(whole, number, pieces, hop));
    }
    var dims = new ArrayList<>(sum.shape().dims().subList(0, rank - 2));
    dims.add(sum.shape().dim(-2).times(sum.shape().dim(-1)));
    Dim kept = frames.shape().dim(-2).plus(-1).times(hop).plus(size);
    return slice(reshape(sum, Shape.of(dims)), -1, Dim.ZERO, kept, 1);
  }

  /** A hop of each frame, where it lies among the hops of the sum. */
  private static Expr piece(Expr whole, long number, long pieces, long hop) {
    Expr part = slice(whole, -1, number * hop, (number + 1) * hop);
    return padded(part, whole.shape().rank() - 2, number, pieces - 1 - number);
  }

  private static Expr padded(Expr x, int axis, long before, long after) {
    long[] front = new long[x.shape().rank()];
    long[] behind = new long[front.length];
    front[axis] = before;
    behind[axis] = after;
    return pad(x, front, behind, 0);
  }

  /**
   * The {@link #rfft} of each {@link #frame} times the window: {@code [..., n] x [size] -> [...,
   * frames, size / 2 + 1]}. Frames lie within x; pad it to center them.
   */
  public static Complex stft(Expr x, Expr window, long hop) {
    checkFloating("stft", x);
    return rfft(frame(x, size("stft", window), hop).times(window));
  }

  private static long size(String op, Expr window) {
    if (window.shape().rank() != 1 || !window.shape().dim(0).isKnown()) {
      throw new ShapeException(
          op + ": the window must be a vector of a known size: " + Messages.describe(window));
    }
    return window.shape().dim(0).value();
  }

  /**
   * The x with the least squared difference of its {@link #stft} from y; x itself where y is that
   * of an x, for every element that a window covers. Others are 0. Source: Griffin and Lim, "Signal
   * estimation from modified short-time Fourier transform", 1984.
   */
  public static Expr istft(Complex y, Expr window, long hop) {
    long size = size("istft", window);
    Expr frames = irfft(y, size, -1).times(window);
    Expr sum = overlapAdd(frames, hop);
    Expr counts = like(window, 1).broadcastTo(Shape.of(frames.shape().dim(-2), Dim.of(size)));
    Expr squares = overlapAdd(counts.times(square(window)), hop);
    Expr covered = greater(squares, reduceMax(squares).times(TINY));
    return select(covered, sum.dividedBy(select(covered, squares, 1)), 0);
  }

  private static Tensor window(String op, int size, boolean periodic, DoubleUnaryOperator shape) {
    checkSize(op, size);
    int steps = periodic ? size : size - 1;
    float[] numbers = new float[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = size == 1 ? 1 : (float) shape.applyAsDouble((double) i / steps);
    }
    return Tensor.of(Shape.of(size), numbers);
  }

  /** {@link #hannWindow(int, boolean)}, periodic. */
  public static Tensor hannWindow(int size) {
    return hannWindow(size, true);
  }

  /**
   * {@code 0.5 - 0.5 cos(2 pi i / n)}, float32, for i below {@code size}: n is the size, or one
   * less for a symmetric window, as NumPy's.
   */
  public static Tensor hannWindow(int size, boolean periodic) {
    return window("hannWindow", size, periodic, t -> 0.5 - 0.5 * Math.cos(2 * Math.PI * t));
  }

  /** {@link #hammingWindow(int, boolean)}, periodic. */
  public static Tensor hammingWindow(int size) {
    return hammingWindow(size, true);
  }

  /** {@code 0.54 - 0.46 cos(2 pi i / n)}, float32; see {@link #hannWindow(int, boolean)}. */
  public static Tensor hammingWindow(int size, boolean periodic) {
    return window("hammingWindow", size, periodic, t -> 0.54 - 0.46 * Math.cos(2 * Math.PI * t));
  }

  /** {@link #blackmanWindow(int, boolean)}, periodic. */
  public static Tensor blackmanWindow(int size) {
    return blackmanWindow(size, true);
  }

  /** {@code 0.42 - 0.5 cos(2 pi i / n) + 0.08 cos(4 pi i / n)}, float32. */
  public static Tensor blackmanWindow(int size, boolean periodic) {
    return window(
        "blackmanWindow",
        size,
        periodic,
        t -> 0.42 - 0.5 * Math.cos(2 * Math.PI * t) + 0.08 * Math.cos(4 * Math.PI * t));
  }

  /** {@link #bartlettWindow(int, boolean)}, periodic. */
  public static Tensor bartlettWindow(int size) {
    return bartlettWindow(size, true);
  }

  /** {@code 1 - |2 i / n - 1|}, float32. */
  public static Tensor bartlettWindow(int size, boolean periodic) {
    return window("bartlettWindow", size, periodic, t -> 1 - Math.abs(2 * t - 1));
  }

  /**
   * {@code I0(beta sqrt(1 - (2 i / n - 1)^2)) / I0(beta)}, float32, with n one less than the size
   * and Bessel's function I0.
   */
  public static Tensor kaiserWindow(int size, double beta) {
    double most = bessel(beta);
    return window(
        "kaiserWindow",
        size,
        false,
        t -> bessel(beta * Math.sqrt(Math.max(0, 1 - (2 * t - 1) * (2 * t - 1)))) / most);
  }

  /** {@code I0(x) = sum of ((x/2)^k / k!)^2}; all terms are positive. */
  private static double bessel(double x) {
    double sum = 1;
    double term = 1;
    for (int k = 1; term > sum * 1e-17; k++) {
      term *= x / 2 / k * (x / 2 / k);
      sum += term;
    }
    return sum;
  }
}
