// Logistic regression by Newton's method: w -= H^-1 g with the matrix of second derivatives from hessian.
// Usage: NewtonLogistic.java; writes newton.png, the points and the line between the classes.
// prints: after 8 steps the gradient is [0-9.]+E-(1[0-9]|[89])
import module dev.millrace;
import static dev.millrace.Ops.*;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

void main() throws Exception {
  // Two clouds of points that overlap; a third column of ones is for the bias.
  int n = 200;
  var random = new SplittableRandom(3);
  var points = new double[3 * n];
  var labels = new double[n];
  for (int i = 0; i < n; i++) {
    labels[i] = i % 2;
    points[3 * i] = random.nextGaussian() + 1.2 * (2 * labels[i] - 1);
    points[3 * i + 1] = random.nextGaussian() + 0.6 * (2 * labels[i] - 1);
    points[3 * i + 2] = 1;
  }

  var g = new Graph();
  var x = g.constant(Tensor.of(Shape.of(n, 3), points));
  var y = g.constant(Tensor.of(labels));
  var w = g.variable(Tensor.of(0.0, 0.0, 0.0));

  // Cross-entropy, and a little weight decay that keeps the second derivatives positive.
  var score = matmul(x, w);
  var loss = softplus(score).minus(y.times(score)).mean().plus(w.square().sum().times(1e-3));
  var slope = gradient(loss, w);
  var change = solve(hessian(loss, w), reshape(slope, 3, 1));
  var step = w.assign(w.minus(reshape(change, 3)));

  var session = new Session(g);
  session.run(g.initializeAllVariables());
  for (int i = 0; i < 8; i++) {
    session.run(step);
    IO.println("loss " + session.run(loss).getDouble());
  }
  draw(points, labels, session.run(w).toDoubleArray());
  IO.println("after 8 steps the gradient is " + session.run(reduceMax(abs(slope))).getDouble());
}

/** Points from -4 to 4 in both directions, and each side of the line in the colour of its class. */
void draw(double[] points, double[] labels, double[] w) throws Exception {
  int size = 240;
  var picture = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
  for (int i = 0; i < size * size; i++) {
    double a = 8.0 * (i % size) / size - 4, b = 4 - 8.0 * (i / size) / size;
    double p = 1 / (1 + Math.exp(-(w[0] * a + w[1] * b + w[2])));
    picture.setRGB(i % size, i / size, new Color((float) (0.7 + 0.3 * p), 0.8f, (float) (1 - 0.3 * p)).getRGB());
  }
  var pen = picture.createGraphics();
  for (int i = 0; i < labels.length; i++) {
    pen.setColor(labels[i] == 1 ? Color.RED : Color.BLUE);
    int column = (int) ((points[3 * i] + 4) / 8 * size), row = (int) ((4 - points[3 * i + 1]) / 8 * size);
    pen.fillOval(column - 2, row - 2, 5, 5);
  }
  ImageIO.write(picture, "png", new java.io.File("newton.png"));
}
