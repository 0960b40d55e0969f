package dev.millrace.op;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.graph.Graph;
import dev.millrace.session.Session;
import dev.millrace.tensor.IndexException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The loss against the sum over all sequences of outputs, one by one. */
class CtcTest {
  private static final int TIMES = 5;
  private static final int CLASSES = 3;
  private static final int BLANK = 0;

  private final Graph graph = new Graph();
  private final Session session = new Session(graph, 1);
  private final Expr logits = graph.placeholder(FLOAT64, Shape.of(TIMES, ANY, CLASSES));
  private final Expr labels = graph.placeholder(INT64, Shape.of(ANY, 3));
  private final Expr labelLengths = graph.placeholder(INT64, Shape.of(ANY));
  private final Expr logitLengths = graph.placeholder(INT64, Shape.of(ANY));
  private final Expr losses = ctcLoss(labels, labelLengths, logits, logitLengths, BLANK, NONE);

  private static final long[][] LABELS = {{1, 2, 1}, {1, 1, 77}, {2, -5, 9}, {0, 0, 0}, {1, 1, 1}};
  private static final long[] LABEL_LENGTHS = {3, 2, 1, 0, 3};
  private static final long[] LOGIT_LENGTHS = {5, 4, 3, 5, 4};

  private static double[] numbers() {
    return new SplittableRandom(9).doubles((long) TIMES * LABELS.length * CLASSES, -2, 2).toArray();
  }

  private double[] run(Expr y, double[] x) {
    long batch = LABELS.length;
    long[] flat = java.util.Arrays.stream(LABELS).flatMapToLong(java.util.Arrays::stream).toArray();
    return session
        .run(
            y,
            feed(logits, Tensor.of(Shape.of(TIMES, batch, CLASSES), x))
                .and(labels, Tensor.of(Shape.of(batch, 3), flat))
                .and(labelLengths, Tensor.of(LABEL_LENGTHS))
                .and(logitLengths, Tensor.of(LOGIT_LENGTHS)))
        .toDoubleArray();
  }

  /** What is left of a sequence of outputs. */
  private static List<Long> spelt(int sequence, int length) {
    var left = new ArrayList<Long>();
    long before = BLANK;
    for (int t = 0; t < length; t++, sequence /= CLASSES) {
      long output = sequence % CLASSES;
      if (output != BLANK && output != before) {
        left.add(output);
      }
      before = output;
    }
    return left;
  }

  private static double probability(double[] x, int example, int t, int output) {
    double sum = 0;
    int row = (t * LABELS.length + example) * CLASSES;
    for (int c = 0; c < CLASSES; c++) {
      sum += Math.exp(x[row + c]);
    }
    return Math.exp(x[row + output]) / sum;
  }

  private static double loss(double[] x, int example) {
    int length = (int) LOGIT_LENGTHS[example];
    var wanted = new ArrayList<Long>();
    for (int i = 0; i < LABEL_LENGTHS[example]; i++) {
      wanted.add(LABELS[example][i]);
    }
    double sum = 0;
    for (int sequence = 0; sequence < Math.pow(CLASSES, length); sequence++) {
      if (spelt(sequence, length).equals(wanted)) {
        double product = 1;
        int rest = sequence;
        for (int t = 0; t < length; t++, rest /= CLASSES) {
          product *= probability(x, example, t, rest % CLASSES);
        }
        sum += product;
      }
    }
    return -Math.log(sum);
  }

  @Test
  void isTheSumOverAllSequencesOfOutputs() {
    double[] x = numbers();
    double[] found = run(losses, x);
    for (int example = 0; example < LABELS.length; example++) {
      assertEquals(loss(x, example), found[example], 1e-13, "example " + example);
    }
    assertEquals(Double.POSITIVE_INFINITY, found[4], "three equal labels need five times");
  }

  @Test
  void derivativesAgreeWithDifferences() {
    double[] x = numbers();
    Expr finite = select(losses.less(Double.POSITIVE_INFINITY), losses, 0);
    double[] gradient = run(gradient(finite, logits), x);
    double[] differences = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double[] moved = x.clone();
      int example = i / CLASSES % LABELS.length;
      if (example < 4) {
        moved[i] += 1e-5;
        differences[i] = loss(moved, example);
        moved[i] -= 2e-5;
        differences[i] = (differences[i] - loss(moved, example)) / 2e-5;
      }
    }
    assertArrayEquals(differences, gradient, 1e-9);
  }

  @Test
  void labelsThatAreNoClassesEndTheRun() {
    Expr x = graph.constant(Tensor.of(Shape.of(2, 1, 2), 1.0, 2, 3, 4));
    Expr three = graph.constant(Tensor.of(Shape.of(1, 1), 3L));
    Expr one = graph.constant(Tensor.of(1L));
    Expr two = graph.constant(Tensor.of(2L));
    Expr loss = ctcLoss(three, one, x, two, BLANK, SUM);
    assertThrows(IndexException.class, () -> session.run(loss));
  }

  @Test
  void otherRanksAndUnknownTimesAreRefused() {
    Expr anyTimes = graph.placeholder(FLOAT64, Shape.of(ANY, 2, 3)).named("x");
    refused(
        "ctcLoss: axis 0 must have a known size above 0, as shorter sequences are filled up: 'x' is"
            + " FLOAT64 [?, 2, 3] (HERE)",
        anyTimes,
        logitLengths);
    Expr y = graph.placeholder(INT64, Shape.of(2)).named("y");
    String message =
        assertThrows(ShapeException.class, () -> ctcLoss(y, y, anyTimes, y, BLANK, SUM))
            .getMessage();
    assertEquals(
        "ctcLoss: takes labels [batch, labels], their numbers [batch], logits [time, batch,"
            + " classes], their numbers [batch]: 'y' is INT64 [2] (HERE), 'x' is FLOAT64 [?, 2, 3]"
            + " (HERE)",
        message.replaceAll("\\w+\\.java:\\d+", "HERE"));
  }

  private void refused(String text, Expr x, Expr lengths) {
    String message =
        assertThrows(ShapeException.class, () -> ctcLoss(labels, lengths, x, lengths, BLANK, SUM))
            .getMessage();
    assertEquals(text, message.replaceAll("\\w+\\.java:\\d+", "HERE"));
  }
}
