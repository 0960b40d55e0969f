package dev.millrace.flow;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Graph;
import dev.millrace.graph.GraphException;
import dev.millrace.graph.Value;
import dev.millrace.op.Expr;
import dev.millrace.session.RunException;
import dev.millrace.session.Session;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Tensor;
import dev.millrace.train.GradientDescentOptimizer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Loops and their derivatives against the same computation unrolled. */
@Tag("kernels")
class LoopTest {
  private static final int STEPS = 4;
  private static final double TOLERANCE = 1e-12;

  private final Graph graph = new Graph();
  private final Session session = new Session(graph, 1);
  private final Expr w = graph.placeholder(FLOAT64, Shape.of(3, 3)).named("w");
  private final Expr x = graph.placeholder(FLOAT64, Shape.of(ANY, 3)).named("x");
  private final Expr start = graph.placeholder(FLOAT64, Shape.of(3)).named("start");
  private final Tensor weights =
      Tensor.of(Shape.of(3, 3), 0.2, -0.4, 0.1, 0.7, 0.3, -0.2, -0.5, 0.6, 0.9);
  private final Tensor inputs =
      Tensor.of(Shape.of(STEPS, 3), 0.1, 0.2, 0.3, -0.4, 0.5, 0.6, 0.7, -0.8, 0.9, 1.0, 1.1, -1.2);
  private final Tensor first = Tensor.of(0.3, -0.1, 0.4);

  /** A recurrent step, not linear in anything. */
  private Expr step(Expr state, Expr element) {
    return tanh(matmul(state, w).plus(element.times(state)));
  }

  private Expr looped() {
    return scan(this::step, start, x);
  }

  private Expr unrolled() {
    var states = new ArrayList<Expr>();
    Expr state = start;
    for (int i = 0; i < STEPS; i++) {
      state = step(state, squeeze(slice(x, 0, i, i + 1), 0));
      states.add(state);
    }
    return stack(0, states.toArray(Expr[]::new));
  }

  private void assertSame(Expr expected, Expr actual) {
    List<Tensor> found =
        session.run(List.of(expected, actual), feed(w, weights, x, inputs, start, first));
    assertEquals(found.get(0).shape(), found.get(1).shape());
    double[] wanted = found.get(0).toDoubleArray();
    double[] got = found.get(1).toDoubleArray();
    for (int i = 0; i < wanted.length; i++) {
      int at = i;
      assertEquals(wanted[i], got[i], TOLERANCE * (1 + Math.abs(wanted[i])), () -> "element " + at);
    }
  }

  private Expr weighted(Expr y) {
    Expr position = iota(graph, FLOAT64, y.shape().elements());
    return reduceSum(reshape(y, Shape.of(y.shape().elements())).times(sin(position.plus(1))));
  }

  @Test
  void aScanGivesWhatItsIterationsGive() {
    assertSame(unrolled(), looped());
  }

  @Test
  void firstDerivativesOfAScan() {
    List<Expr> inputs = List.of(w, x, start);
    List<Expr> expected = gradients(weighted(unrolled()), inputs);
    List<Expr> actual = gradients(weighted(looped()), inputs);
    for (int i = 0; i < inputs.size(); i++) {
      assertSame(expected.get(i), actual.get(i));
    }
  }

  @Test
  void secondDerivativesOfAScanInReverseAndInForwardMode() {
    List<Expr> inputs = List.of(w, x, start);
    for (Expr by : inputs) {
      Expr expected = weighted(gradient(weighted(unrolled()), by));
      Expr actual = weighted(gradient(weighted(looped()), by));
      Expr pushed = gradient(weighted(looped()), by);
      for (Expr again : inputs) {
        assertSame(gradient(expected, again), gradient(actual, again));
        Expr tangent = again.times(again).plus(0.3);
        assertSame(
            jvp(gradient(weighted(unrolled()), by), again, tangent), jvp(pushed, again, tangent));
      }
    }
  }

  @Test
  void derivativesByAConstantThatAnIterationUses() {
    Expr c = graph.constant(Tensor.of(2.0));
    Expr power = forLoop(3, (i, s) -> List.of(s.getFirst().times(c)), List.of(c)).getFirst();
    Expr again = checkpoint(v -> v.times(c).times(c), c);
    List<Tensor> found = session.run(List.of(power, gradient(power, c), gradient(again, c)));
    assertEquals(16, found.get(0).toDoubleArray()[0]);
    assertEquals(4 * 8.0, found.get(1).toDoubleArray()[0]);
    assertEquals(3 * 4.0, found.get(2).toDoubleArray()[0]);
  }

