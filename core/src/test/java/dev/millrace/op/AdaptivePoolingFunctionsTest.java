package dev.millrace.op;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Graph;
import dev.millrace.session.Session;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Pooling to a given number of places, by norms, with places; and back. */
class AdaptivePoolingFunctionsTest {
  private final Graph graph = new Graph();

  private Expr row(double... numbers) {
    return graph.constant(Tensor.of(Shape.of(1, numbers.length, 1), numbers));
  }

  private Expr square(int height, int width) {
    double[] data = Slope.distinct(height * width, 3);
    return graph.constant(Tensor.of(Shape.of(1, height, width, 1), data));
  }

  private double[] run(Expr x) {
    return new Session(graph, 1).run(x).toDoubleArray();
  }

  private void assertIs(Expr actual, double... expected) {
    assertArrayEquals(expected, run(actual), 1e-12);
  }

  @Test
  void partsOverlapWhereTheSizeDoesNotDivide() {
    Expr x = row(1, 2, 3, 4, 6);
    assertIs(adaptiveAveragePool1d(x, 3), 1.5, 3, 5);
    assertIs(adaptiveAveragePool1d(x, 1), 3.2);
    assertIs(adaptiveAveragePool1d(row(1, 3, 5, 7), 2), 2, 6);
    assertIs(adaptiveAveragePool1d(row(1, 3), 4), 1, 1, 3, 3);
    assertIs(adaptiveMaxPool1d(row(5, 2, 7, 4, 6), 3), 5, 7, 6);
    assertIs(adaptiveMaxPool1d(row(5, 2), 4), 5, 5, 2, 2);
  }

  @Test
  void theFirstOfEqualMaximaGetsTheDerivative() {
    Expr x = row(1, 2, 2, 2, 0);
    assertIs(gradient(adaptiveMaxPool1d(x, 3), x), 0, 2, 0, 1, 0);
  }

  @Test
  void twoAndThreeAxesAreEachAsOne() {
    Expr x = square(5, 7);
    Expr rows = adaptiveMaxPool1d(reshape(x, 5, 7, 1), 3);
    Expr both = adaptiveMaxPool1d(reshape(transpose(reshape(rows, 5, 3)), 3, 5, 1), 2);
    assertIs(adaptiveMaxPool2d(x, 2, 3), run(transpose(reshape(both, 3, 2))));
    assertIs(adaptiveMaxPool3d(expandDims(x, 1), 1, 2, 3), run(adaptiveMaxPool2d(x, 2, 3)));
    assertIs(adaptiveAveragePool3d(expandDims(x, 1), 1, 2, 3), run(adaptiveAveragePool2d(x, 2, 3)));
    Expr first = transpose(x, 0, 3, 1, 2);
    assertIs(adaptiveAveragePool2d(first, 1, 2, 3), run(adaptiveAveragePool2d(x, 2, 3)));
    assertIs(adaptiveMaxPool2d(first, 1, 2, 3), run(adaptiveMaxPool2d(x, 2, 3)));
  }

  @Test
  void allPlacesFoldIntoOneWithTheChannelsFirstToo() {
    Expr x = graph.constant(Tensor.of(Shape.of(1, 2, 3), 3.0, -4, 0, 1, 2, 2));
    assertIs(globalAveragePool(x, 1), -1.0 / 3, 5.0 / 3);
    assertIs(globalMaxPool(x, 1), 3, 2);
    assertIs(globalLpPool(x, 2, 1), 5, 3);
    assertIs(globalLpPool(transpose(x, 0, 2, 1), 2), 5, 3);
  }

  @Test
  void aLastPlaceHoldsWhatIsLeftOver() {
    Expr x = row(1, 5, 2, 3, 9);
    assertIs(maxPool1d(x, Window.of(2).roundingUp()), 5, 3, 9);
    assertIs(averagePool1d(x, Window.of(2).roundingUp()), 3, 2.5, 9);
    assertIs(averagePool1d(x, Window.of(2).roundingUp().countingPadding()), 3, 2.5, 9);
    Window padded = Window.of(3).stride(2).padding(1).roundingUp();
    assertIs(averagePool1d(row(1, 2, 3, 4), padded.countingPadding()), 1, 3, 2);
    assertIs(averagePool1d(row(1, 2, 3, 4), padded), 1.5, 3, 4);
  }

