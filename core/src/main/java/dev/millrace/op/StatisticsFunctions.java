package dev.millrace.op;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.MillraceException;
import java.util.List;
import java.util.function.Function;

/**
 * Folds that are made of sums and extremes: norms, variances, logarithms of sums, counts. Axes
 * count from the end where negative; no axes means all of them. The {@code keepDims} forms leave a
 * dim of 1 for each.
 */
public class StatisticsFunctions extends SortFunctions {
  StatisticsFunctions() {}

  /** {@link #reduceProd} that leaves dims of 1. */
  public static Expr reduceProdKeepDims(Expr x, int... axes) {
    return kept(reduceProd(x, axes), x, axes);
  }

  /** {@link #reduceMin} that leaves dims of 1. */
  public static Expr reduceMinKeepDims(Expr x, int... axes) {
    return kept(reduceMin(x, axes), x, axes);
  }

  /** {@link #reduceAny} that leaves dims of 1. */
  public static Expr reduceAnyKeepDims(Expr x, int... axes) {
    return kept(reduceAny(x, axes), x, axes);
  }

  /** {@link #reduceAll} that leaves dims of 1. */
  public static Expr reduceAllKeepDims(Expr x, int... axes) {
    return kept(reduceAll(x, axes), x, axes);
  }

  /** {@link #argMax} that leaves a dim of 1. */
  public static Expr argMaxKeepDims(Expr x, int axis) {
    return kept(argMax(x, axis), x, axis);
  }

  /** {@link #argMin} that leaves a dim of 1. */
  public static Expr argMinKeepDims(Expr x, int axis) {
    return kept(argMin(x, axis), x, axis);
  }

  private static Expr kept(Expr reduced, Expr x, int... axes) {
    return expandDims(reduced, Axes.check("keepDims", x, axes));
  }

  private static Expr dropped(Expr kept, Expr x, int... axes) {
    List<Integer> gone = Axes.check("reduce", x, axes);
    return gone.isEmpty() ? kept : kept.recorder().apply(new Views.Squeeze(gone), List.of(kept));
  }

  /**
   * {@code log(sum(exp(x)))} without overflow: the greatest element is taken out first. -infinity
   * of nothing; floating point.
   */
  public static Expr reduceLogSumExp(Expr x, int... axes) {
    return dropped(reduceLogSumExpKeepDims(x, axes), x, axes);
  }

  /** {@link #reduceLogSumExp} that leaves dims of 1. */
  public static Expr reduceLogSumExpKeepDims(Expr x, int... axes) {
    checkFloating("reduceLogSumExp", x);
    Expr greatest = reduceMaxKeepDims(x, axes);
    Expr finite = less(greatest.abs(), like(greatest, Double.POSITIVE_INFINITY));
    Expr shift = stopGradient(select(finite, greatest, 0));
    return reduceSumKeepDims(x.minus(shift).exp(), axes).log().plus(shift);
  }

  /** {@code log(sum(x))}; floating point. */
  public static Expr reduceLogSum(Expr x, int... axes) {
    return reduceSum(x, axes).log();
  }

  /** {@link #reduceLogSum} that leaves dims of 1. */
  public static Expr reduceLogSumKeepDims(Expr x, int... axes) {
    return reduceSumKeepDims(x, axes).log();
  }

  /** {@code sum(x^2)}. */
  public static Expr reduceSumSquare(Expr x, int... axes) {
    return reduceSum(x.square(), axes);
  }

  /** {@link #reduceSumSquare} that leaves dims of 1. */
  public static Expr reduceSumSquareKeepDims(Expr x, int... axes) {
    return reduceSumKeepDims(x.square(), axes);
  }

  /** Sum of magnitudes, {@code sum(|x|)}. */
  public static Expr reduceL1(Expr x, int... axes) {
    return reduceSum(x.abs(), axes);
  }

  /** {@link #reduceL1} that leaves dims of 1. */
  public static Expr reduceL1KeepDims(Expr x, int... axes) {
    return reduceSumKeepDims(x.abs(), axes);
  }

  /** Euclidean norm, {@code sqrt(sum(x^2))}; its derivative is 0 where all is 0. */
  public static Expr reduceL2(Expr x, int... axes) {
    return root("reduceL2", reduceSumSquare(x, axes), Expr::sqrt);
  }

  /** {@link #reduceL2} that leaves dims of 1. */
  public static Expr reduceL2KeepDims(Expr x, int... axes) {
    return root("reduceL2", reduceSumSquareKeepDims(x, axes), Expr::sqrt);
  }

  /** {@code root} of sums from 0 on, with the derivative 0 at 0. */
  private static Expr root(String op, Expr sum, Function<Expr, Expr> root) {
    checkFloating(op, sum);
    Expr isZero = sum.equalTo(like(sum, 0));
    return select(isZero, 0, root.apply(select(isZero, 1, sum)));
  }

