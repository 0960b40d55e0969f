package dev.millrace.bench.plot;

import java.util.List;

/**
 * A line of a plot.
 *
 * @param name what the legend calls it
 * @param points from left to right
 * @param isMeasured false for a line that is drawn for comparison: dashed, without marks
 */
public record Series(String name, List<Point> points, boolean isMeasured) {
  /** Both numbers are positive: axes are logarithmic. */
  public record Point(double x, double y) {}

  /** What was measured. */
  public static Series measured(String name, List<Point> points) {
    return new Series(name, List.copyOf(points), true);
  }

  /**
   * The line through the last point of {@code measured} on which y grows as {@code x} to the power
   * of {@code exponent}: 1 where it grows as x does, -1 where it falls as x grows.
   */
  public static Series inProportion(String name, Series measured, double exponent) {
    Point first = measured.points.getFirst();
    Point last = measured.points.getLast();
    Point anchor = exponent < 0 ? first : last;
    List<Point> ends =
        List.of(first, last).stream()
            .map(p -> new Point(p.x, anchor.y * Math.pow(p.x / anchor.x, exponent)))
            .toList();
    return new Series(name, ends, false);
  }
}
