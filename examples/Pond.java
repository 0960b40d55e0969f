// Ripples on a pond: the wave equation u'' = c^2 (u_xx + u_yy) - friction u', whose right side is a convolution.
// Usage: Pond.java [SIZE]; writes pond.png, the water after SIZE * 9 / 20 steps.
// prints: the water stands between -?[0-9.]+ and [0-9.]+
import module dev.millrace;
import static dev.millrace.Ops.*;
import java.awt.image.BufferedImage;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

void main(String[] arguments) throws Exception {
  int size = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 160;

  // Drops have fallen: a few narrow bumps on still water.
  var drops = new float[size * size];
  var random = new SplittableRandom(7);
  for (int drop = 0; drop < 6; drop++) {
    double row = random.nextDouble(size), column = random.nextDouble(size);
    double depth = random.nextDouble(1, 2);
    for (int i = 0; i < drops.length; i++) {
      double distance = Math.hypot(i / size - row, i % size - column);
      drops[i] -= (float) (depth * Math.exp(-distance * distance / 8));
    }
  }

  // How far a place is below the mean of its neighbours, those at corners counting half.
  var g = new Graph();
  var laplace = g.constant(Tensor.of(Shape.of(3, 3, 1, 1),
      0.5f, 1f, 0.5f, 1f, -6f, 1f, 0.5f, 1f, 0.5f));
  var u = g.variable(Tensor.of(Shape.of(1, size, size, 1), drops));
  var speed = g.variable(zeros(1, size, size, 1));

  // The new speed moves the water: a symplectic step, which keeps the energy.
  var force = conv2d(u, laplace, SAME).times(0.15).minus(speed.times(0.008));
  var faster = speed.plus(force);
  var step = speed.assign(faster).and(u.assign(u.plus(faster)));

  var session = new Session(g);
  session.run(g.initializeAllVariables());
  for (int i = 0; i < size * 9 / 20; i++) {
    session.run(step);
  }

  var water = session.run(u);
  double low = 0, high = 0;
  var picture = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
  for (int i = 0; i < water.size(); i++) {
    double level = water.doubleAt(i);
    low = Math.min(low, level);
    high = Math.max(high, level);
    double t = 0.5 + 0.5 * Math.tanh(9 * level);
    int color = (int) (230 * t * t) << 16 | (int) (60 + 180 * t) << 8 | (int) (110 + 140 * t);
    picture.setRGB(i % size, i / size, color);
  }
  ImageIO.write(picture, "png", new java.io.File("pond.png"));
  IO.println("the water stands between " + low + " and " + high);
}