  @Test
  void noPlaceBeginsBehindTheInput() {
    Expr x = row(1, 2, 3, 4);
    assertEquals(Shape.of(1, 2, 1), maxPool1d(x, Window.of(1).stride(3).roundingUp()).shape());
    assertEquals(
        Shape.of(1, 2, 1), maxPool1d(x, Window.of(2).stride(3).padding(1).roundingUp()).shape());
    Expr any = graph.placeholder(FLOAT64, Shape.of(1, ANY, 1));
    Expr y = maxPool1d(any, Window.of(3).stride(2).roundingUp());
    Tensor data = Tensor.of(Shape.of(1, 4, 1), 1.0, 2, 3, 4);
    double[] found = new Session(graph, 1).run(y, feed(any, data)).toDoubleArray();
    assertArrayEquals(new double[] {3, 4}, found);
    var refused =
        assertThrows(
            ShapeException.class, () -> maxPool1d(any, Window.of(2).stride(3).roundingUp()));
    assertTrue(refused.getMessage().startsWith("maxPool1d: rounding up the places of an unknown"));
  }

  @Test
  void normsOfWindowsHaveNoSlopeAtZeros() {
    Expr x = row(3, -4, 0, 0);
    assertIs(lpPool(x, 2, Window.of(2)), 5, 0);
    assertIs(gradient(lpPool(x, 2, Window.of(2)), x), 0.6, -0.8, 0, 0);
    assertIs(lpPool(x, 1, Window.of(2)), 7, 0);
    assertIs(lpPool(x, 3, Window.of(2)), Math.cbrt(91), 0);
    assertIs(lpPool(x, Double.POSITIVE_INFINITY, Window.of(2)), 4, 0);
    assertTrue(Double.isNaN(run(lpPool(row(1, Double.NaN), 2, Window.of(2)))[0]));
  }

  @Test
  void maximaGoBackToWhereTheyWere() {
    Expr x = square(4, 5);
    var pooled = maxPoolWithIndices(x, Window.of(2));
    assertIs(pooled.y(), run(maxPool2d(x, 2)));
    double[] data = run(x);
    double[] indices = run(pooled.indices());
    double[] maxima = run(pooled.y());
    var back = new double[20];
    for (int i = 0; i < maxima.length; i++) {
      assertEquals(maxima[i], data[(int) indices[i]]);
      back[(int) indices[i]] = maxima[i];
    }
    assertIs(maxUnpool(pooled.y(), pooled.indices(), 4, 5), back);
    Expr first = transpose(x, 0, 3, 1, 2);
    var same = maxPoolWithIndices(first, Window.of(2).channelsFirst());
    assertIs(same.indices(), indices);
    assertIs(maxUnpoolChannelsFirst(same.y(), same.indices(), 4, 5), back);
  }

  @Test
  void indicesAreThoseOfTheInputWithoutItsPadding() {
    var pooled = maxPoolWithIndices(row(7, 7, 1, 2), Window.of(3).stride(2).padding(1));
    assertIs(pooled.indices(), 0, 1);
    var nothing = Double.NEGATIVE_INFINITY;
    assertIs(maxPoolWithIndices(row(nothing, nothing), Window.of(2).padding(1)).indices(), 0, 1);
    assertIs(maxPoolWithIndices(row(1, Double.NaN, 3), Window.of(3)).indices(), 1);
  }

  @Test
  void derivativesAgreeWithDifferences() {
    Shape shape = Shape.of(2, 5, 4, 1);
    double[] x = Slope.distinct(40, 5);
    Slope.check(in -> adaptiveAveragePool2d(in, 2, 3).square(), shape, x);
    Slope.check(in -> adaptiveMaxPool2d(in, 2, 3).square(), shape, x);
    Slope.check(in -> lpPool(in, 3, Window.of(2)), shape, x);
    Slope.check(in -> averagePool2d(in, Window.of(2).roundingUp()).square(), shape, x);
    Window window = Window.of(3).stride(2).padding(1).dilation(1, 2).roundingUp();
    Slope.check(in -> maxPool2d(in, window).square(), shape, x);
    Slope.check(
        in -> {
          var pooled = maxPoolWithIndices(in, Window.of(2));
          return maxUnpool(pooled.y().square(), pooled.indices(), 5, 4);
        },
        shape,
        x);
    Slope.check(in -> globalLpPool(in, 3), shape, x);
  }
}
