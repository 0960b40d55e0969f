package dev.millrace.op;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.millrace.graph.Graph;
import dev.millrace.session.Session;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Normalisations by norms. */
class ScalingFunctionsTest {
  private final Graph graph = new Graph();

  private double[] run(Expr x) {
    return new Session(graph, 1).run(x).toDoubleArray();
  }

  private void assertIs(Expr actual, double... expected) {
    assertArrayEquals(expected, run(actual), 1e-12);
  }

  private Expr matrix(int rows, double... numbers) {
    return graph.constant(Tensor.of(Shape.of(rows, numbers.length / rows), numbers));
  }

  @Test
  void vectorsGetLengthOneAndZerosStay() {
    Expr x = matrix(2, 3, -4, 0, 0);
    assertIs(l2Normalize(x, -1), 0.6, -0.8, 0, 0);
    assertIs(normalize(x, 1, 1e-12, 1), 3 / 7.0, -4 / 7.0, 0, 0);
    assertIs(normalize(x, Double.POSITIVE_INFINITY, 1e-12), 0.75, -1, 0, 0);
    assertIs(gradient(l2Normalize(slice(x, 0, 1, 2), 1), x), 0, 0, 1e12, 1e12);
  }

  @Test
  void weightsHaveTheLengthsGiven() {
    Expr v = matrix(2, 3, -4, 0, 5);
    Expr g = graph.constant(Tensor.of(10.0, 2));
    assertIs(weightNorm(v, g, 0), 6, -8, 0, 2);
    assertIs(reduceL2(weightNorm(v, g, 1), 0), 10, 2);
  }

  @Test
  void theLargestSingularValueBecomesOne() {
    Expr w = matrix(2, 3, 1, -1, 2, 0.5, 4);
    Expr u = graph.constant(Tensor.of(1.0, 1));
    Expr normalized = spectralNorm(w, u, 40).w();
    assertEquals(1, run(reduceMax(svdvals(normalized)))[0], 1e-9);
    Expr once = spectralNorm(w, u, 1).u();
    assertEquals(1, run(reduceL2(once))[0], 1e-12);
  }

  @Test
  void neighbouringChannelsCount() {
    Expr x = matrix(1, 1, 2, 3, 4);
    assertIs(
        localResponseNorm(x, 3, 3, 1, 1),
        1 / (1 + 5.0),
        2 / (1 + 14.0),
        3 / (1 + 29.0),
        4 / (1 + 25.0));
    assertIs(
        localResponseNorm(transpose(x), 2, 2, 1, 1, 0),
        1 / (1 + 1.0),
        2 / (1 + 5.0),
        3 / (1 + 13.0),
        4 / (1 + 25.0));
  }

  @Test
  void severalAxesAreNormalisedTogether() {
    Expr x = graph.constant(Tensor.of(Shape.of(2, 2, 3), Slope.distinct(12, 4)));
    Expr scale = matrix(2, 1, 2, 3, 4, 5, 6);
    Expr shift = matrix(2, 0, 1, 0, 1, 0, 1);
    Expr flat = layerNorm(reshape(x, 2, 6), reshape(scale, 6), reshape(shift, 6), 1e-3);
    assertIs(layerNorm(x, scale, shift, 1e-3, 1), run(flat));
    assertIs(rmsNorm(x, scale, 1e-3, -2), run(rmsNorm(reshape(x, 2, 6), reshape(scale, 6), 1e-3)));
  }

  @Test
  void derivativesAgreeWithDifferences() {
    Shape shape = Shape.of(3, 4);
    double[] x = Slope.distinct(12, 6);
    Slope.check(in -> l2Normalize(in, -1), shape, x);
    Slope.check(in -> normalize(in, 3, 1e-12, 1), shape, x);
    Slope.check(in -> localResponseNorm(in, 3, 0.5, 0.75, 2), shape, x);
    Slope.check(in -> weightNorm(in, in.recorder().constant(Tensor.of(1.0, 2, 3, 4)), 1), shape, x);
  }
}
