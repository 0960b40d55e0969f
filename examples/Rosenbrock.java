// The Rosenbrock function, a bent valley whose lowest point is (1, 1): L-BFGS against gradient descent.
// Usage: Rosenbrock.java; writes rosenbrock.png, the valley with the way of L-BFGS.
// prints: L-BFGS: [0-9]+ steps to 0\.[0-9]+E-[12][0-9]|L-BFGS: [0-9]+ steps to [0-9.]+E-[12][0-9]
import module dev.millrace;
import static dev.millrace.Ops.*;
import java.awt.Color;
import java.awt.image.BufferedImage;
import javax.imageio.ImageIO;

void main() throws Exception {
  var g = new Graph();
  var p = g.variable(Tensor.of(-1.2, 1.0));
  var x = slice(p, 0, 0, 1);
  var y = slice(p, 0, 1, 2);
  var loss = x.minus(1).square().plus(y.minus(x.square()).square().times(100)).sum();
  var descend = new GradientDescentOptimizer(0.001).minimize(loss);
  var init = g.initializeAllVariables();

  var session = new Session(g);
  session.run(init);
  for (int i = 0; i < 1000; i++) {
    session.run(descend);
  }
  IO.println("gradient descent: 1000 steps to " + session.run(loss).getDouble());

  session.run(init);
  var picture = valley();
  var pen = picture.createGraphics();
  pen.setColor(Color.RED);
  var search = new LbfgsMinimizer(session, loss, Feeds.NONE);
  double lowest = session.run(loss).getDouble();
  int steps = 0;
  for (; lowest > 1e-16 && steps < 100; steps++) {
    var from = session.run(p);
    lowest = search.step();
    var to = session.run(p);
    pen.drawLine(column(from), row(from), column(to), row(to));
    pen.fillOval(column(to) - 2, row(to) - 2, 5, 5);
  }
  ImageIO.write(picture, "png", new java.io.File("rosenbrock.png"));
  IO.println("L-BFGS: " + steps + " steps to " + lowest);
}

/** Bands of equal height, for x from -1.5 to 1.5 and y from -0.5 to 1.5. */
BufferedImage valley() {
  var picture = new BufferedImage(300, 200, BufferedImage.TYPE_INT_RGB);
  for (int i = 0; i < 300 * 200; i++) {
    double x = i % 300 / 100.0 - 1.5, y = 1.5 - i / 300 / 100.0;
    double height = Math.log10(1 + (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x));
    int shade = 255 - (int) (28 * Math.floor(3 * height) / 1.2) % 256;
    shade = Math.clamp(shade, 60, 255);
    picture.setRGB(i % 300, i / 300, shade << 16 | shade << 8 | 255);
  }
  return picture;
}

int column(Tensor p) {
  return (int) (100 * (p.doubleAt(0) + 1.5));
}

int row(Tensor p) {
  return (int) (100 * (1.5 - p.doubleAt(1)));
}
