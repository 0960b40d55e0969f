package dev.millrace.op;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Graph;
import dev.millrace.session.Session;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Activations against their formulas in Java, and their derivatives against differences. */
class ActivationFunctionsTest {
  /** Between the kinks, which lie at multiples of 1/2. */
  private static final double[] POINTS = {
    -20.3, -6.7, -3.2, -2.9, -1.3, -0.7, -0.4, -0.01, 0.02, 0.3, 0.6, 1.2, 2.7, 3.1, 5.8, 7.4, 30.2
  };

  private static final double STEP = 1e-4;

  /** A function, its formula, and what it is at the infinities; NaN where there is no limit. */
  private record Line(
      String name,
      UnaryOperator<Expr> function,
      DoubleUnaryOperator formula,
      double below,
      double above) {}

  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NONE = Double.NaN;

  private static final List<Line> LINES =
      List.of(
          new Line("elu", x -> elu(x), x -> x > 0 ? x : Math.expm1(x), -1, INF),
          new Line("elu 0.5", x -> elu(x, 0.5), x -> x > 0 ? x : 0.5 * Math.expm1(x), -0.5, INF),
          new Line(
              "selu",
              x -> selu(x),
              x -> 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)),
              -1.7580993408473766,
              INF),
          new Line("celu", x -> celu(x, 2), x -> x > 0 ? x : 2 * Math.expm1(x / 2), -2, INF),
          new Line("gelu", x -> gelu(x), x -> x * normal(x), NONE, INF),
          new Line(
              "geluTanh",
              x -> geluTanh(x),
              x -> x / (1 + Math.exp(-2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))),
              NONE,
              INF),
          new Line("quickGelu", x -> quickGelu(x), x -> x * logistic(1.702 * x), NONE, INF),
          new Line("silu", x -> silu(x), x -> x * logistic(x), NONE, INF),
          new Line("swish", x -> swish(x), x -> x * logistic(x), NONE, INF),
          new Line("sigmoid", x -> sigmoid(x), x -> logistic(x), 0, 1),
          new Line("logSigmoid", x -> logSigmoid(x), x -> -soft(-x), -INF, 0),
          new Line("mish", x -> mish(x), x -> x * Math.tanh(soft(x)), NONE, INF),
          new Line(
              "hardSigmoid", x -> hardSigmoid(x), x -> Math.clamp(x / 6 + 0.5, 0.0, 1.0), 0, 1),
          new Line(
              "hardSwish", x -> hardSwish(x), x -> x * Math.clamp(x + 3, 0.0, 6.0) / 6, 0, INF),
          new Line("hardTanh", x -> hardTanh(x), x -> Math.clamp(x, -1.0, 1.0), -1, 1),
          new Line("relu6", x -> relu6(x), x -> Math.clamp(x, 0.0, 6.0), 0, 6),
          new Line(
              "hardShrink", x -> hardShrink(x, 0.5), x -> Math.abs(x) > 0.5 ? x : 0, -INF, INF),
          new Line(
              "softShrink",
              x -> softShrink(x, 0.5),
              x -> Math.signum(x) * Math.max(Math.abs(x) - 0.5, 0),
              -INF,
              INF),
          new Line("tanhShrink", x -> tanhShrink(x), x -> x - Math.tanh(x), -INF, INF),
          new Line("softSign", x -> softSign(x), x -> x / (1 + Math.abs(x)), NONE, NONE),
          new Line(
              "squarePlus", x -> squarePlus(x, 4), x -> 2 / (Math.sqrt(x * x + 4) - x), NONE, INF),
          new Line("softplus", x -> softplus(x, 2), x -> soft(2 * x) / 2, 0, INF),
          new Line("leakyRelu", x -> leakyRelu(x, 0.1), x -> x > 0 ? x : 0.1 * x, -INF, INF),
          new Line("threshold", x -> threshold(x, 0.5, 7), x -> x > 0.5 ? x : 7, 7, INF),
          new Line("thresholdedRelu", x -> thresholdedRelu(x, 1), x -> x > 1 ? x : 0, 0, INF));

  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double soft(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double normal(double x) {
    return dev.millrace.kernel.SpecialFunctions.ndtr(x);
  }

  @TestFactory
  Stream<DynamicTest> eachHasItsFormulaAndItsDerivatives() {
    return LINES.stream().map(line -> DynamicTest.dynamicTest(line.name, () -> check(line)));
  }

  private static void check(Line line) {
    var graph = new Graph();
    Expr x = graph.constant(Tensor.of(POINTS));
    Expr y = line.function.apply(x);
    Expr slope = gradient(y, x);
    List<Tensor> found = new Session(graph, 1).run(List.of(y, slope));
    for (int i = 0; i < POINTS.length; i++) {
      double at = POINTS[i];
      double expected = line.formula.applyAsDouble(at);
      double tolerance = 1e-13 * Math.abs(expected) + 1e-15 * Math.abs(at);
      assertEquals(expected, found.get(0).doubleAt(i), tolerance, line.name + " of " + at);
      double above = line.formula.applyAsDouble(at + STEP);
      double below = line.formula.applyAsDouble(at - STEP);
      double difference = (above - below) / (2 * STEP);
      assertEquals(difference, found.get(1).doubleAt(i), 1e-7, "slope of " + line.name + at);
    }
    assertEquals(List.of(), curvatures(line));
    singlePrecision(line);
    ends(line);
  }

  /** Second derivatives against differences of the first. */
  private static List<String> curvatures(Line line) {
    var graph = new Graph();
    Expr x = graph.placeholder(FLOAT64, Shape.of(ANY));
    Expr slope = gradient(line.function.apply(x), x);
    Expr curvature;
    try {
      curvature = gradient(slope, x);
    } catch (dev.millrace.graph.GraphException none) {
      curvature = x.times(0);
    }
    var session = new Session(graph, 1);
    double[] found = session.run(curvature, feed(x, Tensor.of(POINTS))).toDoubleArray();
    double[] above = slopes(session, slope, x, STEP);
    double[] below = slopes(session, slope, x, -STEP);
    var wrong = new java.util.ArrayList<String>();
    for (int i = 0; i < POINTS.length; i++) {
      double difference = (above[i] - below[i]) / (2 * STEP);
      if (Math.abs(difference - found[i]) > 1e-6) {
        wrong.add(line.name + " at " + POINTS[i] + ": " + found[i] + ", not " + difference);
      }
    }
    return wrong;
  }

  private static double[] slopes(Session session, Expr slope, Expr x, double step) {
    double[] moved = Arrays.stream(POINTS).map(at -> at + step).toArray();
    return session.run(slope, feed(x, Tensor.of(moved))).toDoubleArray();
  }

  private static void singlePrecision(Line line) {
    var graph = new Graph();
    Expr x = graph.constant(Tensor.of(POINTS)).cast(FLOAT32);
    Tensor found = new Session(graph, 1).run(line.function.apply(x));
    assertEquals(DType.FLOAT32, found.dtype());
    for (int i = 0; i < POINTS.length; i++) {
      double expected = line.formula.applyAsDouble((float) POINTS[i]);
      double tolerance = 4e-6 * Math.abs(expected) + 2e-7 * Math.abs(POINTS[i]);
      assertEquals(expected, found.doubleAt(i), tolerance, line.name + " of " + POINTS[i]);
    }
  }

  private static void ends(Line line) {
    var graph = new Graph();
    Expr x = graph.constant(Tensor.of(Double.NaN, -INF, INF));
    double[] found = new Session(graph, 1).run(line.function.apply(x)).toDoubleArray();
    if (!line.name.startsWith("threshold")) {
      assertTrue(Double.isNaN(found[0]), line.name + " of NaN is " + found[0]);
    }
    assertEquals(line.below, found[1], 1e-15, line.name + " of -infinity");
    assertEquals(line.above, found[2], 1e-15, line.name + " of infinity");
  }

  @Test
  void gatesMultiplyTheHalvesOfAnAxis() {
    var graph = new Graph();
    Expr x = graph.constant(Tensor.of(Shape.of(2, 4), 1.0, 2, 3, 4, 5, 6, 7, 8));
    var session = new Session(graph, 1);
    assertArrayEquals(
        new double[] {logistic(3), 2 * logistic(4), 5 * logistic(7), 6 * logistic(8)},
        session.run(glu(x, -1)).toDoubleArray(),
        1e-14);
    assertArrayEquals(
        new double[] {5 * logistic(5), 12 * logistic(6), 21 * logistic(7), 32 * logistic(8)},
        session.run(swiglu(x, 0)).toDoubleArray(),
        1e-13);
    assertArrayEquals(
        new double[] {5 * normal(5), 12 * normal(6), 21 * normal(7), 32 * normal(8)},
        session.run(geglu(x, 0)).toDoubleArray(),
        1e-13);
  }

  @Test
  void maxoutTakesTheGreatestOfNeighbours() {
    var graph = new Graph();
    Expr x = graph.placeholder(FLOAT64, Shape.of(ANY, 4));
    Tensor fed = Tensor.of(Shape.of(2, 4), 1.0, 9, 3, 4, 5, 6, -7, -8);
    double[] found = new Session(graph, 1).run(maxout(x, 2, 1), feed(x, fed)).toDoubleArray();
    assertArrayEquals(new double[] {9, 4, 6, -7}, found);
  }

  @Test
  void creluKeepsBothSigns() {
    var graph = new Graph();
    Expr x = graph.constant(Tensor.of(-1.0, 2));
    double[] found = new Session(graph, 1).run(crelu(x, 0)).toDoubleArray();
    assertArrayEquals(new double[] {0, 2, 1, 0}, found);
  }

  @Test
  void preluHasASlopeForEachChannelOfTheAxis() {
    var graph = new Graph();
    Expr x = graph.constant(Tensor.of(Shape.of(1, 2, 2), -1.0, 2, -3, -4));
    Expr slopes = graph.constant(Tensor.of(0.5, 10));
    var session = new Session(graph, 1);
    Expr y = prelu(x, slopes, 1);
    assertArrayEquals(new double[] {-0.5, 2, -30, -40}, session.run(y).toDoubleArray());
    assertArrayEquals(new double[] {-1, -7}, session.run(gradient(y, slopes)).toDoubleArray());
  }

  @Test
  void rreluDrawsSlopesBetweenItsBoundsAnewInEachRun() {
    var graph = new Graph();
    Expr x = graph.constant(Tensor.filled(FLOAT32, Shape.of(1000), -1));
    Expr y = rrelu(x, 0.1, 0.3);
    var session = new Session(graph, 1);
    double[] first = session.run(y).toDoubleArray();
    assertTrue(Arrays.stream(first).allMatch(v -> v <= -0.1 && v >= -0.3));
    assertEquals(-0.2, Arrays.stream(first).average().orElseThrow(), 0.01);
    assertTrue(!Arrays.equals(first, session.run(y).toDoubleArray()));
  }

  @Test
  void softmaxRunsOverAnyAxisAndMasksExactly() {
    var graph = new Graph();
    Expr x = graph.constant(Tensor.of(Shape.of(2, 2), 1.0, -INF, 1, 3));
    var session = new Session(graph, 1);
    assertArrayEquals(
        new double[] {0.5, 0, 0.5, 1}, session.run(softmax(x, 0)).toDoubleArray(), 1e-15);
    assertArrayEquals(
        new double[] {1, 0, logistic(-2), logistic(2)},
        session.run(softmax(x)).toDoubleArray(),
        1e-15);
    assertArrayEquals(
        new double[] {Math.log(0.5), -INF, Math.log(0.5), 0},
        session.run(logSoftmax(x, -2)).toDoubleArray(),
        1e-15);
    assertArrayEquals(
        new double[] {0, 0, 0, 0}, session.run(gradient(softmax(x, 0), x)).toDoubleArray(), 1e-15);
  }

  @Test
  void gumbelSoftmaxDrawsEachClassAsOftenAsItsProbability() {
    var graph = new Graph();
    Expr logits = graph.constant(Tensor.of(Math.log(0.7), Math.log(0.2), Math.log(0.1)));
    Expr rows = logits.broadcastTo(Shape.of(20_000, 3));
    var session = new Session(graph, 1);
    double[] shares = session.run(gumbelSoftmax(rows, 0.5, 1, true).mean(0)).toDoubleArray();
    assertArrayEquals(new double[] {0.7, 0.2, 0.1}, shares, 0.02);
    Expr soft = gumbelSoftmax(transpose(rows), 2, 0, false);
    double[] sums = session.run(soft.sum(0)).toDoubleArray();
    assertTrue(Arrays.stream(sums).allMatch(sum -> Math.abs(sum - 1) < 1e-12));
    double[] slopes = session.run(gradient(soft.square(), logits)).toDoubleArray();
    assertTrue(Arrays.stream(slopes).allMatch(slope -> slope != 0));
  }
}