  @Test
  void tangentsOfAScan() {
    for (Expr by : List.of(w, x, start)) {
      Expr tangent = by.times(2).plus(1);
      assertSame(jvp(unrolled(), by, tangent), jvp(looped(), by, tangent));
    }
  }

  @Test
  void aWhileLoopStopsWhereItsConditionIsFalse() {
    Value y = graph.placeholder(FLOAT64, Shape.SCALAR);
    Expr halved = whileLoop(s -> s.greater(1), s -> s.times(0.5), y);
    assertEquals(0.78125, session.run(halved, feed(y, Tensor.scalar(100.0))).getDouble());
    assertEquals(0.5, session.run(halved, feed(y, Tensor.scalar(0.5))).getDouble());
  }

  /** {@code s = cos(s) w} while the number of iterations is below n. */
  private static List<Expr> cosines(Expr s, Expr v, Expr n) {
    Expr zero = cast(n.times(0), INT64);
    return whileLoop(
        states -> cast(states.get(1), FLOAT64).less(n),
        states ->
            List.of(
                states.get(0).cos().times(v), states.get(1).plus(cast(n.times(0).plus(1), INT64))),
        List.of(s, zero),
        10);
  }

  @Test
  void derivativesOfAWhileLoopWithABound() {
    Value s = graph.placeholder(FLOAT64, Shape.of(ANY)).named("s");
    Value v = graph.placeholder(FLOAT64, Shape.of(ANY)).named("v");
    Value n = graph.placeholder(FLOAT64, Shape.SCALAR).named("n");
    Expr y = reduceSum(cosines(s, v, n).getFirst());
    for (int times = 0; times < 4; times++) {
      Expr unrolled = s;
      for (int i = 0; i < times; i++) {
        unrolled = unrolled.cos().times(v);
      }
      // Keeps every x a part of the unrolled form with 0 iterations too.
      Expr expected = reduceSum(unrolled.plus(v.times(0)).plus(s.times(0)));
      var feeds =
          feed(s, Tensor.of(0.5, -1), v, Tensor.of(1.5, 0.75), n, Tensor.scalar((double) times));
      for (Value by : List.of(s, v)) {
        Expr tangent = by.times(0).plus(1.25);
        for (Value again : List.of(s, v)) {
          Expr first = reduceSum(gradient(expected, by).times(by));
          Expr found = reduceSum(gradient(y, by).times(by));
          assertClose(
              session.run(
                  List.of(
                      gradient(expected, by),
                      gradient(y, by),
                      jvp(expected, by, tangent),
                      jvp(y, by, tangent),
                      gradient(first.plus(reduceSum(again.times(again))), again),
                      gradient(found.plus(reduceSum(again.times(again))), again),
                      jvp(first.plus(reduceSum(again)), again, again),
                      jvp(found.plus(reduceSum(again)), again, again)),
                  feeds));
        }
      }
    }
  }

  /** Each second tensor is the one before. */
  private static void assertClose(List<Tensor> pairs) {
    for (int i = 0; i < pairs.size(); i += 2) {
      assertEquals(pairs.get(i).shape(), pairs.get(i + 1).shape());
      for (int at = 0; at < pairs.get(i).size(); at++) {
        double expected = pairs.get(i).doubleAt(at);
        assertEquals(
            expected, pairs.get(i + 1).doubleAt(at), 1e-13 * (1 + Math.abs(expected)), "pair " + i);
      }
    }
  }

  @Test
  void aWhileLoopWithoutABoundHasTangentsAndSaysWhyItHasNoGradient() {
    Value y = graph.placeholder(FLOAT64, Shape.SCALAR).named("y");
    Expr halved = whileLoop(s -> s.greater(1), s -> s.times(0.5), y);
    assertEquals(
        0.0625,
        session.run(jvp(halved, y, exp(y.times(0))), feed(y, Tensor.scalar(16.0))).getDouble());
    String message = assertThrows(GraphException.class, () -> gradient(halved, y)).getMessage();
    assertTrue(message.startsWith("whileLoop: a derivative of reverse mode needs"), message);
  }

  @Test
  void iterationsAreNotLimitedByTheStack() {
    Value y = graph.placeholder(FLOAT64, Shape.SCALAR);
    Expr sum =
        forLoop(100_000, (i, s) -> List.of(s.getFirst().plus(cast(i, FLOAT64))), List.of(y))
            .getFirst();
    assertEquals(4_999_950_000.0, session.run(sum, feed(y, Tensor.scalar(0.0))).getDouble());
    assertEquals(1, session.run(gradient(sum, y)).getDouble());
  }

