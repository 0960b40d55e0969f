package dev.millrace.session;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.op.Expr;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random numbers: reproducible, different where they have to be, and distributed as promised. */
@Tag("kernels")
class RandomOpsTest {
  private static final int MANY = 40_000;

  private static Tensor draw(long seed, Function<Graph, Expr> op, int runs) {
    var graph = new Graph(seed);
    Expr draw = op.apply(graph);
    var session = new Session(graph, 2);
    for (int i = 1; i < runs; i++) {
      session.run(draw);
    }
    return session.run(draw);
  }

  private static Expr uniform(Graph graph) {
    return dev.millrace.Ops.uniform(graph, Shape.of(MANY), 0, 1);
  }

  @Test
  void theSameSeedGivesTheSameNumbers() {
    Tensor first = draw(7, RandomOpsTest::uniform, 1);
    assertEquals(first, draw(7, RandomOpsTest::uniform, 1));
    assertNotEquals(first, draw(8, RandomOpsTest::uniform, 1));
  }

  @Test
  void everyRunAndEveryOpDrawsAnew() {
    assertNotEquals(draw(7, RandomOpsTest::uniform, 1), draw(7, RandomOpsTest::uniform, 2));
    assertEquals(draw(7, RandomOpsTest::uniform, 3), draw(7, RandomOpsTest::uniform, 3));
    var graph = new Graph();
    Expr first = uniform(graph);
    Expr second = uniform(graph);
    List<Tensor> both = new Session(graph, 1).run(List.of(first, second, first), Feeds.NONE);
    assertNotEquals(both.getFirst(), both.get(1));
    assertEquals(both.getFirst(), both.get(2));
  }

  @Test
  void aDrawIsOneValueWithinARunWhereverItIsUsed() {
    var graph = new Graph();
    Expr draw = uniform(graph);
    Expr difference = draw.exp().minus(draw.exp());
    Expr sums = reduceSum(draw).minus(reduceSum(reverse(reverse(draw, 0), 0)));
    for (Tensor zero : new Session(graph, 2).run(List.of(difference, sums), Feeds.NONE)) {
      assertEquals(Tensor.zeros(FLOAT32, zero.shape()), zero);
    }
  }

  /** Mean and variance within five standard errors. */
  private static void assertMoments(Tensor drawn, double mean, double variance) {
    double[] x = drawn.toDoubleArray();
    double average = Arrays.stream(x).average().orElseThrow();
    double spread = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    assertEquals(mean, average, 5 * Math.sqrt(variance / x.length));
    assertEquals(variance, spread, 5 * variance * Math.sqrt(2.0 / x.length));
  }

  private static void assertWithin(Tensor drawn, double low, double high) {
    for (double x : drawn.toDoubleArray()) {
      assertTrue(low <= x && x < high, () -> x + " is outside of [" + low + ", " + high + ")");
    }
  }

  @Test
  void uniformNumbersFillTheirRange() {
    Tensor drawn = draw(1, g -> dev.millrace.Ops.uniform(g, Shape.of(MANY), -2, 4), 1);
    assertMoments(drawn, 1, 3);
    assertWithin(drawn, -2, 4);
    Tensor doubles = draw(1, g -> dev.millrace.Ops.uniform(g, FLOAT64, Shape.of(MANY)), 1);
    assertMoments(doubles, 0.5, 1.0 / 12);
    assertWithin(doubles, 0x1p-54, 1);
    var counts = new int[10];
    for (double x : doubles.toDoubleArray()) {
      counts[(int) (x * 10)]++;
    }
    double chiSquare = 0;
    for (int count : counts) {
      chiSquare += Math.pow(count - MANY / 10.0, 2) / (MANY / 10.0);
    }
    assertTrue(chiSquare < 33.7, "chi-square of 9 degrees, p = 0.0001: " + chiSquare);
  }

  @Test
  void normalNumbersHaveTheirMoments() {
    Tensor drawn = draw(3, g -> normal(g, Shape.of(MANY), 10, 2), 1);
    assertMoments(drawn, 10, 4);
    double beyond = Arrays.stream(drawn.toDoubleArray()).filter(x -> Math.abs(x - 10) > 4).count();
    assertEquals(0.0455 * MANY, beyond, 5 * Math.sqrt(0.0455 * MANY));
  }

  @Test
  void truncatedNormalNumbersStayWithinTwoDeviations() {
    Tensor drawn = draw(3, g -> truncatedNormal(g, Shape.of(MANY), 1, 0.5), 1);
    assertWithin(drawn, 0 - 1e-6, 2 + 1e-6);
    assertMoments(drawn, 1, 0.25 * 0.773741);
  }

  @Test
  void dropoutKeepsTheExpectedSumAndItsDerivativeUsesTheSameDraw() {
    var graph = new Graph();
    Value x = graph.placeholder(FLOAT32, Shape.of(ANY));
    Expr y = dropout(x, 0.25);
    Expr slope = gradient(reduceSum(y), x);
    var session = new Session(graph, 2);
    var feeds = feed(x, fill(3, MANY));
    List<Tensor> results = session.run(List.of(y, slope), feeds);
    double[] kept = results.getFirst().toDoubleArray();
    double[] slopes = results.get(1).toDoubleArray();
    double zeros = Arrays.stream(kept).filter(v -> v == 0).count();
    assertEquals(0.25 * MANY, zeros, 5 * Math.sqrt(0.25 * 0.75 * MANY));
    for (int i = 0; i < MANY; i++) {
      assertEquals(kept[i] == 0 ? 0 : 4, kept[i], 1e-6);
      assertEquals(kept[i] / 3, slopes[i], 1e-6);
    }
    assertNotEquals(results.getFirst(), session.run(y, feeds));
    assertEquals(fill(3, 5), session.run(dropout(x, 0), feed(x, fill(3, 5))));
  }

  @Test
  void wrongArgumentsAreNamed() {
    var graph = new Graph();
    Value x = graph.placeholder(FLOAT32, Shape.of(2));
    assertEquals(
        "dropout: the rate is the share that is set to 0, in [0, 1), found 1.0",
        assertThrows(MillraceException.class, () -> dropout(x, 1)).getMessage());
    assertEquals(
        "dropout: the rate is the share that is set to 0, in [0, 1), found NaN",
        assertThrows(MillraceException.class, () -> dropout(x, Double.NaN)).getMessage());
    assertEquals(
        "uniform: draws floating point, found INT32",
        assertThrows(
                DTypeException.class, () -> dev.millrace.Ops.uniform(graph, INT32, Shape.of(2)))
            .getMessage());
  }

  @Test
  void initialValuesMayBeDrawn() {
    var graph = new Graph(5);
    var w = graph.variable(truncatedNormal(graph, Shape.of(3, 4), 0, 0.1));
    var session = new Session(graph, 1);
    session.run(graph.initializeAllVariables());
    assertEquals(session.run(w), session.run(w));
    var again = new Session(graph, 1);
    again.run(graph.initializeAllVariables());
    assertEquals(session.run(w), again.run(w));
  }
}
