package dev.millrace.op;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Graph;
import dev.millrace.session.Session;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Attention by its formula, written out in loops, and codes of positions by theirs. */
class AttentionFunctionsTest {
  private static final double TOLERANCE = 1e-12;

  private final Graph graph = new Graph();
  private final Session session = new Session(graph, 2);
  private final SplittableRandom random = new SplittableRandom(8);

  private Expr constant(long... dims) {
    Shape shape = Shape.of(dims);
    return graph.constant(Tensor.of(shape, random.doubles(shape.size(), -1, 1).toArray()));
  }

  private double[] numbers(Expr y) {
    return session.run(y).toDoubleArray();
  }

  /** One head of queries and keys of size 2, where added is a number for each score. */
  private static double[] attended(double[] q, double[] k, double[] v, double[] added) {
    int queries = q.length / 2;
    int keys = k.length / 2;
    double[] y = new double[q.length];
    for (int i = 0; i < queries; i++) {
      double sum = 0;
      for (int j = 0; j < keys; j++) {
        double score = (q[2 * i] * k[2 * j] + q[2 * i + 1] * k[2 * j + 1]) / Math.sqrt(2);
        double weight = Math.exp(score + added[i * keys + j]);
        sum += weight;
        y[2 * i] += weight * v[2 * j];
        y[2 * i + 1] += weight * v[2 * j + 1];
      }
      y[2 * i] /= sum == 0 ? 1 : sum;
      y[2 * i + 1] /= sum == 0 ? 1 : sum;
    }
    return y;
  }

  @Test
  void masksAreAddedOrLeaveKeysOut() {
    Expr q = constant(3, 2);
    Expr k = constant(4, 2);
    Expr v = constant(4, 2);
    Expr added = constant(3, 4);
    double[] sum = numbers(scaledDotProductAttention(q, k, v, Attention.FULL.mask(added)));
    assertArrayEquals(attended(numbers(q), numbers(k), numbers(v), numbers(added)), sum, TOLERANCE);
    boolean[] seen = {true, false, false, true, false, false, false, false, true, true, true, true};
    double[] out = new double[12];
    double[] causal = new double[12];
    for (int i = 0; i < 12; i++) {
      out[i] = seen[i] ? 0 : Double.NEGATIVE_INFINITY;
      causal[i] = seen[i] && i % 4 <= i / 4 ? 0 : Double.NEGATIVE_INFINITY;
    }
    Expr mask = graph.constant(Tensor.of(Shape.of(3, 4), seen));
    double[] masked = numbers(scaledDotProductAttention(q, k, v, Attention.FULL.mask(mask)));
    assertArrayEquals(attended(numbers(q), numbers(k), numbers(v), out), masked, TOLERANCE);
    double[] both = numbers(scaledDotProductAttention(q, k, v, Attention.CAUSAL.mask(mask)));
    assertArrayEquals(attended(numbers(q), numbers(k), numbers(v), causal), both, TOLERANCE);
  }

  @Test
  void aQueryThatSeesNothingHasSlopesOfZero() {
    Expr q = graph.placeholder(FLOAT32, Shape.of(ANY, 2));
    Expr mask = graph.constant(Tensor.of(Shape.of(1, 2), false, false));
    Expr y = scaledDotProductAttention(q, q, q, Attention.FULL.mask(mask));
    Tensor data = Tensor.of(Shape.of(2, 2), 1e30f, 2f, -1e30f, 5f);
    assertArrayEquals(new double[4], session.run(y, feed(q, data)).toDoubleArray());
    double[] slopes = session.run(gradient(y, q), feed(q, data)).toDoubleArray();
    assertArrayEquals(new double[4], slopes);
  }

  @Test
  void neighbouringHeadsOfQueriesShareAHeadOfKeys() {
    Expr q = graph.placeholder(FLOAT64, Shape.of(ANY, 4, ANY, 2));
    Expr k = constant(2, 2, 3, 2);
    Expr v = constant(2, 2, 3, 2);
    Shape shape = Shape.of(2, 4, 5, 2);
    Tensor data = Tensor.of(shape, random.doubles(shape.size(), -1, 1).toArray());
    double[] found = session.run(scaledDotProductAttention(q, k, v), feed(q, data)).toDoubleArray();
    Expr fed = graph.constant(data);
    for (int head = 0; head < 4; head++) {
      Expr one =
          scaledDotProductAttention(
              slice(fed, 1, head, head + 1),
              slice(k, 1, head / 2, head / 2 + 1),
              slice(v, 1, head / 2, head / 2 + 1));
      double[] wanted = numbers(one);
      for (int i = 0; i < wanted.length; i++) {
        int at = i / 10 * 40 + head * 10 + i % 10;
        assertEquals(wanted[i], found[at], TOLERANCE);
      }
    }
  }

