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
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Colours and whole images. */
class ImageFunctionsTest {
  private final Graph graph = new Graph();

  private Expr numbers(Shape shape, double... numbers) {
    return graph.constant(Tensor.of(shape, numbers));
  }

  private Expr random(long... dims) {
    Shape shape = Shape.of(dims);
    return numbers(shape, new SplittableRandom(5).doubles(shape.size()).toArray());
  }

  private double[] run(Expr x) {
    return new Session(graph, 1).run(x).toDoubleArray();
  }

  private void assertIs(Expr actual, double... expected) {
    assertArrayEquals(expected, run(actual), 1e-12);
  }

  private void assertHue(double[] rgb, double... hsv) {
    Expr found = rgbToHsv(numbers(Shape.of(1, 3), rgb));
    assertIs(found, hsv);
    assertIs(hsvToRgb(found), rgb);
  }

  @Test
  void huesGoAroundFromRedToRed() {
    assertHue(new double[] {1, 0, 0}, 0, 1, 1);
    assertHue(new double[] {0.8, 0.8, 0}, 1 / 6.0, 1, 0.8);
    assertHue(new double[] {0.1, 0.9, 0.3}, (2 + 0.25) / 6, 8 / 9.0, 0.9);
    assertHue(new double[] {0, 0, 1}, 4 / 6.0, 1, 1);
    assertHue(new double[] {1, 0.5, 0.75}, 5.5 / 6, 0.5, 1);
    assertHue(new double[] {0.4, 0.4, 0.4}, 0, 0, 0.4);
    assertHue(new double[] {0, 0, 0}, 0, 0, 0);
  }

  @Test
  void coloursComeBackFromEverySpace() {
    Expr x = random(2, 3, 4, 3);
    double[] data = run(x);
    assertArrayEquals(data, run(hsvToRgb(rgbToHsv(x))), 1e-12);
    assertArrayEquals(data, run(yuvToRgb(rgbToYuv(x))), 1e-6);
    assertArrayEquals(data, run(ycbcrToRgb(rgbToYcbcr(x))), 1e-6);
    Expr first = transpose(x, 0, 3, 1, 2);
    assertIs(transpose(rgbToHsv(first, 1), 0, 2, 3, 1), run(rgbToHsv(x)));
    assertIs(transpose(rgbToYuv(first, 1), 0, 2, 3, 1), run(rgbToYuv(x)));
    assertIs(transpose(adjustHue(first, 0.3, 1), 0, 2, 3, 1), run(adjustHue(x, 0.3)));
  }

  @Test
  void whiteHasNoColour() {
    Expr white = numbers(Shape.of(1, 3), 1, 1, 1);
    assertArrayEquals(new double[] {1, 0, 0}, run(rgbToYuv(white)), 1e-6);
    assertArrayEquals(new double[] {1, 0, 0}, run(rgbToYcbcr(white)), 1e-8);
    assertIs(rgbToGrayscale(numbers(Shape.of(1, 3), 1, 0, 0)), 0.2989);
    assertIs(grayscaleToRgb(numbers(Shape.of(2, 1), 0.5, 1)), 0.5, 0.5, 0.5, 1, 1, 1);
  }

  @Test
  void adjustmentsKeepWhatTheyDoNotAdjust() {
    Expr x = random(1, 2, 2, 3);
    double[] data = run(x);
    assertArrayEquals(data, run(adjustHue(x, 1)), 1e-12);
    assertArrayEquals(data, run(adjustSaturation(x, 1)), 1e-12);
    assertIs(adjustHue(numbers(Shape.of(1, 3), 1, 0, 0), 1 / 3.0), 0, 1, 0);
    assertIs(adjustSaturation(numbers(Shape.of(1, 3), 0.2, 0.5, 0.3), 0), 0.5, 0.5, 0.5);
    Expr pair = numbers(Shape.of(1, 1, 2, 1), 1, 3);
    assertIs(adjustContrast(pair, 2), 0, 4);
    assertIs(adjustContrast(transpose(pair, 0, 3, 1, 2), 2, 1), 0, 4);
    assertIs(adjustBrightness(pair, 0.5), 1.5, 3.5);
    assertIs(adjustGamma(pair, 2, 3), 3, 27);
  }

