package dev.millrace.data;

import java.util.List;

/**
 * How one image is written: its slant, proportions, rotation, pen and unsteadiness, drawn at random
 * once for the image. Turns the points of a form into those of this hand.
 *
 * <p>The spreads are chosen so that a sheet of digits looks like one of MNIST's, the mean and the
 * deviation of the ink are MNIST's, and softmax regression finds them as hard. Only operations
 * whose result is the same on every machine are used, so that images are.
 */
final class Hand {
  private static final double CENTRE = 50;
  private static final int WAVES = 3;

  private final RandomStream random;
  private final double xx;
  private final double xy;
  private final double yx;
  private final double yy;

  /** Smooth distortion: waves across the box, each x and y height, x and y frequency, phase. */
  private final double[] waves = new double[WAVES * 5];

  private final double unsteadiness;

  /** Half the width of the pen in pixels of the image. */
  final double pen;

  /** Pixels over which ink fades into paper. */
  final double softness;

  private final double pressure;

  Hand(RandomStream random) {
    this.random = random;
    double angle = 0.115 * random.bell();
    double slant = 0.14 + 0.26 * random.bell();
    double width = 0.78 * StrictMath.exp(0.18 * random.bell());
    double cos = StrictMath.cos(angle);
    double sin = StrictMath.sin(angle);
    // Narrow or widen, then slant (the top leans right), then rotate.
    this.xx = cos * width;
    this.xy = -cos * slant - sin;
    this.yx = sin * width;
    this.yy = cos - sin * slant;
    for (int i = 0; i < waves.length; i += 5) {
      waves[i] = 5.7 * random.bell();
      waves[i + 1] = 5.7 * random.bell();
      waves[i + 2] = 0.030 * random.bell();
      waves[i + 3] = 0.030 * random.bell();
      waves[i + 4] = random.between(0, 2 * Math.PI);
    }
    this.unsteadiness = random.between(1.4, 4.7);
    this.pen = Math.max(0.75, 1.32 + 0.36 * random.bell());
    this.softness = random.between(0.9, 1.5);
    this.pressure = random.between(0.05, 0.22);
  }

  /** Half the width of the pen under the pressure of a moment. */
  double halfWidth(RandomStream random) {
    return pen * (1 + pressure * random.bell());
  }

  /** The paths of a form as this hand writes them: new arrays of points. */
  List<double[]> write(DigitForms.Form form) {
    return form.paths().stream().map(this::write).toList();
  }

  private double[] write(double[] path) {
    var written = new double[path.length];
    for (int i = 0; i < path.length; i += 2) {
      double x = path[i] - CENTRE;
      double y = path[i + 1] - CENTRE;
      double dx = unsteadiness * random.bell();
      double dy = unsteadiness * random.bell();
      for (int w = 0; w < waves.length; w += 5) {
        double sine = StrictMath.sin(waves[w + 2] * x + waves[w + 3] * y + waves[w + 4]);
        dx += waves[w] * sine;
        dy += waves[w + 1] * sine;
      }
      written[i] = xx * (x + dx) + xy * (y + dy);
      written[i + 1] = yx * (x + dx) + yy * (y + dy);
    }
    return written;
  }
}
