package dev.millrace.op;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Graph;
import dev.millrace.session.Session;
import dev.millrace.tensor.IndexException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Images at positions that a graph computes. */
class SamplingFunctionsTest {
  private final Graph graph = new Graph();

  private Expr numbers(Shape shape, double... numbers) {
    return graph.constant(Tensor.of(shape, numbers));
  }

  private Expr row(double... numbers) {
    return numbers(Shape.of(1, numbers.length, 1), numbers);
  }

  private Expr points(double... numbers) {
    return numbers(Shape.of(1, numbers.length, 1), numbers);
  }

  private double[] run(Expr x) {
    return new Session(graph, 1).run(x).toDoubleArray();
  }

  private void assertIs(Expr actual, double... expected) {
    assertArrayEquals(expected, run(actual), 1e-12);
  }

  @Test
  void bordersAreZerosTheEdgeOrAMirror() {
    Expr x = row(1, 2, 3, 4);
    Expr at = points(-1.25, -1, -0.75, 1, 1.5);
    assertIs(gridSample(x, at, Sampling.LINEAR), 0, 0.5, 1, 2, 0);
    Sampling edge = Sampling.LINEAR.border(Sampling.Border.EDGE);
    assertIs(gridSample(x, at, edge), 1, 1, 1, 4, 4);
    Sampling mirror = Sampling.LINEAR.border(Sampling.Border.REFLECT);
    assertIs(gridSample(x, at, mirror), 1, 1, 1, 4, 3.5);
    Expr corners = points(-1, -5 / 3.0, 1, 5 / 3.0, 3);
    assertIs(gridSample(x, corners, mirror.alignCorners()), 1, 2, 4, 3, 1);
    assertIs(gridSample(x, at, Sampling.NEAREST), 0, 1, 1, 0, 0);
  }

  @Test
  void pixelsBeyondTheEdgesAreNotReadEvenIfTheyAreNaN() {
    Expr x = row(Double.NaN, 2, 3);
    Expr y = gridSample(x, points(-3, 1 / 3.0), Sampling.LINEAR);
    assertIs(y, 0, 2.5);
    assertIs(gridSample(x, points(Double.NaN), Sampling.LINEAR), 0);
  }

  @Test
  void theIdentityGivesTheImageInEveryMethod() {
    double[] data = Slope.distinct(2 * 3 * 4 * 2, 2);
    Expr x = numbers(Shape.of(2, 3, 4, 2), data);
    Expr theta = numbers(Shape.of(2, 2, 3), 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0);
    for (Sampling how : List.of(Sampling.NEAREST, Sampling.LINEAR, Sampling.CUBIC)) {
      assertIs(gridSample(x, affineGrid(theta, false, 3, 4), how), data);
      assertIs(gridSample(x, affineGrid(theta, true, 3, 4), how.alignCorners()), data);
      assertIs(affineTransform(x, theta, how), data);
      Expr first = transpose(x, 0, 3, 1, 2);
      Expr same = gridSample(first, affineGrid(theta, false, 3, 4), how.channelsFirst());
      assertIs(transpose(same, 0, 2, 3, 1), data);
    }
  }

  @Test
  void gridsHaveTheLastAxisFirstAndAnyNumberOfAxes() {
    Expr x = numbers(Shape.of(1, 2, 3, 1), 1, 2, 3, 4, 5, 6);
    Expr grid = numbers(Shape.of(1, 2, 2), 1, -1, -1, 1);
    assertIs(gridSample(x, grid, Sampling.LINEAR.alignCorners()), 3, 4);
    Expr deep = numbers(Shape.of(1, 2, 2, 2, 1), 1, 2, 3, 4, 5, 6, 7, 8);
    Expr point = numbers(Shape.of(1, 2, 3), 1, -1, 1, 0, 0, 0);
    assertIs(gridSample(deep, point, Sampling.LINEAR.alignCorners()), 6, 4.5);
  }

