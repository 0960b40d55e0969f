package dev.millrace.flow;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Graph;
import dev.millrace.op.Expr;
import dev.millrace.session.Session;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Layers against cells and formulas, sequences of several lengths, derivatives, messages. */
class RecurrentFunctionsTest {
  private static final int HIDDEN = 2;
  private static final double TOLERANCE = 1e-12;

  private final Graph graph = new Graph();
  private final Session session = new Session(graph, 2);
  private final SplittableRandom random = new SplittableRandom(5);

  private Tensor random(long... dims) {
    Shape shape = Shape.of(dims);
    return Tensor.of(shape, random.doubles(shape.size(), -1, 1).toArray());
  }

  private Expr constant(long... dims) {
    return graph.constant(random(dims));
  }

  private CellWeights weights(int gates, int in) {
    long rows = (long) gates * HIDDEN;
    return CellWeights.of(
        constant(rows, in), constant(rows, HIDDEN), constant(rows), constant(rows));
  }

  private double[] numbers(Expr y) {
    return session.run(y).toDoubleArray();
  }

  private static Expr at(Expr x, int step) {
    return squeeze(slice(x, 0, step, step + 1), 0);
  }

  @Test
  void aGruWithTheResetBeforeTheProductFollowsItsFormula() {
    CellWeights w = weights(3, 1);
    Expr x = constant(1, 1);
    Expr h = constant(1, HIDDEN);
    double[] found = numbers(gruCell(x, h, w, false));
    double in = numbers(x)[0];
    double[] wi = numbers(w.input());
    double[] wh = numbers(w.hidden());
    double[] bi = numbers(w.inputBias().orElseThrow());
    double[] bh = numbers(w.hiddenBias().orElseThrow());
    double[] before = numbers(h);
    double[] r = new double[HIDDEN];
    double[] z = new double[HIDDEN];
    for (int i = 0; i < HIDDEN; i++) {
      double one = wh[2 * i] * before[0] + wh[2 * i + 1] * before[1];
      double two = wh[4 + 2 * i] * before[0] + wh[4 + 2 * i + 1] * before[1];
      r[i] = 1 / (1 + Math.exp(-(in * wi[i] + bi[i] + one + bh[i])));
      z[i] = 1 / (1 + Math.exp(-(in * wi[2 + i] + bi[2 + i] + two + bh[2 + i])));
    }
    for (int i = 0; i < HIDDEN; i++) {
      double kept = wh[8 + 2 * i] * r[0] * before[0] + wh[8 + 2 * i + 1] * r[1] * before[1];
      double n = Math.tanh(in * wi[4 + i] + bi[4 + i] + kept + bh[4 + i]);
      assertEquals((1 - z[i]) * n + z[i] * before[i], found[i], TOLERANCE);
    }
  }

  @Test
  void aLayerIsItsCellStepByStep() {
    CellWeights w = weights(1, 3);
    Expr x = graph.placeholder(FLOAT64, Shape.of(ANY, ANY, 3));
    Tensor data = random(4, 2, 3);
    Expr fed = graph.constant(data);
    Expr h = graph.constant(Tensor.zeros(FLOAT64, Shape.of(2, HIDDEN)));
    for (int step = 0; step < 4; step++) {
      h = rnnCell(at(fed, step), h, w);
    }
    double[] last = session.run(rnn(x, w).h(), feed(x, data)).toDoubleArray();
    assertArrayEquals(numbers(h), last, TOLERANCE);
    Expr reverse = rnn(x, List.of(w), Recurrence.of(Direction.REVERSE)).y();
    double[] flipped = numbers(reverse(rnn(reverse(fed, 0), w).y(), 0));
    assertArrayEquals(flipped, session.run(reverse, feed(x, data)).toDoubleArray(), TOLERANCE);
  }

  @Test
  void theSecondLayerGoesOverTheFirstOnesResults() {
    CellWeights one = weights(4, 3);
    CellWeights two = weights(4, HIDDEN);
    Expr x = constant(4, 2, 3);
    Expr states = constant(2, 2, HIDDEN);
    Recurrence how = Recurrence.FORWARD.initial(states, states);
    RecurrentOutput both = lstm(x, List.of(one, two), how);
    Expr first = slice(states, 0, 0, 1);
    Expr second = slice(states, 0, 1, 2);
    Expr between = lstm(x, List.of(one), Recurrence.FORWARD.initial(first, first)).y();
    RecurrentOutput last = lstm(between, List.of(two), Recurrence.FORWARD.initial(second, second));
    assertArrayEquals(numbers(last.y()), numbers(both.y()), TOLERANCE);
    assertArrayEquals(numbers(last.c()), numbers(slice(both.c(), 0, 1, 2)), TOLERANCE);
  }

