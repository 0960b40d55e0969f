package dev.millrace.op;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.millrace.Ops;
import dev.millrace.graph.Graph;
import dev.millrace.session.Session;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;

/** Scans against the folds that define them. */
class ScanFunctionsTest {
  private static final Shape SHAPE = Shape.of(2, 5, 3);

  private final Graph graph = new Graph();
  private final double[] numbers = new SplittableRandom(4).doubles(30, -2, 2).toArray();
  private final Expr x = graph.constant(Tensor.of(SHAPE, numbers));

  private double[] run(Expr y) {
    return new Session(graph, 2).run(y).toDoubleArray();
  }

  private interface Function {
    Expr of(Expr x, int axis, boolean exclusive, boolean reverse);
  }

  private void check(Function function, double start, DoubleBinaryOperator fold) {
    for (int axis = 0; axis < 3; axis++) {
      for (boolean exclusive : new boolean[] {false, true}) {
        for (boolean reverse : new boolean[] {false, true}) {
          double[] expected = expected(axis, exclusive, reverse, start, fold);
          double[] found = run(function.of(x, axis - 3, exclusive, reverse));
          assertArrayEquals(expected, found, 1e-12, axis + " " + exclusive + " " + reverse);
        }
      }
    }
  }

  private double[] expected(
      int axis, boolean exclusive, boolean reverse, double start, DoubleBinaryOperator fold) {
    int[] dims = {2, 5, 3};
    int[] strides = {15, 3, 1};
    var expected = new double[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      int own = i / strides[axis] % dims[axis];
      double sum = start;
      for (int j = 0; j < dims[axis]; j++) {
        boolean before = reverse ? j > own : j < own;
        if (before || (j == own && !exclusive)) {
          sum = fold.applyAsDouble(sum, numbers[i + (j - own) * strides[axis]]);
        }
      }
      expected[i] = sum;
    }
    return expected;
  }

  @Test
  void scansAreFoldsOfAllThatCameBefore() {
    check(Ops::cumulativeSum, 0, Double::sum);
    check(Ops::cumulativeProd, 1, (a, b) -> a * b);
    check(Ops::cumulativeMax, Double.NEGATIVE_INFINITY, Math::max);
    check(Ops::cumulativeMin, Double.POSITIVE_INFINITY, Math::min);
    check(
        Ops::cumulativeLogSumExp,
        Double.NEGATIVE_INFINITY,
        (a, b) -> Math.log(Math.exp(a) + Math.exp(b)));
  }

  @Test
  void aRecurrenceTakesItsOwnLastResult() {
    Expr a = graph.constant(Tensor.of(Shape.of(4), 0.5, 2, 3, -1));
    Expr b = graph.constant(Tensor.of(Shape.of(4), 1.0, 10, 100, 1000));
    assertArrayEquals(new double[] {1, 12, 136, 864}, run(linearRecurrence(a, b, 0)));
  }

  @Test
  void logarithmsOfSumsNeitherOverflowNorLoseNothing() {
    double none = Double.NEGATIVE_INFINITY;
    Expr far = graph.constant(Tensor.of(Shape.of(4), none, none, 1000.0, 1000.0));
    double[] y = run(cumulativeLogSumExp(far, 0));
    assertArrayEquals(new double[] {none, none, 1000, 1000 + Math.log(2)}, y, 1e-12);
    double[] slope = run(gradient(slice(cumulativeLogSumExp(far, 0), 0, 2, 4), far));
    assertArrayEquals(new double[] {0, 0, 1.5, 0.5}, slope, 1e-12);
  }

  @Test
  void theDerivativeOfAProductIsExactWithZeros() {
    Expr z = graph.constant(Tensor.of(Shape.of(4), 2.0, 0, 3, 0));
    assertArrayEquals(new double[] {1, 8, 0, 0}, run(gradient(cumulativeProd(z, 0), z)));
  }

  @Test
  void nanStaysInAMaximum() {
    Expr z = graph.constant(Tensor.of(Shape.of(3), 1.0, Double.NaN, 5));
    double[] y = run(cumulativeMax(z, 0));
    assertEquals(1, y[0]);
    assertEquals(Double.NaN, y[1] + y[2]);
  }

  @Test
  void integersWrap() {
    Expr z = graph.constant(Tensor.of(Shape.of(3), Integer.MAX_VALUE, 1, 1));
    int[] y = (int[]) new Session(graph, 1).run(cumulativeSum(z, 0)).array();
    assertArrayEquals(new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE + 1}, y);
  }
}
