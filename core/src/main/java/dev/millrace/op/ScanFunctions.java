package dev.millrace.op;

/**
 * Functions of what has been folded so far along an axis, in O(n). Each comes in a plain form and
 * in one with {@code exclusive}, which leaves out the element of the step itself and begins with
 * the neutral element, and {@code reverse}, which goes from the end to the start.
 */
public class ScanFunctions extends IndexingFunctions {
  ScanFunctions() {}

  /** {@code y[i] = x[0] + ... + x[i]}. */
  public static Expr cumulativeSum(Expr x, int axis) {
    return cumulativeSum(x, axis, false, false);
  }

  /** {@link #cumulativeSum(Expr, int)}, exclusive from 0, or in reverse. */
  public static Expr cumulativeSum(Expr x, int axis, boolean exclusive, boolean reverse) {
    return scan(Scan.Kind.SUM, x, axis, exclusive, reverse);
  }

  /** {@code y[i] = x[0] * ... * x[i]}; derivatives are exact where elements are 0. */
  public static Expr cumulativeProd(Expr x, int axis) {
    return cumulativeProd(x, axis, false, false);
  }

  /** {@link #cumulativeProd(Expr, int)}, exclusive from 1, or in reverse. */
  public static Expr cumulativeProd(Expr x, int axis, boolean exclusive, boolean reverse) {
    return scan(Scan.Kind.PRODUCT, x, axis, exclusive, reverse);
  }

  /**
   * {@code y[i] = max(x[0], ..., x[i])}; NaN from the first NaN on. Of equal elements the last one
   * gets the derivative.
   */
  public static Expr cumulativeMax(Expr x, int axis) {
    return cumulativeMax(x, axis, false, false);
  }

  /** {@link #cumulativeMax(Expr, int)}, exclusive from the type's least value, or in reverse. */
  public static Expr cumulativeMax(Expr x, int axis, boolean exclusive, boolean reverse) {
    return scan(Scan.Kind.MAX, x, axis, exclusive, reverse);
  }

  /** {@code y[i] = min(x[0], ..., x[i])}; otherwise as {@link #cumulativeMax(Expr, int)}. */
  public static Expr cumulativeMin(Expr x, int axis) {
    return cumulativeMin(x, axis, false, false);
  }

  /** {@link #cumulativeMin(Expr, int)}, exclusive from the type's greatest value, or in reverse. */
  public static Expr cumulativeMin(Expr x, int axis, boolean exclusive, boolean reverse) {
    return scan(Scan.Kind.MIN, x, axis, exclusive, reverse);
  }

  /** {@code y[i] = log(exp(x[0]) + ... + exp(x[i]))}, without overflow; floating point. */
  public static Expr cumulativeLogSumExp(Expr x, int axis) {
    return cumulativeLogSumExp(x, axis, false, false);
  }

  /** {@link #cumulativeLogSumExp(Expr, int)}, exclusive from -infinity, or in reverse. */
  public static Expr cumulativeLogSumExp(Expr x, int axis, boolean exclusive, boolean reverse) {
    return scan(Scan.Kind.LOG_SUM_EXP, x, axis, exclusive, reverse);
  }

  /**
   * {@code y[i] = a[i] * y[i - 1] + b[i]} along an axis, from 0: filters, discounted sums, states
   * that decay. Both operands have the result's shape.
   */
  public static Expr linearRecurrence(Expr a, Expr b, int axis) {
    int along = Axes.check("linearRecurrence", a, axis);
    return new Scan(Scan.Kind.RECURRENCE, along, false, false).of(a, b);
  }

  private static Expr scan(Scan.Kind kind, Expr x, int axis, boolean exclusive, boolean reverse) {
    return new Scan(kind, Axes.check(kind.text(), x, axis), exclusive, reverse).of(x);
  }
}
