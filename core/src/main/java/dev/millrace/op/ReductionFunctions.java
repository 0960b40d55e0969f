package dev.millrace.op;

import dev.millrace.kernel.Statement.Combiner;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Dim;
import java.util.List;

/**
 * Functions that fold along axes. Axes count from the end where negative; no axes means all of
 * them, which gives a scalar. The {@code keepDims} forms leave a dim of 1 for each.
 */
public class ReductionFunctions extends RoundingFunctions {
  ReductionFunctions() {}

  /** Sum over {@code axes}; 0 where there is nothing. */
  public static Expr reduceSum(Expr x, int... axes) {
    return reduce(Combiner.SUM, x, axes);
  }

  /** Product over {@code axes}; 1 where there is nothing. */
  public static Expr reduceProd(Expr x, int... axes) {
    return reduce(Combiner.PRODUCT, x, axes);
  }

  /** Greatest element over {@code axes}; -infinity or the type's least value of nothing. */
  public static Expr reduceMax(Expr x, int... axes) {
    return reduce(Combiner.MAXIMUM, x, axes);
  }

  /** Smallest element over {@code axes}; infinity or the type's greatest value of nothing. */
  public static Expr reduceMin(Expr x, int... axes) {
    return reduce(Combiner.MINIMUM, x, axes);
  }

  /** Mean over {@code axes}; floating point; NaN of nothing. */
  public static Expr reduceMean(Expr x, int... axes) {
    if (!x.dtype().isFloating()) {
      throw new DTypeException(
          "reduceMean: takes floating point: "
              + Messages.describe(x)
              + "; convert it with cast(x, FLOAT32) first");
    }
    Dim count = Dim.ONE;
    for (int axis : Axes.check("reduceMean", x, axes)) {
      count = count.times(x.shape().dim(axis));
    }
    // Neither the sum nor the count need be a number of 16 bits.
    Expr wide = x.dtype().isHalf() ? x.cast(DType.FLOAT32) : x;
    return reduceSum(wide, axes).dividedBy(sizeAs(wide, count)).cast(x.dtype());
  }

  /** A dim, known or not, as a scalar of the type of {@code x}. */
  static Expr sizeAs(Expr x, Dim dim) {
    return dim.isKnown()
        ? like(x, (double) dim.value())
        : x.recorder().apply(new Sources.DimValue(x.dtype(), dim), List.of());
  }

  /** Whether any element of a bool x is true. */
  public static Expr reduceAny(Expr x, int... axes) {
    return reduce(Combiner.MAXIMUM, checkBool("reduceAny", x), axes);
  }

  /** Whether all elements of a bool x are true. */
  public static Expr reduceAll(Expr x, int... axes) {
    return reduce(Combiner.MINIMUM, checkBool("reduceAll", x), axes);
  }

  private static Expr checkBool(String op, Expr x) {
    if (x.dtype() != DType.BOOL) {
      throw new DTypeException(op + ": takes bool: " + Messages.describe(x));
    }
    return x;
  }

  /**
   * Position of the first greatest element along {@code axis}, int64; the first NaN wins, -1 of
   * nothing.
   */
  public static Expr argMax(Expr x, int axis) {
    return reduce(Combiner.FIRST_MAXIMUM, x, axis);
  }

  /**
   * Position of the first smallest element along {@code axis}, int64; the first NaN wins, -1 of
   * nothing.
   */
  public static Expr argMin(Expr x, int axis) {
    return reduce(Combiner.FIRST_MINIMUM, x, axis);
  }

  /** {@link #reduceSum} that leaves dims of 1. */
  public static Expr reduceSumKeepDims(Expr x, int... axes) {
    return keep("reduceSum", reduceSum(x, axes), x, axes);
  }

  /** {@link #reduceMean} that leaves dims of 1. */
  public static Expr reduceMeanKeepDims(Expr x, int... axes) {
    return keep("reduceMean", reduceMean(x, axes), x, axes);
  }

  /** {@link #reduceMax} that leaves dims of 1. */
  public static Expr reduceMaxKeepDims(Expr x, int... axes) {
    return keep("reduceMax", reduceMax(x, axes), x, axes);
  }

  private static Expr keep(String op, Expr reduced, Expr x, int... axes) {
    return expandDims(reduced, Axes.check(op, x, axes));
  }

  private static Expr reduce(Combiner combiner, Expr x, int... axes) {
    List<Integer> checked = Axes.check(new Reduce(combiner, List.of()).name(), x, axes);
    return combiner.isPosition()
        ? x.recorder().apply(new Reduce(combiner, checked), List.of(x))
        : reduce(combiner, x, checked);
  }

  /**
   * The trailing axes first and then the others: the first part works on whole rows, which the
   * compiler fuses with what computes them and spreads over threads. Of several leading axes the
   * batch comes last, so that examples are spread over threads.
   */
  private static Expr reduce(Combiner combiner, Expr x, List<Integer> axes) {
    if (axes.isEmpty()) {
      return x;
    }
    int trailing = axes.size();
    while (trailing > 0
        && axes.get(trailing - 1) == x.shape().rank() - axes.size() + trailing - 1) {
      trailing--;
    }
    boolean all = trailing == 0 && axes.size() == x.shape().rank() && axes.size() > 1;
    boolean leading = trailing == axes.size() && axes.size() > 1 && axes.getFirst() == 0;
    int split = all || leading ? 1 : trailing == axes.size() ? 0 : trailing;
    List<Integer> rows = axes.subList(split, axes.size());
    Expr reduced = x.recorder().apply(new Reduce(combiner, List.copyOf(rows)), List.of(x));
    return reduce(combiner, reduced, axes.subList(0, split));
  }

  static Expr sum(Expr x, List<Integer> axes) {
    return reduce(Combiner.SUM, x, axes);
  }
}