  @Test
  void mapsGoOverAnUnknownNumberOfRows() {
    Expr y = map(row -> matmul(row, w).times(reduceMax(row)), x);
    assertSame(matmul(x, w).times(expandDims(reduceMax(x, 1), 1)), y);
    Expr reverse = gradient(weighted(y), x);
    assertSame(gradient(weighted(matmul(x, w).times(expandDims(reduceMax(x, 1), 1))), x), reverse);
    Tensor nothing = Tensor.of(Shape.of(0, 3), new double[0]);
    assertEquals(Shape.of(0, 3), session.run(y, feed(w, weights, x, nothing)).shape());
  }

  @Test
  void eachIterationDrawsAnew() {
    Value y = graph.placeholder(FLOAT32, Shape.of(ANY));
    Expr drawn = map(row -> row.plus(uniform(graph, FLOAT32, Shape.of(2))), expandDims(y, 1));
    Tensor found = session.run(drawn, feed(y, zeros(3)));
    var different = new java.util.HashSet<Float>();
    for (float number : found.toFloatArray()) {
      different.add(number);
    }
    assertEquals(6, different.size());
    // What is drawn for the derivative is what was drawn before.
    Expr masked = map(row -> dropout(row, 0.5).times(row), expandDims(y, 1));
    List<Tensor> both = session.run(List.of(masked, gradient(masked, y)), feed(y, ones(64)));
    for (int i = 0; i < 64; i++) {
      assertEquals(2 * both.get(0).doubleAt(i), both.get(1).doubleAt(i));
    }
  }

  @Test
  void statesThatChangeAreRefused() {
    String message =
        assertThrows(
                ShapeException.class,
                () -> whileLoop(s -> reduceSum(s).less(9), s -> concat(0, s, s), start))
            .getMessage()
            .replaceAll("\\w+\\.java:\\d+", "HERE");
    assertEquals(
        "whileLoop: a state must stay of one type: 'state' is FLOAT64 [3] (HERE), 'concat' is FLOAT64"
            + " [6] (HERE)",
        message);
    Expr[] leaked = new Expr[1];
    map(
        row -> {
          leaked[0] = row.times(2);
          return row;
        },
        x);
    String outside =
        assertThrows(RunException.class, () -> session.run(leaked[0], feed(x, inputs)))
            .getMessage();
    assertTrue(outside.contains("belongs to the body of a loop"), outside);
  }

  @Test
  void iterationsMakeNoGarbage() {
    Value y = graph.placeholder(FLOAT64, Shape.of(8));
    Expr after =
        forLoop(20_000, (i, s) -> List.of(s.getFirst().times(0.5).plus(y)), List.of(y)).getFirst();
    var function = session.function(List.of(y), List.of(after));
    Tensor argument = Tensor.of(1.0, 2, 3, 4, 5, 6, 7, 8);
    function.run(argument);
    function.run(argument);
    var thread =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    long before = thread.getCurrentThreadAllocatedBytes();
    function.run(argument);
    long allocated = thread.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocated < 100_000, allocated + " bytes in 20,000 iterations");
  }

  @Test
  void whatALoopUsesCanBeTrained() {
    var v = graph.variable(Tensor.of(0.2, -0.1, 0.4));
    Expr last = scan((s, e) -> tanh(s.times(v).plus(e)), start, x);
    Expr loss = reduceSum(last.minus(0.5).square());
    var step = new GradientDescentOptimizer(0.05).minimize(loss);
    session.run(graph.initializeAllVariables());
    var feeds = feed(x, inputs, start, first);
    double before = session.run(loss, feeds).getDouble();
    for (int i = 0; i < 50; i++) {
      session.run(step, feeds);
    }
    double after = session.run(loss, feeds).getDouble();
    assertTrue(after < 0.95 * before, before + " became " + after);
  }

  @Test
  void aWhileLoopEndsAtItsBound() {
    Value y = graph.placeholder(FLOAT64, Shape.SCALAR);
    Expr bounded =
        whileLoop(s -> s.getFirst().less(100), s -> List.of(s.getFirst().plus(1)), List.of(y), 3)
            .getFirst();
    assertEquals(4, session.run(bounded, feed(y, Tensor.scalar(1.0))).getDouble());
    assertEquals(100, session.run(bounded, feed(y, Tensor.scalar(98.0))).getDouble());
    assertEquals(1, session.run(gradient(bounded, y), feed(y, Tensor.scalar(98.0))).getDouble());
  }
}
