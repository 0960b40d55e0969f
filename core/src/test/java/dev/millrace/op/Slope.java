package dev.millrace.op;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.millrace.graph.Graph;
import dev.millrace.session.Session;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/** First and second derivatives of a function against central differences, in float64. */
final class Slope {
  private static final double STEP = 1e-5;

  private final SplittableRandom random = new SplittableRandom(11);

  private Slope() {}

  /** Numbers from -1 to 1 no two of which are close to each other. */
  static double[] distinct(int size, long seed) {
    var random = new SplittableRandom(seed);
    var numbers = new double[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = (2.0 * i + 0.3 + 0.4 * random.nextDouble()) / size - 1;
    }
    for (int i = size - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      double kept = numbers[i];
      numbers[i] = numbers[other];
      numbers[other] = kept;
    }
    return numbers;
  }

  /** Checks {@code function} at x, whose batch (axis 0) the graph does not know. */
  static void check(UnaryOperator<Expr> function, Shape shape, double... x) {
    new Slope().checked(function, shape, x);
  }

  private void checked(UnaryOperator<Expr> function, Shape shape, double... x) {
    var graph = new Graph();
    long[] dims = shape.toArray();
    dims[0] = ANY;
    Expr in = graph.placeholder(FLOAT64, Shape.of(dims));
    Expr y = function.apply(in);
    var session = new Session(graph, 1);
    Tensor at = Tensor.of(shape, x);
    double[] weights = noise(session.run(y, feed(in, at)).size());
    Expr flat = reshape(y, -1);
    Expr loss = reduceSum(flat.times(graph.constant(Tensor.of(weights))));
    Expr slope = gradient(loss, in);
    double[] direction = noise(x.length);
    Expr along = reduceSum(reshape(slope, -1).times(graph.constant(Tensor.of(direction))));
    compare(session, loss, slope, in, at);
    // A second derivative may be constant, and then nothing would be fed.
    Expr second = gradient(along.plus(reduceSum(in.times(0))), in).plus(in.times(0));
    compare(session, along, second, in, at);
    assertEquals(shape, session.run(List.of(second), feed(in, at)).getFirst().shape());
  }

  private double[] noise(int size) {
    return random.doubles(size, -1, 1).toArray();
  }

  private static void compare(Session session, Expr loss, Expr slope, Expr in, Tensor at) {
    double[] found = session.run(slope, feed(in, at)).toDoubleArray();
    double[] x = at.toDoubleArray();
    for (int i = 0; i < x.length; i++) {
      double kept = x[i];
      x[i] = kept + STEP;
      double above = session.run(loss, feed(in, Tensor.of(at.shape(), x))).doubleAt(0);
      x[i] = kept - STEP;
      double below = session.run(loss, feed(in, Tensor.of(at.shape(), x))).doubleAt(0);
      x[i] = kept;
      double expected = (above - below) / (2 * STEP);
      assertEquals(expected, found[i], 1e-6 * Math.max(1, Math.abs(expected)), "element " + i);
    }
  }
}