  @Test
  void eachSequenceEndsWhereItsLengthSays() {
    List<CellWeights> w = List.of(weights(3, 3), weights(3, 3));
    Tensor data = random(4, 2, 3);
    Expr x = graph.constant(data);
    Recurrence how = Recurrence.of(Direction.BIDIRECTIONAL);
    RecurrentOutput both = gru(x, w, how.lengths(graph.constant(Tensor.of(4L, 2L))));
    RecurrentOutput shorter = gru(slice(slice(x, 0, 0, 2), 1, 1, 2), w, how);
    assertArrayEquals(
        numbers(shorter.y()), numbers(slice(slice(both.y(), 0, 0, 2), 1, 1, 2)), TOLERANCE);
    assertArrayEquals(numbers(shorter.h()), numbers(slice(both.h(), 1, 1, 2)), TOLERANCE);
    double[] behind = numbers(slice(slice(both.y(), 0, 2, 4), 1, 1, 2));
    assertArrayEquals(new double[2 * 2 * HIDDEN], behind, 0);
  }

  @Test
  void derivativesAreCentralDifferencesInBothOrders() {
    CellWeights w = weights(4, 3);
    Tensor data = random(3, 2, 3);
    Expr x = graph.placeholder(FLOAT64, Shape.of(ANY, 2, 3));
    Recurrence how = Recurrence.of(Direction.REVERSE).lengths(graph.constant(Tensor.of(3L, 2L)));
    Expr loss = reduceSum(square(lstm(x, List.of(w), how).y()));
    Expr slope = gradient(loss, x);
    Expr curve = gradient(reduceSum(square(slope)), x);
    double[] slopes = session.run(slope, feed(x, data)).toDoubleArray();
    double[] curves = session.run(curve, feed(x, data)).toDoubleArray();
    Expr squares = reduceSum(square(slope));
    for (int i = 0; i < data.size(); i++) {
      assertEquals(difference(loss, x, data, i), slopes[i], 1e-8);
      assertEquals(difference(squares, x, data, i), curves[i], 1e-7);
    }
  }

  private double difference(Expr y, Expr x, Tensor data, int i) {
    double[] step = data.toDoubleArray();
    double h = 1e-5;
    step[i] += h;
    double above = session.run(y, feed(x, Tensor.of(data.shape(), step))).doubleAt(0);
    step[i] -= 2 * h;
    double below = session.run(y, feed(x, Tensor.of(data.shape(), step))).doubleAt(0);
    return (above - below) / (2 * h);
  }

  @Test
  void messagesNameTheRuleAndTheOperand() {
    Expr x = constant(4, 2, 3).named("x");
    CellWeights w = CellWeights.of(constant(6, 3).named("w"), constant(6, HIDDEN));
    assertMessage("gru: the input must be [time, batch, in]: ", () -> gru(at(x, 0), w), "[2, 3]");
    assertMessage(
        "lstm: weights of the state must be [4 * hidden, hidden]: ", () -> lstm(x, w), "");
    CellWeights wide = CellWeights.of(constant(6, 5).named("w5"), constant(6, HIDDEN));
    assertMessage("gru: weights of the input must have as many rows", () -> gru(x, wide), "'w5'");
    Recurrence both = Recurrence.of(Direction.BIDIRECTIONAL);
    assertMessage(
        "gru: weights are needed for each layer, forward and then reverse, found 1",
        () -> gru(x, List.of(w), both),
        "");
    Expr h = constant(3, 2, HIDDEN).named("h");
    assertMessage(
        "gru: initial states must be [layers * ways, batch, hidden], [1, 2, 2]: ",
        () -> gru(x, List.of(w), Recurrence.FORWARD.initial(h)),
        "'h' is FLOAT64 [3, 2, 2]");
    Expr lengths = graph.constant(Tensor.of(1, 2));
    assertMessage(
        "gru: lengths must be int64: ",
        () -> gru(x, List.of(w), Recurrence.FORWARD.lengths(lengths)),
        "convert them with cast(lengths, INT64)");
    Expr state = constant(5, HIDDEN);
    assertMessage(
        "gruCell: a state must be [batch, hidden], [2, 2]: ",
        () -> gruCell(at(x, 0), state, w),
        "");
  }

  private static void assertMessage(String start, Executable code, String part) {
    String message = assertThrows(MillraceException.class, code).getMessage();
    assertTrue(message.startsWith(start), message);
    assertTrue(message.contains(part), message);
  }
}
