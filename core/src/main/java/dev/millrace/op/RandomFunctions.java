package dev.millrace.op;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.List;

/**
 * Functions that make values: constants and random numbers.
 *
 * <p>Random numbers are counter-based: what a run draws depends on the graph's seed, the op and how
 * many runs the session has made, never on threads. Each run draws anew.
 */
public class RandomFunctions extends SelectionFunctions {
  /**
   * Standard normal distribution function at -2 and 2: the tails that a truncated normal leaves
   * out.
   */
  private static final double BELOW_MINUS_2 = 0.022750131948179207;

  RandomFunctions() {}

  /** A float32 tensor of zeros. */
  public static Tensor zeros(long... dims) {
    return Tensor.zeros(DType.FLOAT32, Shape.of(dims));
  }

  /** A float32 tensor of ones. */
  public static Tensor ones(long... dims) {
    return Tensor.filled(DType.FLOAT32, Shape.of(dims), 1);
  }

  /** A float32 tensor of {@code value}. */
  public static Tensor fill(double value, long... dims) {
    return Tensor.filled(DType.FLOAT32, Shape.of(dims), value);
  }

  /** {@code 0, 1, ..., size - 1}. */
  public static Expr iota(Recorder graph, DType dtype, Dim size) {
    return graph.apply(new Sources.Iota(dtype, size), List.of());
  }

  /**
   * float32 numbers uniform in [low, high); where float32 has few numbers in between, rounding can
   * give high itself.
   *
   * @throws MillraceException if low is not below high, or one is not finite
   */
  public static Expr uniform(Recorder graph, Shape shape, double low, double high) {
    if (!(low < high) || !Double.isFinite(high - low)) {
      throw new MillraceException(
          "uniform: needs finite numbers low < high, found " + low + " and " + high);
    }
    return uniform(graph, DType.FLOAT32, shape).times(high - low).plus(low);
  }

  /** Floating-point numbers uniform in (0, 1). */
  public static Expr uniform(Recorder graph, DType dtype, Shape shape) {
    Op uniform = new Sources.Uniform(dtype, shape, graph.nextSeed());
    return graph.apply(uniform, List.of(graph.run()));
  }

  /**
   * float32 numbers of the normal distribution with this mean and standard deviation.
   *
   * @throws MillraceException if the deviation is negative, or one is not finite
   */
  public static Expr normal(Recorder graph, Shape shape, double mean, double deviation) {
    checkMoments("normal", mean, deviation);
    return ndtri(uniform(graph, DType.FLOAT32, shape)).times(deviation).plus(mean);
  }

  private static void checkMoments(String op, double mean, double deviation) {
    if (!Double.isFinite(mean) || !(deviation >= 0) || Double.isInfinite(deviation)) {
      throw new MillraceException(
          op + ": needs a finite mean and a deviation from 0, found " + mean + " and " + deviation);
    }
  }

  /**
   * As {@link #normal}, without what lies more than two standard deviations from the mean.
   *
   * @throws MillraceException if the deviation is negative, or one is not finite
   */
  public static Expr truncatedNormal(Recorder graph, Shape shape, double mean, double deviation) {
    checkMoments("truncatedNormal", mean, deviation);
    Expr inner =
        uniform(graph, DType.FLOAT32, shape).times(1 - 2 * BELOW_MINUS_2).plus(BELOW_MINUS_2);
    return ndtri(inner).times(deviation).plus(mean);
  }

  /**
   * Sets a share of {@code rate} of the elements, drawn anew in each run, to 0 and scales the
   * others by {@code 1 / (1 - rate)}, which keeps the expected sum.
   *
   * @throws MillraceException if the rate is not in [0, 1)
   */
  public static Expr dropout(Expr x, double rate) {
    if (!(rate >= 0 && rate < 1)) {
      throw new MillraceException(
          "dropout: the rate is the share that is set to 0, in [0, 1), found " + rate);
    }
    checkFloating("dropout", x);
    if (rate == 0) {
      return x;
    }
    Expr keep = greaterEqual(uniform(x.recorder(), x.dtype(), x.shape()), like(x, rate));
    return select(keep, x.times(1 / (1 - rate)), 0);
  }
}