  @Test
  void imagesAreFlippedAndTurned() {
    Expr x = numbers(Shape.of(1, 2, 3, 1), 1, 2, 3, 4, 5, 6);
    assertIs(flipLeftRight(x), 3, 2, 1, 6, 5, 4);
    assertIs(flipUpDown(x), 4, 5, 6, 1, 2, 3);
    assertIs(rot90(x, 1), 3, 6, 2, 5, 1, 4);
    assertIs(rot90(x, -1), 4, 1, 5, 2, 6, 3);
    assertIs(rot90(x, 2), 6, 5, 4, 3, 2, 1);
  }

  @Test
  void anImageIsStandardizedByItself() {
    Expr x = numbers(Shape.of(2, 1, 2, 1), 1, 3, 7, 7);
    assertIs(perImageStandardization(x), -1, 1, 0, 0);
    assertIs(totalVariation(numbers(Shape.of(1, 2, 2, 1), 1, 2, 4, 0)), 1 + 4 + 3 + 2);
  }

  @Test
  void ratiosAreInDecibels() {
    Expr a = numbers(Shape.of(1, 1, 2, 1), 0, 10);
    Expr b = numbers(Shape.of(1, 1, 2, 1), 1, 9);
    assertIs(psnr(a, b, 10), 20);
    assertEquals(Double.POSITIVE_INFINITY, run(psnr(a, a, 10))[0]);
  }

  /** The formula written out for the one place that an image of the window's size has. */
  @Test
  void similarityIsThatOfWeightedMoments() {
    Expr a = random(1, 11, 11, 1);
    Expr b = a.times(0.5).plus(0.2).plus(flipUpDown(a).times(0.1));
    double[] x = run(a);
    double[] y = run(b);
    double total = 0;
    double meanX = 0;
    double meanY = 0;
    var weights = new double[121];
    for (int i = 0; i < 121; i++) {
      int row = i / 11 - 5;
      int column = i % 11 - 5;
      weights[i] = Math.exp(-(row * row + column * column) / 4.5);
      total += weights[i];
    }
    for (int i = 0; i < 121; i++) {
      meanX += weights[i] / total * x[i];
      meanY += weights[i] / total * y[i];
    }
    double varX = 0;
    double varY = 0;
    double both = 0;
    for (int i = 0; i < 121; i++) {
      varX += weights[i] / total * (x[i] - meanX) * (x[i] - meanX);
      varY += weights[i] / total * (y[i] - meanY) * (y[i] - meanY);
      both += weights[i] / total * (x[i] - meanX) * (y[i] - meanY);
    }
    double luminance = (2 * meanX * meanY + 1e-4) / (meanX * meanX + meanY * meanY + 1e-4);
    double structure = (2 * both + 9e-4) / (varX + varY + 9e-4);
    assertIs(ssim(a, b, 1), luminance * structure);
    assertIs(ssim(a, a, 1), 1);
  }

  @Test
  void mistakesAreNamed() {
    Expr x = numbers(Shape.of(1, 2), 1, 2);
    var colours = assertThrows(ShapeException.class, () -> rgbToHsv(x));
    assertTrue(colours.getMessage().startsWith("rgbToHsv: takes 3 colours at axis -1: "));
    assertThrows(ShapeException.class, () -> flipLeftRight(x));
    Expr small = random(1, 4, 4, 1);
    assertThrows(ShapeException.class, () -> ssim(small, small, 1));
  }

  @Test
  void derivativesAgreeWithDifferences() {
    Shape shape = Shape.of(2, 2, 3, 3);
    double[] x = Slope.distinct(36, 8);
    for (int i = 0; i < x.length; i++) {
      x[i] = 0.5 + 0.4 * x[i];
    }
    Slope.check(in -> rgbToHsv(in), shape, x);
    Slope.check(in -> adjustHue(in, 0.15), shape, x);
    Slope.check(in -> adjustSaturation(in, 0.5), shape, x);
    Slope.check(in -> rgbToYuv(in).square(), shape, x);
    Slope.check(in -> perImageStandardization(in), shape, x);
    Slope.check(in -> totalVariation(in).square(), shape, x);
    Slope.check(in -> adjustGamma(in, 1.7, 2), shape, x);
  }
}
