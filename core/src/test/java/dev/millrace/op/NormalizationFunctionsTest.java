package dev.millrace.op;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.millrace.graph.Graph;
import dev.millrace.session.Session;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Normalisations against means and variances that are computed one number at a time. */
class NormalizationFunctionsTest {
  private static final double EPSILON = 1e-3;

  private final Graph graph = new Graph();
  private final SplittableRandom random = new SplittableRandom(7);
  private final Expr scale = numbers(4);
  private final Expr shift = numbers(4);

  private Expr numbers(long... dims) {
    Shape shape = Shape.of(dims);
    return graph.constant(Tensor.of(shape, random.doubles(shape.size(), -1, 1).toArray()));
  }

  private double[] run(Expr x) {
    return new Session(graph, 1).run(x).toDoubleArray();
  }

  /** What the elements with one key are normalised by. */
  @FunctionalInterface
  private interface Key {
    int of(int batch, int place, int channel);
  }

  /** {@code [2, 3, 4]}, each element by the mean and the variance of those with its key. */
  private double[] normalized(Expr x, Key key) {
    double[] in = run(x);
    double[] factor = run(scale);
    double[] addend = run(shift);
    var out = new double[in.length];
    for (int i = 0; i < in.length; i++) {
      double sum = 0;
      double squares = 0;
      int count = 0;
      for (int j = 0; j < in.length; j++) {
        if (key(key, i) == key(key, j)) {
          sum += in[j];
          squares += in[j] * in[j];
          count++;
        }
      }
      double mean = sum / count;
      double variance = squares / count - mean * mean;
      out[i] = (in[i] - mean) / Math.sqrt(variance + EPSILON) * factor[i % 4] + addend[i % 4];
    }
    return out;
  }

  private static int key(Key key, int element) {
    return key.of(element / 12, element / 4 % 3, element % 4);
  }

  private void check(Expr x, Expr actual, Key key) {
    assertArrayEquals(normalized(x, key), run(actual), 1e-12);
  }

  @Test
  void eachNormalisationTakesItsOwnMean() {
    Expr x = numbers(2, 3, 4);
    check(x, batchNorm(x, scale, shift, EPSILON).y(), (n, p, c) -> c);
    check(x, layerNorm(x, scale, shift, EPSILON), (n, p, c) -> 3 * n + p);
    check(x, instanceNorm(x, scale, shift, EPSILON), (n, p, c) -> 4 * n + c);
    check(x, groupNorm(x, 2, scale, shift, EPSILON), (n, p, c) -> 2 * n + c / 2);
  }

  @Test
  void channelsMayBeAtAnyAxis() {
    Expr x = numbers(2, 3, 4);
    Expr first = transpose(x, 0, 2, 1);
    assertArrayEquals(
        run(batchNorm(x, scale, shift, EPSILON).y()),
        run(transpose(batchNorm(first, scale, shift, EPSILON, 1).y(), 0, 2, 1)),
        1e-12);
    assertArrayEquals(
        run(instanceNorm(x, scale, shift, EPSILON)),
        run(transpose(instanceNorm(first, scale, shift, EPSILON, 1), 0, 2, 1)),
        1e-12);
    assertArrayEquals(
        run(groupNorm(x, 2, scale, shift, EPSILON)),
        run(transpose(groupNorm(first, 2, scale, shift, EPSILON, 1), 0, 2, 1)),
        1e-12);
  }

  @Test
  void theMeanAndVarianceOfABatchNormaliseItAgain() {
    Expr x = numbers(5, 4);
    Normalized trained = batchNorm(x, scale, shift, EPSILON);
    Expr y = batchNorm(x, scale, shift, trained.mean(), trained.variance(), EPSILON);
    assertArrayEquals(run(trained.y()), run(y), 1e-12);
  }

  /** The mean of squares less the square of the mean would be 0 here, or negative. */
  @Test
  void variancesDoNotCancelFarFromZero() {
    float far = 1 << 20;
    Expr x = graph.constant(Tensor.of(Shape.of(1, 4), far, far + 1, far + 2, far + 3));
    Expr one = graph.constant(ones(4));
    Expr zero = graph.constant(zeros(4));
    double[] y = run(layerNorm(x, one, zero, 0));
    double unit = 1 / Math.sqrt(1.25);
    double[] expected = {-1.5 * unit, -0.5 * unit, 0.5 * unit, 1.5 * unit};
    assertArrayEquals(expected, y, 1e-6);
  }

  @Test
  void aRootMeanSquareHasNoMeanToSubtract() {
    Expr x = graph.constant(Tensor.of(Shape.of(1, 4), 1.0, 1, 1, 1));
    double[] factor = run(scale);
    assertArrayEquals(factor, run(rmsNorm(x, scale, 0)), 1e-12);
  }

  @Test
  void theDerivativeOfANormalisedBatchIsOrthogonalToConstants() {
    Expr x = numbers(5, 4);
    Expr y = batchNorm(x, scale, shift, EPSILON).y();
    Expr slope = gradient(y.times(y).times(y), x);
    assertArrayEquals(new double[4], run(reduceSum(slope, 0)), 1e-12);
  }
}