  @Test
  void theSharedHeadsOfMultiHeadAttentionFollowFromTheColumns() {
    Expr x = constant(2, 3, 4);
    Expr wq = constant(4, 4);
    Expr one = constant(4, 2);
    Expr wo = constant(4, 5);
    var shared =
        AttentionWeights.of(wq, one, one, wo)
            .biases(constant(4), constant(2), constant(2), constant(5));
    Expr twice = concat(1, one, one);
    var whole =
        AttentionWeights.of(wq, twice, twice, wo)
            .biases(
                shared.biases().get(0),
                concat(0, shared.biases().get(1), shared.biases().get(1)),
                concat(0, shared.biases().get(2), shared.biases().get(2)),
                shared.biases().get(3));
    assertArrayEquals(
        numbers(multiHeadAttention(x, whole, 2)),
        numbers(multiHeadAttention(x, shared, 2)),
        TOLERANCE);
  }

  @Test
  void rotationsDependOnDistancesAlone() {
    Expr x = constant(1, 4);
    Expr y = constant(1, 4);
    for (boolean interleaved : new boolean[] {false, true}) {
      double[] products = new double[2];
      for (int i = 0; i < 2; i++) {
        Expr here = graph.constant(Tensor.of((long) (3 + 10 * i)));
        Expr there = graph.constant(Tensor.of((long) (7 + 10 * i)));
        Expr turned = rotaryEmbedding(x, here, 100, interleaved);
        products[i] =
            numbers(reduceSum(turned.times(rotaryEmbedding(y, there, 100, interleaved))))[0];
      }
      assertEquals(products[0], products[1], TOLERANCE);
    }
    double[] turned = numbers(rotaryEmbedding(x, graph.constant(Tensor.of(2L)), 100, true));
    double[] in = numbers(x);
    assertEquals(in[2] * Math.cos(0.2) - in[3] * Math.sin(0.2), turned[2], TOLERANCE);
    assertEquals(in[3] * Math.cos(0.2) + in[2] * Math.sin(0.2), turned[3], TOLERANCE);
  }

  @Test
  void positionsAreSinesAndCosines() {
    double[] code = numbers(sinusoidalEncoding(graph.constant(Tensor.of(0.0, 3.0)), 4, 100));
    double[] wanted = {0, 1, 0, 1, Math.sin(3), Math.cos(3), Math.sin(0.3), Math.cos(0.3)};
    assertArrayEquals(wanted, code, TOLERANCE);
  }

  @Test
  void dropoutLeavesTheMeanOfWeights() {
    Expr q = constant(1, 2);
    Expr ones = ones(20_000);
    Expr v = broadcastTo(expandDims(ones, 1), Shape.of(20_000, 2));
    Expr y = scaledDotProductAttention(q, v.times(0.5), v, Attention.FULL.dropout(0.25));
    double found = numbers(y)[0];
    assertEquals(1, found, 0.02);
    assertTrue(found != 1);
  }

  private Expr ones(int count) {
    return graph.constant(Tensor.filled(FLOAT64, Shape.of(count), 1));
  }

  @Test
  void messagesNameTheRuleAndTheOperand() {
    Expr q = constant(1, 3, 2, 4).named("q");
    Expr k = constant(1, 2, 5, 4).named("k");
    assertMessage(
        "scaledDotProductAttention: the heads of queries must be a multiple of those of keys and"
            + " values: 'q' is FLOAT64 [1, 3, 2, 4]",
        () -> scaledDotProductAttention(q, k, k));
    Expr x = constant(2, 3).named("x");
    assertMessage(
        "rotaryEmbedding: the last axis must be of a known, even size: 'x' is FLOAT64 [2, 3]",
        () -> rotaryEmbedding(x));
    var weights = AttentionWeights.of(x, x, x, x);
    assertMessage(
        "multiHeadAttention: the columns must divide into 2 heads: 'x' is FLOAT64 [2, 3]",
        () -> multiHeadAttention(x, weights, 2));
    assertMessage(
        "attention: the rate of dropout must be in [0, 1), found 1.0",
        () -> Attention.FULL.dropout(1));
    assertMessage(
        "sinusoidalEncoding: the size must be even, 2 or more, found 3",
        () -> sinusoidalEncoding(x, 3));
  }

  private static void assertMessage(String start, Executable code) {
    String message = assertThrows(MillraceException.class, code).getMessage();
    assertTrue(message.startsWith(start), message);
  }
}
