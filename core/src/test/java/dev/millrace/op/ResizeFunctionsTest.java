package dev.millrace.op;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Graph;
import dev.millrace.op.Resize.Coordinates;
import dev.millrace.op.Resize.Rounding;
import dev.millrace.session.Session;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Resizing by each rule for coordinates, against numbers worked out by hand. */
class ResizeFunctionsTest {
  private final Graph graph = new Graph();

  private Expr row(double... numbers) {
    return graph.constant(Tensor.of(Shape.of(1, numbers.length, 1), numbers));
  }

  private double[] run(Expr x) {
    return new Session(graph, 1).run(x).toDoubleArray();
  }

  private void assertIs(Expr actual, double... expected) {
    assertArrayEquals(expected, run(actual), 1e-12);
  }

  private static Resize linear(Coordinates coordinates) {
    return Resize.LINEAR.coordinates(coordinates);
  }

  @Test
  void eachRuleForCoordinatesHasItsOwnPositions() {
    Expr x = row(0, 10);
    assertIs(resize(x, linear(Coordinates.HALF_PIXEL), 4), 0, 2.5, 7.5, 10);
    assertIs(resize(x, linear(Coordinates.ALIGN_CORNERS), 3), 0, 5, 10);
    assertIs(resize(x, linear(Coordinates.ASYMMETRIC), 4), 0, 5, 10, 10);
    assertIs(resize(x, linear(Coordinates.HALF_PIXEL), 1), 5);
    assertIs(resize(x, linear(Coordinates.PYTORCH_HALF_PIXEL), 1), 0);
    assertIs(resize(x, linear(Coordinates.ALIGN_CORNERS), 1), 0);
    Resize symmetric = linear(Coordinates.HALF_PIXEL_SYMMETRIC);
    assertIs(resizeBy(row(0, 10, 20), symmetric, 0.8), 3.75, 16.25);
  }

  @Test
  void theNearestElementDependsOnTheRounding() {
    Expr x = row(0, 1, 2, 3);
    Resize corners = Resize.NEAREST.alignCorners();
    assertIs(resize(x, corners.rounding(Rounding.FLOOR), 3), 0, 1, 3);
    assertIs(resize(x, corners.rounding(Rounding.CEIL), 3), 0, 2, 3);
    assertIs(resize(x, corners.rounding(Rounding.PREFER_FLOOR), 3), 0, 1, 3);
    assertIs(resize(x, corners.rounding(Rounding.PREFER_CEIL), 3), 0, 2, 3);
    assertIs(resize(x, Resize.NEAREST, 8), 0, 0, 1, 1, 2, 2, 3, 3);
    Expr bytes = cast(x, DType.UINT8);
    assertEquals(DType.UINT8, resize(bytes, Resize.NEAREST, 2).dtype());
  }

  @Test
  void cubicWeightsKeepStraightLines() {
    Expr x = row(0, 1, 2, 3, 4, 5, 6, 7);
    double[] y = run(resize(x, Resize.CUBIC.alignCorners().cubic(-0.5), 15));
    for (int i = 2; i < 13; i++) {
      assertEquals(i / 2.0, y[i], 1e-12);
    }
    double[] z = run(resize(row(0, 0, 1, 0), Resize.CUBIC, 8));
    assertEquals(((1.25 * 0.75 - 2.25) * 0.75 * 0.75) + 1, z[3], 1e-12);
  }

  @Test
  void areasAreAverages() {
    assertIs(resize(row(1, 3, 5, 7), Resize.AREA, 2), 2, 6);
    assertIs(resize(row(1, 2, 3), Resize.AREA, 2), 1.5, 2.5);
    Expr image = reshape(row(Slope.distinct(24, 1)), 1, 4, 6, 1);
    assertIs(resizeArea(image, 2, 2), run(averagePool2d(image, Window.of(2, 3))));
  }