  /**
   * Norm of order p, {@code sum(|x|^p)^(1/p)}; p may be infinite, for the greatest or the least
   * magnitude, and 0, for the number of elements other than 0.
   *
   * @throws MillraceException if p is NaN
   */
  public static Expr reduceNorm(Expr x, double p, int... axes) {
    return dropped(reduceNormKeepDims(x, p, axes), x, axes);
  }

  /** {@link #reduceNorm} that leaves dims of 1. */
  public static Expr reduceNormKeepDims(Expr x, double p, int... axes) {
    checkFloating("reduceNorm", x);
    if (Double.isNaN(p)) {
      throw new MillraceException("reduceNorm: p must be a number, found NaN");
    }
    if (Double.isInfinite(p)) {
      return p > 0 ? reduceMaxKeepDims(x.abs(), axes) : reduceMinKeepDims(x.abs(), axes);
    }
    if (p == 0) {
      return reduceSumKeepDims(notEqual(x, like(x, 0)).cast(x.dtype()), axes);
    }
    if (p == 1) {
      return reduceL1KeepDims(x, axes);
    }
    if (p == 2) {
      return reduceL2KeepDims(x, axes);
    }
    if (p < 0) {
      return reduceSumKeepDims(x.abs().pow(p), axes).pow(1 / p);
    }
    Expr powers = root("reduceNorm", x.abs(), magnitude -> magnitude.pow(p));
    return root("reduceNorm", reduceSumKeepDims(powers, axes), sum -> sum.pow(1 / p));
  }

  /** Mean of squared distances from the mean; floating point, NaN of nothing. */
  public static Expr reduceVariance(Expr x, int... axes) {
    return dropped(reduceVarianceKeepDims(x, axes), x, axes);
  }

  /** {@link #reduceVariance} that leaves dims of 1. */
  public static Expr reduceVarianceKeepDims(Expr x, int... axes) {
    return variance("reduceVariance", x, 0, axes);
  }

  /**
   * Variance estimated from a sample: the sum of squared distances from the mean, divided by the
   * number of elements less 1. NaN of one element.
   */
  public static Expr reduceSampleVariance(Expr x, int... axes) {
    return dropped(reduceSampleVarianceKeepDims(x, axes), x, axes);
  }

  /** {@link #reduceSampleVariance} that leaves dims of 1. */
  public static Expr reduceSampleVarianceKeepDims(Expr x, int... axes) {
    return variance("reduceSampleVariance", x, 1, axes);
  }

  /** Square root of {@link #reduceVariance}; its derivative is 0 where that is 0. */
  public static Expr reduceStd(Expr x, int... axes) {
    return root("reduceStd", reduceVariance(x, axes), Expr::sqrt);
  }

  /** {@link #reduceStd} that leaves dims of 1. */
  public static Expr reduceStdKeepDims(Expr x, int... axes) {
    return root("reduceStd", reduceVarianceKeepDims(x, axes), Expr::sqrt);
  }

  /** Square root of {@link #reduceSampleVariance}; its derivative is 0 where that is 0. */
  public static Expr reduceSampleStd(Expr x, int... axes) {
    return root("reduceSampleStd", reduceSampleVariance(x, axes), Expr::sqrt);
  }

  /** {@link #reduceSampleStd} that leaves dims of 1. */
  public static Expr reduceSampleStdKeepDims(Expr x, int... axes) {
    return root("reduceSampleStd", reduceSampleVarianceKeepDims(x, axes), Expr::sqrt);
  }

  private static Expr variance(String op, Expr x, long less, int... axes) {
    checkFloating(op, x);
    Dim count = Dim.ONE;
    for (int axis : Axes.check(op, x, axes)) {
      count = count.times(x.shape().dim(axis));
    }
    Expr distances = x.minus(reduceMeanKeepDims(x, axes));
    return reduceSumSquareKeepDims(distances, axes).dividedBy(sizeAs(x, count.plus(-less)));
  }

  /** How many elements are not 0 (or are true), int64. */
  public static Expr countNonZero(Expr x, int... axes) {
    return reduceSum(x.cast(DType.BOOL).cast(DType.INT64), axes);
  }

  /** {@link #countNonZero} that leaves dims of 1. */
  public static Expr countNonZeroKeepDims(Expr x, int... axes) {
    return reduceSumKeepDims(x.cast(DType.BOOL).cast(DType.INT64), axes);
  }

  /** {@code count - 1} distances of neighbours along {@code axis}, {@code x[i + 1] - x[i]}. */
  public static Expr diff(Expr x, int axis) {
    int along = Axes.check("diff", x, axis);
    if (!x.dtype().isNumeric()) {
      throw new DTypeException("diff: takes numbers: " + Messages.describe(x));
    }
    Dim pairs = x.shape().dim(along).minus(Dim.ONE);
    return slice(x, along, Dim.ONE, pairs, 1).minus(slice(x, along, Dim.ZERO, pairs, 1));
  }
}
