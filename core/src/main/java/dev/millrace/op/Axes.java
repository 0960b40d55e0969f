package dev.millrace.op;

import dev.millrace.kernel.Index;
import dev.millrace.tensor.ShapeException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Arithmetic on axis numbers. */
final class Axes {
  private Axes() {}

  /**
   * {@code axis} counted from the start.
   *
   * @throws ShapeException if {@code x} has no such axis
   */
  static int check(String op, Expr x, int axis) {
    int rank = x.shape().rank();
    if (axis < -rank || axis >= rank) {
      throw new ShapeException(
          op
              + ": axis "
              + axis
              + " is outside of "
              + x.shape()
              + ", which has axes "
              + (rank == 0 ? "none" : "0 to " + (rank - 1) + " (or -" + rank + " to -1)")
              + ": "
              + Messages.describe(x));
    }
    return axis < 0 ? axis + rank : axis;
  }

  /**
   * As {@link #check(String, Expr, int)}, for what takes an element along the axis.
   *
   * @throws ShapeException also if the axis is known to have none
   */
  static int checkFilled(String op, Expr x, int axis) {
    int fromStart = check(op, x, axis);
    if (x.shape().dim(fromStart).is(0)) {
      throw new ShapeException(
          op + ": axis " + axis + " must have an element: " + Messages.describe(x));
    }
    return fromStart;
  }

  /** These axes from the start, ascending; all of them if none is given. */
  static List<Integer> check(String op, Expr x, int... axes) {
    if (axes.length == 0) {
      return IntStream.range(0, x.shape().rank()).boxed().toList();
    }
    var checked = new ArrayList<Integer>();
    for (int axis : axes) {
      int fromStart = check(op, x, axis);
      if (checked.contains(fromStart)) {
        throw new ShapeException(
            op + ": axis " + axis + " is given twice: " + Messages.describe(x));
      }
      checked.add(fromStart);
    }
    return checked.stream().sorted().toList();
  }

  /** The coordinate of each of {@code rank} axes as an index. */
  static List<Index> identity(int rank) {
    return new ArrayList<>(IntStream.range(0, rank).mapToObj(Index::ofVariable).toList());
  }
}