  @Test
  void antialiasingSeesAllElements() {
    assertIs(resize(row(0, 0, 8, 0), Resize.LINEAR, 2), 0, 4);
    double[] y = run(resize(row(0, 0, 8, 0), Resize.LINEAR.antialias(), 2));
    assertArrayEquals(new double[] {8 / 7.0, 24 / 7.0}, y, 1e-12);
    double[] ones = run(resize(row(1, 1, 1, 1, 1), Resize.CUBIC.antialias(), 2));
    assertArrayEquals(new double[] {1, 1}, ones, 1e-12);
  }

  @Test
  void elementsBeyondTheEdgesMayBeExcluded() {
    double[] y = run(resize(row(4, 4, 4), Resize.CUBIC.excludingOutside(), 7));
    assertArrayEquals(new double[] {4, 4, 4, 4, 4, 4, 4}, y, 1e-12);
    double first = run(resize(row(1, 0, 0), Resize.CUBIC.excludingOutside(), 6))[0];
    double edge = run(resize(row(1, 0, 0), Resize.CUBIC, 6))[0];
    assertTrue(Math.abs(first - edge) > 0.01);
  }

  @Test
  void aCropHasAValueForWhatLiesOutside() {
    Expr x = row(0, 10, 20);
    Resize part = Resize.LINEAR.crop(new double[] {0.25}, new double[] {1.25}, -1);
    assertIs(resize(x, part, 3), 5, 15, -1);
    Resize flipped = Resize.NEAREST.crop(new double[] {1}, new double[] {0}, -1);
    assertIs(resize(x, flipped, 3), 20, 10, 0);
  }

  @Test
  void axesAreIndependentOfTheOrderOfTheChannels() {
    double[] data = Slope.distinct(2 * 3 * 4 * 5, 2);
    Expr x = graph.constant(Tensor.of(Shape.of(2, 3, 4, 5), data));
    Expr first = transpose(x, 0, 3, 1, 2);
    for (Resize how : new Resize[] {Resize.NEAREST, Resize.LINEAR, Resize.CUBIC, Resize.AREA}) {
      Expr y = resize(x, how, 6, 7);
      Expr z = resize(first, how.channelsFirst(), 6, 7);
      assertEquals(Shape.of(2, 6, 7, 5), y.shape());
      assertIs(transpose(z, 0, 2, 3, 1), run(y));
      assertIs(resize(x, how, new int[] {-2, 1}, new long[] {7, 6}), run(y));
    }
  }

  @Test
  void partsAreCutOut() {
    Expr x = reshape(row(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), 1, 3, 4, 1);
    assertIs(crop(x, 1, 2, 2, 2), 6, 7, 10, 11);
    assertIs(centralCrop(x, 1, 2), 5, 6);
    assertThrows(ShapeException.class, () -> centralCrop(x, 4, 2));
    assertThrows(ShapeException.class, () -> crop(x, 2, 0, 2, 2));
  }

  @Test
  void mistakesAreNamed() {
    Expr any = graph.placeholder(FLOAT64, Shape.of(1, ANY, 1)).named("x");
    var unknown = assertThrows(ShapeException.class, () -> resize(any, Resize.LINEAR, 4));
    assertTrue(unknown.getMessage().startsWith("resize: the size of axis 1 must be known: 'x' is"));
    var axes = assertThrows(ShapeException.class, () -> resize(any, Resize.LINEAR, 4, 4));
    assertTrue(axes.getMessage().startsWith("resize: takes a batch, channels and one size for"));
    assertThrows(ShapeException.class, () -> resize(row(1, 2), Resize.LINEAR, 0));
    Expr whole = cast(row(1, 2), INT32);
    assertThrows(DTypeException.class, () -> resize(whole, Resize.LINEAR, 4));
  }

  @Test
  void derivativesAgreeWithDifferences() {
    Shape shape = Shape.of(2, 3, 4, 1);
    double[] x = Slope.distinct(24, 9);
    Slope.check(in -> resize(in, Resize.LINEAR, 5, 3).square(), shape, x);
    Slope.check(in -> resize(in, Resize.CUBIC.antialias(), 2, 6).square(), shape, x);
    Slope.check(in -> resize(in, Resize.NEAREST, 5, 3).square(), shape, x);
    Slope.check(in -> resizeArea(in, 2, 3).square(), shape, x);
  }
}
