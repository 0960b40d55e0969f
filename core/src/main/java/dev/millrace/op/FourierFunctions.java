package dev.millrace.op;

import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Discrete Fourier transforms of any size, in O(n log n), computed in double precision; each
 * derivative is a transform too. As in NumPy, the inverse divides by the number of elements.
 */
public class FourierFunctions extends DistributionFunctions {
  /** For the class that gathers all functions. */
  protected FourierFunctions() {}

  /** {@link #fft(Complex, int)} along the last axis. */
  public static Complex fft(Complex x) {
    return fft(x, -1);
  }

  /** {@code y[k] = sum over j of x[j] e^(-2 pi i j k / n)} along {@code axis}. */
  public static Complex fft(Complex x, int axis) {
    return along(new Fft(false), x, axis);
  }

  /** {@link #ifft(Complex, int)} along the last axis. */
  public static Complex ifft(Complex x) {
    return ifft(x, -1);
  }

  /** The inverse, {@code x[j] = 1/n sum over k of y[k] e^(2 pi i j k / n)}, along {@code axis}. */
  public static Complex ifft(Complex y, int axis) {
    Complex sum = along(new Fft(true), y, axis);
    return new Complex(mean(sum.real(), axis), mean(sum.imaginary(), axis));
  }

  private static Expr mean(Expr sum, int axis) {
    return sum.dividedBy(sizeAs(sum, sum.shape().dim(axis)));
  }

  private static Complex along(Fft transform, Complex x, int axis) {
    Expr real = x.real();
    Recorder graph = real.recorder();
    return graph.atomically(() -> {
      Broadcast.checkOneType(transform.name(), List.of(real, x.imaginary()));
      Shape shape = graph.commonShape(transform.name(), List.of(real, x.imaginary()), 0);
      Complex whole = x.each(part -> broadcastTo(part, shape));
      if (shape.rank() == 0) {
        return transform.of(whole);
      }
      int at = Axes.check(transform.name(), whole.real(), axis);
      return transform.of(whole.each(part -> last(part, at))).each(part -> last(part, at));
    });
  }

  /** x with this axis and the last one swapped. */
  private static Expr last(Expr x, int axis) {
    int rank = x.shape().rank();
    int[] order = IntStream.range(0, rank).toArray();
    order[axis] = rank - 1;
    order[rank - 1] = axis;
    return axis == rank - 1 ? x : transpose(x, order);
  }

  /** {@link #fft} along the last two axes. */
  public static Complex fft2(Complex x) {
    return fftN(x, -2, -1);
  }

  /** {@link #ifft} along the last two axes. */
  public static Complex ifft2(Complex x) {
    return ifftN(x, -2, -1);
  }

  /** {@link #fft} along each of {@code axes}, or along all. */
  public static Complex fftN(Complex x, int... axes) {
    Complex y = x;
    for (int axis : Axes.check("fftN", x.real(), axes)) {
      y = fft(y, axis);
    }
    return y;
  }

  /** {@link #ifft} along each of {@code axes}, or along all. */
  public static Complex ifftN(Complex x, int... axes) {
    Complex y = x;
    for (int axis : Axes.check("ifftN", x.real(), axes)) {
      y = ifft(y, axis);
    }
    return y;
  }

  /** {@link #rfft(Expr, int)} along the last axis. */
  public static Complex rfft(Expr x) {
    return rfft(x, -1);
  }

  /**
   * The first {@code n / 2 + 1} numbers of the transform of real x; the others are their
   * conjugates, in the opposite order.
   */
  public static Complex rfft(Expr x, int axis) {
    int at = Axes.checkFilled("rfft", x, axis);
    checkFloating("rfft", x);
    Dim kept = x.shape().dim(at).floorDividedBy(2).plus(1);
    return fft(Complex.of(x), at).each(part -> slice(part, at, Dim.ZERO, kept, 1));
  }

  /** {@link #irfft(Complex, long, int)} of an even size along the last axis. */
  public static Expr irfft(Complex y) {
    Dim half = y.real().shape().rank() == 0 ? Dim.ONE : y.real().shape().dim(-1).plus(-1);
    return irfft(y, half.times(2), -1);
  }

  /**
   * The {@code size} real numbers whose {@link #rfft} is y; imaginary parts that it cannot have are
   * ignored.
   *
   * @throws ShapeException if y has not {@code size / 2 + 1} numbers along the axis
   */
  public static Expr irfft(Complex y, long size, int axis) {
    return irfft(y, Dim.of(size), axis);
  }

  private static Expr irfft(Complex y, Dim size, int axis) {
    int at = Axes.check("irfft", y.real(), axis);
    Dim found = y.real().shape().dim(at);
    Dim needed = size.floorDividedBy(2).plus(1);
    boolean differs = found.isKnown() && needed.isKnown() && !found.equals(needed);
    if (differs || (size.isKnown() && size.value() < 1)) {
      throw new ShapeException(
          "irfft: "
              + size
              + " real numbers have "
              + needed
              + " complex ones, found "
              + found
              + ": "
              + Messages.describe(y.real())
              + "; crop or pad them first");
    }
    Dim more = size.minus(found);
    Complex rest = y.each(part -> reverse(slice(part, at, Dim.ONE, more, 1), at)).conj();
    Complex whole =
        new Complex(concat(at, y.real(), rest.real()), concat(at, y.imaginary(), rest.imaginary()));
    return ifft(whole, at).real();
  }

  /** {@link #rfft} along the last two axes: {@code [..., h, w] -> [..., h, w / 2 + 1]}. */
  public static Complex rfft2(Expr x) {
    return fft(rfft(x, -1), -2);
  }

  /** The inverse of {@link #rfft2} for images of this width. */
  public static Expr irfft2(Complex y, long width) {
    return irfft(ifft(y, -2), width, -1);
  }

  /** The frequency 0 moved from the start of {@code axis} to its middle. */
  public static Expr fftShift(Expr x, int axis) {
    return shifted("fftShift", x, axis, 0);
  }

  /** What {@link #fftShift} does, undone. */
  public static Expr ifftShift(Expr x, int axis) {
    return shifted("ifftShift", x, axis, 1);
  }

  /** The part from {@code (n + 1 - more) / 2} on first, of n numbers. */
  private static Expr shifted(String op, Expr x, int axis, int more) {
    int at = Axes.check(op, x, axis);
    Dim n = x.shape().dim(at);
    Dim first = n.plus(1 - more).floorDividedBy(2);
    return concat(at, slice(x, at, first, n.minus(first), 1), slice(x, at, Dim.ZERO, first, 1));
  }

  /**
   * The frequencies of {@link #fft} of {@code size} numbers that are {@code spacing} apart,
   * float64: {@code 0, 1, ..., -2, -1} over {@code size * spacing}.
   */
  public static Tensor fftFrequencies(int size, double spacing) {
    checkSize("fftFrequencies", size);
    return Tensor.of(
        Shape.of(size),
        IntStream.range(0, size)
            .mapToDouble(k -> (k < (size + 1) / 2 ? k : k - size) / (size * spacing))
            .toArray());
  }

  /** The frequencies of {@link #rfft}, float64. */
  public static Tensor rfftFrequencies(int size, double spacing) {
    checkSize("rfftFrequencies", size);
    return Tensor.of(
        Shape.of(size / 2 + 1),
        IntStream.rangeClosed(0, size / 2).mapToDouble(k -> k / (size * spacing)).toArray());
  }

  static void checkSize(String op, long size) {
    if (size < 1) {
      throw new ShapeException(op + ": the size must be 1 or more, found " + size);
    }
  }
}
