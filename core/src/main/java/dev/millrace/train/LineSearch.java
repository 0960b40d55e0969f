package dev.millrace.train;

import dev.millrace.train.LbfgsMinimizer.Point;
import java.util.function.Function;

/**
 * Finds how far to go along a direction: to where the loss has fallen as the slope promised ({@code
 * loss <= start + c1 t slope}) and the slope is nearly level ({@code |slope(t)| <= c2 |slope|}),
 * the strong Wolfe conditions. Nocedal and Wright, Numerical Optimization (2006), algorithms 3.5
 * and 3.6.
 */
final class LineSearch {
  private static final double FALL = 1e-4;

  /** Nearer to a minimum along the line than the usual 0.9: the estimate learns more of it. */
  private static final double LEVEL = 0.1;

  private static final int MOST = 30;
  private static final double GROWTH = 2.5;

  /** A place on the line. */
  private record Place(double t, Point point, double slope) {}

  private final Function<double[], Point> evaluate;
  private final double[] direction;
  private final Place start;
  private int left = MOST;

  LineSearch(Function<double[], Point> evaluate, Point start, double... direction) {
    this.evaluate = evaluate;
    this.direction = direction.clone();
    this.start = new Place(0, start, Vectors.dot(start.gradient(), direction));
  }

  /** The end of the step; the start where nothing lower is found. The first try is {@code t}. */
  Point from(double t) {
    Place before = start;
    Place now = at(t);
    while (left > 0) {
      if (isHigh(now) || (before != start && now.point.loss() >= before.point.loss())) {
        return between(before, now);
      }
      if (isLevel(now)) {
        return now.point;
      }
      if (now.slope >= 0) {
        return between(now, before);
      }
      before = now;
      now = at(now.t * GROWTH);
    }
    return lower(before, now);
  }

  /** A place in an interval whose end {@code low} is the lowest one so far and slopes inwards. */
  private Point between(Place low, Place high) {
    while (left > 0 && Math.abs(high.t - low.t) > 1e-12 * Math.max(low.t, high.t)) {
      Place middle = at(guess(low, high));
      if (isHigh(middle) || middle.point.loss() >= low.point.loss()) {
        high = middle;
        continue;
      }
      if (isLevel(middle)) {
        return middle.point;
      }
      if (middle.slope * (high.t - low.t) >= 0) {
        high = low;
      }
      low = middle;
    }
    return lower(start, low);
  }

  private static Point lower(Place one, Place other) {
    return other.point.loss() < one.point.loss() ? other.point : one.point;
  }

  /** Where the cubic through both ends is lowest, but not too near to an end. */
  private static double guess(Place low, Place high) {
    double width = high.t - low.t;
    double d1 = low.slope + high.slope - 3 * (high.point.loss() - low.point.loss()) / width;
    double root = Math.sqrt(d1 * d1 - low.slope * high.slope) * Math.signum(width);
    double t = high.t - width * (high.slope + root - d1) / (high.slope - low.slope + 2 * root);
    double margin = 0.1 * Math.abs(width);
    double first = Math.min(low.t, high.t) + margin;
    double last = Math.max(low.t, high.t) - margin;
    return Double.isFinite(t) ? Math.clamp(t, first, last) : low.t + width / 2;
  }

  private boolean isHigh(Place place) {
    return !(place.point.loss() <= start.point.loss() + FALL * place.t * start.slope);
  }

  private boolean isLevel(Place place) {
    return Math.abs(place.slope) <= LEVEL * Math.abs(start.slope);
  }

  private Place at(double t) {
    left--;
    Point point = evaluate.apply(Vectors.sum(start.point.w(), t, direction));
    return new Place(t, point, Vectors.dot(point.gradient(), direction));
  }
}
