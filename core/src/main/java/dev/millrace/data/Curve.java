package dev.millrace.data;

/**
 * A smooth path through given points, as a polyline: the centripetal Catmull-Rom spline, which
 * makes neither loops nor cusps between two points.
 *
 * <p>Source: C. Yuksel, S. Schaefer, J. Keyser, "On the parameterization of Catmull-Rom curves",
 * SIAM/ACM Geometric and Physical Modeling 2009.
 */
final class Curve {
  /** Pieces between two given points. */
  static final int PIECES = 6;

  private Curve() {}

  /** The polyline through {@code path}, both {@code x, y, x, y, ...}. */
  static double[] through(double[] path) {
    int spans = path.length / 2 - 1;
    var line = new double[(spans * PIECES + 1) * 2];
    for (int span = 0; span < spans; span++) {
      addSpan(path, span, line);
    }
    line[line.length - 2] = path[path.length - 2];
    line[line.length - 1] = path[path.length - 1];
    return line;
  }

  private static void addSpan(double[] path, int span, double[] line) {
    double before = knot(path, span - 1);
    double length = knot(path, span);
    double after = knot(path, span + 1);
    int at = span * PIECES * 2;
    for (int axis = 0; axis < 2; axis++) {
      double p1 = point(path, span, axis);
      double p2 = point(path, span + 1, axis);
      double chord = (p2 - p1) / length;
      double in = (p1 - point(path, span - 1, axis)) / before;
      double out = (point(path, span + 2, axis) - p2) / after;
      double m1 = length * (chord * before + in * length) / (before + length);
      double m2 = length * (chord * after + out * length) / (after + length);
      for (int piece = 0; piece < PIECES; piece++) {
        double t = piece / (double) PIECES;
        line[at + piece * 2 + axis] = hermite(t, p1, p2, m1, m2);
      }
    }
  }

  private static double hermite(double t, double p1, double p2, double m1, double m2) {
    double square = t * t;
    double cube = square * t;
    double share = 3 * square - 2 * cube;
    return p1 + (p2 - p1) * share + m1 * (cube - 2 * square + t) + m2 * (cube - square);
  }

  /** Coordinate of a point; beyond an end the path goes straight on. */
  private static double point(double[] path, int i, int axis) {
    int last = path.length / 2 - 1;
    if (i < 0) {
      return 2 * path[axis] - path[2 + axis];
    }
    return i > last ? 2 * path[2 * last + axis] - path[2 * last - 2 + axis] : path[2 * i + axis];
  }

  /** Parameter length of a span: the square root of the distance, never 0. */
  private static double knot(double[] path, int span) {
    double dx = point(path, span + 1, 0) - point(path, span, 0);
    double dy = point(path, span + 1, 1) - point(path, span, 1);
    return Math.sqrt(Math.sqrt(dx * dx + dy * dy) + 1e-9);
  }
}