  @Test
  void imagesTurnCounterclockwiseAroundTheirCentre() {
    Expr x = numbers(Shape.of(2, 3, 3, 1), 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    double[] y = run(rotate(x, Math.PI / 2, Sampling.LINEAR.border(Sampling.Border.EDGE)));
    double[] turned = {3, 6, 9, 2, 5, 8, 1, 4, 7};
    for (int i = 0; i < 18; i++) {
      assertEquals(turned[i % 9], y[i], 1e-9);
    }
    Expr angles = graph.constant(Tensor.of(0, Math.PI));
    double[] z = run(rotate(x, angles, Sampling.NEAREST));
    assertArrayEquals(new double[] {1, 2, 3}, Arrays.copyOf(z, 3));
    assertArrayEquals(new double[] {9, 8, 7}, Arrays.copyOfRange(z, 9, 12));
  }

  @Test
  void sizesMayBeUnknown() {
    double[] data = Slope.distinct(2 * 3 * 4, 3);
    Expr x = numbers(Shape.of(2, 3, 4, 1), data);
    Expr any = graph.placeholder(FLOAT64, Shape.of(ANY, ANY, ANY, 1));
    Sampling how = Sampling.LINEAR.border(Sampling.Border.REFLECT);
    Expr y = rotate(any, 0.7, how);
    Expr slope = gradient(y.square(), any);
    Tensor image = Tensor.of(Shape.of(2, 3, 4, 1), data);
    var session = new Session(graph, 1);
    Expr known = rotate(x, 0.7, how);
    assertArrayEquals(run(known), session.run(y, feed(any, image)).toDoubleArray(), 1e-12);
    assertArrayEquals(
        run(gradient(known.square(), x)),
        session.run(slope, feed(any, image)).toDoubleArray(),
        1e-12);
  }

  @Test
  void mapsMoveImagesByPixels() {
    Expr x = numbers(Shape.of(1, 2, 3, 1), 1, 2, 3, 4, 5, 6);
    Expr theta = numbers(Shape.of(1, 2, 3), 1, 0, 1, 0, 1, 0);
    assertIs(affineTransform(x, theta, Sampling.LINEAR), 2, 3, 0, 5, 6, 0);
  }

  @Test
  void boxesAreCutOutOfTheirImages() {
    Expr x = numbers(Shape.of(2, 2, 2, 1), 1, 2, 3, 4, 10, 20, 30, 40);
    Expr boxes = numbers(Shape.of(3, 4), 0, 0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 2);
    Expr images = graph.constant(Tensor.of(0, 1, -1));
    Expr y = cropAndResize(x, boxes, images, 2, 3, Sampling.LINEAR, -5);
    assertIs(y, 1, 1.5, 2, 3, 3.5, 4, 30, 35, 40, 10, 15, 20, 10, 20, -5, 10, 20, -5);
    Expr one = cropAndResize(x, boxes, images, 1, 1, Sampling.LINEAR, -5);
    assertIs(one, 2.5, 25, 20);
    Expr wrong = graph.constant(Tensor.of(0, 1, 2));
    Expr refused = cropAndResize(x, boxes, wrong, 1, 1, Sampling.LINEAR, 0);
    assertThrows(IndexException.class, () -> run(refused));
  }

  @Test
  void mistakesAreNamed() {
    Expr x = row(1, 2);
    var grid =
        assertThrows(
            ShapeException.class,
            () -> gridSample(x, numbers(Shape.of(1, 2, 2), 0, 0, 0, 0), Sampling.LINEAR));
    assertTrue(grid.getMessage().startsWith("gridSample: the grid's last dim has one number for"));
    assertThrows(ShapeException.class, () -> affineGrid(x, false, 3, 4));
    assertThrows(ShapeException.class, () -> rotate(x, 1, Sampling.LINEAR));
    Expr other = numbers(Shape.of(3, 1, 1), 0, 0, 0);
    Expr two = numbers(Shape.of(2, 2, 1), 0, 0, 0, 0);
    assertThrows(ShapeException.class, () -> gridSample(two, other, Sampling.LINEAR));
  }

  @Test
  void derivativesGoToTheImages() {
    Shape shape = Shape.of(2, 3, 4, 1);
    double[] x = Slope.distinct(24, 9);
    for (Sampling how : List.of(Sampling.LINEAR, Sampling.CUBIC, Sampling.NEAREST)) {
      Slope.check(in -> rotate(in, 0.3, how).square(), shape, x);
    }
    Slope.check(
        in -> {
          Expr boxes = in.recorder().constant(Tensor.of(Shape.of(1, 4), 0.1, 0.9, 0.8, -0.2));
          Expr first = in.recorder().constant(Tensor.of(0));
          return cropAndResize(in, boxes, first, 3, 2, Sampling.LINEAR, 0).square();
        },
        shape,
        x);
  }

  @Test
  void derivativesGoToThePositions() {
    double[] theta = {0.9, 0.2, 0.11, -0.3, 0.8, -0.13, 1.3, 0.1, 0.07, 0.2, 1.2, 0.17};
    for (Sampling.Border border : Sampling.Border.values()) {
      for (Sampling how : List.of(Sampling.LINEAR, Sampling.CUBIC)) {
        Slope.check(
            in -> {
              Expr image =
                  in.recorder().constant(Tensor.of(Shape.of(2, 3, 4, 1), Slope.distinct(24, 9)));
              return gridSample(image, affineGrid(in, false, 2, 3), how.border(border));
            },
            Shape.of(2, 2, 3),
            theta);
      }
    }
    Slope.check(
        in -> {
          Expr image =
              in.recorder().constant(Tensor.of(Shape.of(2, 3, 4, 1), Slope.distinct(24, 9)));
          return rotate(image, in, Sampling.LINEAR);
        },
        Shape.of(2),
        0.3,
        -1.1);
  }
}
