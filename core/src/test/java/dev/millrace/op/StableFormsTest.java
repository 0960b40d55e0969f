package dev.millrace.op;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.session.Session;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Formulas as they stand in books, on numbers where the book's form overflows or cancels. */
@Tag("kernels")
class StableFormsTest {
  private static final double[] EXTREME = {
    0, -0.0, 1e-30, -1e-30, 1e-8, 1, -1, 20, -20, 40, -40, 88, -88, 104, -104, 710, -710, 1e4, -1e4,
    1e30, -1e30
  };

  private static Tensor run(
      DType dtype, double[] numbers, UnaryOperator<Expr> formula, boolean differentiated) {
    var graph = new Graph();
    Value x = graph.placeholder(dtype, Shape.of(ANY));
    Expr y = formula.apply(x);
    Expr wanted = differentiated ? gradient(reduceSum(y), x) : y;
    Tensor tensor = OpExample.tensor(dtype, Shape.of(numbers.length), numbers);
    return new Session(graph, 1).run(wanted, feed(x, tensor));
  }

  /**
   * No NaN, and close to the exact form, in both precisions: values relatively, derivatives also as
   * close as 1 - y can be to 0.
   */
  private static void check(
      UnaryOperator<Expr> formula, DoubleUnaryOperator exact, DoubleUnaryOperator slope) {
    for (DType dtype : List.of(FLOAT32, FLOAT64)) {
      for (boolean differentiated : new boolean[] {false, true}) {
        double[] found = run(dtype, EXTREME, formula, differentiated).toDoubleArray();
        for (int i = 0; i < found.length; i++) {
          double x = dtype == FLOAT32 ? (float) EXTREME[i] : EXTREME[i];
          double expected = (differentiated ? slope : exact).applyAsDouble(x);
          double rounded = dtype == FLOAT32 ? (float) expected : expected;
          String text = dtype + (differentiated ? " derivative" : " value") + " at " + x;
          assertFalse(Double.isNaN(found[i]), text);
          double unit = dtype == FLOAT32 ? 0x1p-24 : 0x1p-53;
          double tolerance = unit * (32 * Math.abs(rounded) + (differentiated ? 1 : 0));
          assertEquals(rounded, found[i], Double.isInfinite(rounded) ? 0 : tolerance + 1e-44, text);
        }
      }
    }
  }

  private static double exactSoftplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double exactLogistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Test
  void logOfOnePlusExpIsSoftplus() {
    check(x -> log(exp(x).plus(1)), StableFormsTest::exactSoftplus, StableFormsTest::exactLogistic);
    check(
        x -> log(Scalar.one(x).plus(exp(x))),
        StableFormsTest::exactSoftplus,
        StableFormsTest::exactLogistic);
    check(x -> log1p(exp(x)), StableFormsTest::exactSoftplus, StableFormsTest::exactLogistic);
  }

  @Test
  void logisticWrittenByHandNeitherOverflowsNorLosesItsDerivative() {
    check(
        x -> Scalar.one(x).dividedBy(exp(x.negate()).plus(1)),
        StableFormsTest::exactLogistic,
        x -> exactLogistic(x) * exactLogistic(-x));
  }

  @Test
  void logOfLogisticIsNegatedSoftplus() {
    check(x -> log(logistic(x)), x -> -exactSoftplus(-x), x -> exactLogistic(-x));
    check(
        x -> log(Scalar.one(x).dividedBy(exp(x.negate()).plus(1))),
        x -> -exactSoftplus(-x),
        x -> exactLogistic(-x));
  }

  @Test
  void logOfOneMinusLogisticIsNegatedSoftplus() {
    check(x -> log(logistic(x).negate().plus(1)), x -> -exactSoftplus(x), x -> -exactLogistic(x));
    check(
        x -> log(Scalar.one(x).minus(logistic(x))), x -> -exactSoftplus(x), x -> -exactLogistic(x));
  }

  @Test
  void xLogXIsZeroAtZeroAndItsDerivativeIsTheLimit() {
    double[] numbers = {0, -0.0, Double.MIN_VALUE, 1e-300, 0.5, 1, 1e300};
    Tensor values = run(FLOAT64, numbers, x -> x.times(log(x)), false);
    Tensor slopes = run(FLOAT64, numbers, x -> log(x).times(x), true);
    for (int i = 0; i < numbers.length; i++) {
      double x = numbers[i];
      assertEquals(x == 0 ? 0 : x * Math.log(x), values.getDouble(i), 1e-12 * Math.abs(x * 700));
      assertEquals(Math.log(Math.abs(x)) + 1, slopes.getDouble(i), 1e-12, "derivative at " + x);
    }
  }

  @Test
  void entropyOfAOneHotDistributionHasNoNaNInItsDerivative() {
    Tensor slopes =
        run(FLOAT64, new double[] {0, 1, 0}, p -> p.times(p).times(log(p.plus(0))), true);
    assertEquals(1, slopes.getDouble(1), 1e-12);
    Tensor weighted = run(FLOAT32, new double[] {0, 1}, p -> xlogy(Scalar.zero(p), p), true);
    assertEquals(Tensor.of(0f, 0f), weighted);
  }

  @Test
  void logOfSoftmaxIsFiniteForAnyLogits() {
    for (DType dtype : List.of(FLOAT32, FLOAT64)) {
      double[] rows = {1e4, -1e4, 0, 0, 0, 0, 1e30, 1e30, -1e30, -700, 700, 104};
      var graph = new Graph();
      Value logits = graph.placeholder(dtype, Shape.of(ANY, 3));
      Value labels = graph.placeholder(dtype, Shape.of(ANY, 3));
      Expr loss = reduceSum(labels.times(log(softmax(logits)))).negate();
      Expr slope = gradient(loss, logits);
      Tensor x = OpExample.tensor(dtype, Shape.of(4, 3), rows);
      Tensor oneHot = OpExample.tensor(dtype, Shape.of(4, 3), 0, 1, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0);
      var results =
          new Session(graph, 1).run(List.of(loss, slope), feed(logits, x, labels, oneHot));
      double expected = 2e4 + Math.log(3) + 2e30 + 1400;
      assertEquals(expected, results.getFirst().getDouble(), 1e-5 * expected);
      assertEquals(1, results.get(1).getDouble(0, 0), 1e-12);
      assertEquals(-1, results.get(1).getDouble(0, 1), 1e-12);
      assertEquals(-2.0 / 3, results.get(1).getDouble(1, 0), 1e-6);
      assertEquals(0.5, results.get(1).getDouble(2, 0), 1e-6);
    }
  }

  @Test
  void powersHaveDerivativesOfEveryOrderAtZero() {
    var graph = new Graph();
    Value x = graph.placeholder(FLOAT64, Shape.of(ANY));
    Expr first = gradient(x.pow(2), x);
    Expr second = gradient(first, x);
    Expr third = gradient(second, x);
    var at = feed(x, Tensor.of(0.0, 1.5));
    var session = new Session(graph, 1);
    assertEquals(Tensor.of(0.0, 3.0), session.run(first, at));
    assertEquals(Tensor.of(2.0, 2.0), session.run(second, at));
    assertEquals(Tensor.of(0.0, 0.0), session.run(third, at));
  }

  /** Scalars of the type of another value. */
  private static final class Scalar {
    static Expr one(Expr like) {
      return ElementwiseFunctions.like(like, 1);
    }

    static Expr zero(Expr like) {
      return ElementwiseFunctions.like(like, 0);
    }
  }
}
