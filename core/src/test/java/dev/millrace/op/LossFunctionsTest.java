package dev.millrace.op;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.graph.Graph;
import dev.millrace.session.Session;
import dev.millrace.tensor.IndexException;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Tensor;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;

/** Losses against their formulas in Java, their reductions, and what they refuse. */
class LossFunctionsTest {
  private static final double[] LABELS = {1, 0, 1, 0.3, 0, 1};
  private static final double[] OUTPUTS = {0.9, 0.2, 0.4, 0.7, 0.1, 0.05};

  private final Graph graph = new Graph();
  private final Session session = new Session(graph, 1);
  private final Expr labels = constant(LABELS, 2, 3);
  private final Expr outputs = constant(OUTPUTS, 2, 3);

  private Expr constant(double[] values, long... dims) {
    return graph.constant(Tensor.of(Shape.of(dims), values));
  }

  private double[] run(Expr x) {
    return session.run(x).toDoubleArray();
  }

  private void check(Expr losses, DoubleBinaryOperator formula) {
    double[] found = run(losses);
    for (int i = 0; i < LABELS.length; i++) {
      double expected = formula.applyAsDouble(LABELS[i], OUTPUTS[i]);
      assertEquals(expected, found[i], 1e-14, "element " + i);
    }
  }

  @Test
  void eachElementHasItsLoss() {
    check(meanSquaredError(labels, outputs, NONE), (y, x) -> (y - x) * (y - x));
    check(meanAbsoluteError(labels, outputs, NONE), (y, x) -> Math.abs(y - x));
    check(huberLoss(labels, outputs, 0.5, NONE), (y, x) -> huber(y - x, 0.5));
    check(smoothL1Loss(labels, outputs, 0.5, NONE), (y, x) -> huber(y - x, 0.5) / 0.5);
    check(smoothL1Loss(labels, outputs, 0, NONE), (y, x) -> Math.abs(y - x));
    check(logCoshLoss(labels, outputs, NONE), (y, x) -> Math.log(Math.cosh(y - x)));
    check(
        quantileLoss(labels, outputs, 0.9, NONE),
        (y, x) -> Math.max(0.9 * (y - x), -0.1 * (y - x)));
    check(klDivergence(labels, outputs, NONE), (y, x) -> entropy(y, y) - y * x);
    check(poissonNllLoss(labels, outputs, NONE), (y, x) -> Math.exp(x) - y * x);
    check(poissonLoss(labels, outputs, NONE), (y, x) -> x - entropy(y, x));
    check(
        gaussianNllLoss(labels, outputs, constant(new double[] {2}, 1), NONE),
        (y, x) -> 0.5 * (Math.log(2) + (y - x) * (y - x) / 2));
    check(
        binaryCrossEntropy(labels, outputs, NONE),
        (y, x) -> -entropy(y, x) - entropy(1 - y, 1 - x));
    check(binaryCrossEntropy(labels, logistic(outputs), NONE), LossFunctionsTest::sigmoid);
    check(sigmoidCrossEntropy(labels, outputs, NONE), LossFunctionsTest::sigmoid);
    check(
        sigmoidCrossEntropy(labels, outputs, constant(new double[] {3}, 1), NONE),
        (y, x) -> 3 * y * sigmoid(1, x) + (1 - y) * sigmoid(0, x));
    check(
        focalLoss(labels, outputs, 2, 0.25, NONE),
        (y, x) -> {
          double p = Math.exp(-sigmoid(1, x));
          double right = y * p + (1 - y) * (1 - p);
          return (0.25 * y + 0.75 * (1 - y)) * Math.pow(1 - right, 2) * sigmoid(y, x);
        });
    check(hingeLoss(labels, outputs, NONE), (y, x) -> Math.max(0, 1 - y * x));
    check(squaredHingeLoss(labels, outputs, NONE), (y, x) -> Math.pow(Math.max(0, 1 - y * x), 2));
    check(
        contrastiveLoss(labels, outputs, 0.5, NONE),
        (y, x) -> y * x * x + (1 - y) * Math.pow(Math.max(0, 0.5 - x), 2));
    check(
        marginRankingLoss(labels, outputs, labels, 0.5, NONE),
        (y, x) -> Math.max(0, 0.5 - y * (x - y)));
  }

  private static double huber(double d, double delta) {
    double a = Math.abs(d);
    return a <= delta ? d * d / 2 : delta * (a - delta / 2);
  }

  private static double entropy(double y, double x) {
    return y == 0 ? 0 : y * Math.log(x);
  }

  private static double sigmoid(double y, double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))) - y * x;
  }

  @Test
  void reductionsTakeWeights() {
    Expr weights = constant(new double[] {1, 0, 2}, 3);
    double[] losses = run(meanAbsoluteError(labels, outputs, NONE));
    double sum = losses[0] + 2 * losses[2] + losses[3] + 2 * losses[5];
    assertArrayEquals(
        new double[] {losses[0], 0, 2 * losses[2], losses[3], 0, 2 * losses[5]},
        run(meanAbsoluteError(labels, outputs, NONE.weighted(weights))));
    assertEquals(sum, run(meanAbsoluteError(labels, outputs, SUM.weighted(weights)))[0], 1e-15);
    assertEquals(
        sum / 6, run(meanAbsoluteError(labels, outputs, MEAN.weighted(weights)))[0], 1e-15);
    Expr none = weights.times(0);
    assertEquals(0, run(meanAbsoluteError(labels, outputs, MEAN.weighted(none)))[0]);
  }

  @Test
  void weightsThatWouldRepeatTheLossesAreRefused() {
    Expr weights = constant(new double[] {1, 2}, 2, 1, 1);
    String message =
        assertThrows(
                ShapeException.class,
                () -> meanSquaredError(labels, outputs, MEAN.weighted(weights)))
            .getMessage();
    assertEquals(
        "meanSquaredError: weights must be repeatable to the shape of the losses, [2, 3]: 'constant"
            + "_2' is FLOAT64 [2, 1, 1] (HERE)",
        message.replaceAll("\\w+\\.java:\\d+", "HERE"));
  }

  @Test
  void labelsOfAnotherShapeAreRefusedInsteadOfRepeated() {
    Expr y = graph.placeholder(FLOAT32, Shape.of(ANY)).named("y");
    Expr x = graph.placeholder(FLOAT32, Shape.of(ANY, 1)).named("x");
    String message =
        assertThrows(ShapeException.class, () -> huberLoss(y, x, 1, MEAN)).getMessage();
    assertEquals(
        "huberLoss: operands must have one shape, as nothing is repeated: 'y' is FLOAT32 [?]"
            + " (HERE), 'x' is FLOAT32 [?, 1] (HERE); reshape one",
        message.replaceAll("\\w+\\.java:\\d+", "HERE"));
  }

  @Test
  void certainPredictionsThatComeTrueCostNothing() {
    Expr y = constant(new double[] {1, 0, 1, 0}, 4);
    Expr x = constant(new double[] {1, 0, 0, 1}, 4);
    double infinity = Double.POSITIVE_INFINITY;
    assertArrayEquals(
        new double[] {0, 0, infinity, infinity}, run(binaryCrossEntropy(y, x, NONE)), 0.0);
  }

  @Test
  void targetsChooseClassesAlongAnyAxisAndCountByTheirWeights() {
    Expr logits = constant(new double[] {1, 2, 3, 0, -1, 5, 2, 2}, 2, 2, 2);
    Expr targets = graph.constant(Tensor.of(Shape.of(2, 2), 0L, 1, -100, 1));
    Expr weights = constant(new double[] {2, 3}, 2);
    Classes classes = Classes.LAST.along(1).ignoring(-100).weighted(weights);
    double a = Math.log(1 + Math.exp(2));
    double b = Math.log(1 + Math.exp(2));
    double d = Math.log(1 + Math.exp(3));
    assertArrayEquals(
        new double[] {2 * a, 3 * b, 0, 3 * d},
        run(sparseSoftmaxCrossEntropy(targets, logits, classes, NONE)),
        1e-14);
    Expr mean = sparseSoftmaxCrossEntropy(targets, logits, classes, MEAN);
    assertEquals((2 * a + 3 * b + 3 * d) / 8, run(mean)[0], 1e-14);
    double[] gradient = run(gradient(mean, logits));
    assertEquals(0, gradient[4]);
    assertEquals(0, gradient[6]);
  }

  @Test
  void smoothingSpreadsAShareOfEachLabel() {
    Expr logits = constant(new double[] {1, 2, 4, 0, 0, 1}, 2, 3);
    Expr targets = graph.constant(Tensor.of(2, 0));
    Expr oneHot = constant(new double[] {0, 0, 1, 1, 0, 0}, 2, 3);
    Classes classes = Classes.LAST.smoothed(0.3);
    Expr smooth = oneHot.times(0.7).plus(0.1);
    double[] expected = run(softmaxCrossEntropy(smooth, logits));
    assertArrayEquals(
        expected, run(sparseSoftmaxCrossEntropy(targets, logits, classes, NONE)), 1e-14);
    assertArrayEquals(expected, run(softmaxCrossEntropy(oneHot, logits, classes, NONE)), 1e-14);
    Expr logs = logSoftmax(logits);
    assertArrayEquals(expected, run(nllLoss(targets, logs, classes, NONE)), 1e-14);
    Expr weights = constant(new double[] {1, 2, 5}, 3);
    double[] weighted = run(reduceSum(smooth.times(weights).times(logs), -1).negate());
    Classes both = classes.weighted(weights);
    assertArrayEquals(weighted, run(sparseSoftmaxCrossEntropy(targets, logits, both, NONE)), 1e-14);
    assertArrayEquals(weighted, run(softmaxCrossEntropy(oneHot, logits, both, NONE)), 1e-14);
  }

  @Test
  void classesThatCannotBeMayHaveLogitsOfMinusInfinity() {
    Expr logits = constant(new double[] {1, Double.NEGATIVE_INFINITY, 1}, 1, 3);
    Expr targets = graph.constant(Tensor.of(2L));
    Expr loss = sparseSoftmaxCrossEntropy(targets, logits, Classes.LAST, MEAN);
    assertEquals(Math.log(2), run(loss)[0], 1e-15);
    assertArrayEquals(new double[] {0.5, 0, -0.5}, run(gradient(loss, logits)), 1e-15);
  }

  @Test
  void aTargetThatIsNoClassEndsTheRun() {
    Expr logits = constant(new double[] {1, 2}, 1, 2);
    for (long target : new long[] {2, -1, -3}) {
      Expr targets = graph.constant(Tensor.of(target));
      Expr loss = sparseSoftmaxCrossEntropy(targets, logits, Classes.LAST, MEAN);
      assertThrows(IndexException.class, () -> session.run(loss), "target " + target);
    }
  }

  @Test
  void targetsThatDoNotFitAreRefused() {
    Expr x = graph.placeholder(FLOAT32, Shape.of(ANY, 3)).named("x");
    Expr column = graph.placeholder(INT64, Shape.of(ANY, 1)).named("column");
    Expr floats = graph.placeholder(FLOAT32, Shape.of(ANY)).named("floats");
    Expr one = graph.placeholder(INT64, Shape.of(1)).named("one");
    Expr five = graph.placeholder(FLOAT32, Shape.of(5, 3)).named("five");
    refused(
        "nllLoss: targets need one number of a class for each row, [?]: 'column' is INT64 [?, 1]"
            + " (HERE), 'x' is FLOAT32 [?, 3] (HERE); for one label per class, take"
            + " softmaxCrossEntropy",
        () -> nllLoss(column, x, Classes.LAST, MEAN));
    refused(
        "nllLoss: targets need one number of a class for each row, [5]: 'one' is INT64 [1] (HERE),"
            + " 'five' is FLOAT32 [5, 3] (HERE); for one label per class, take softmaxCrossEntropy",
        () -> nllLoss(one, five, Classes.LAST, MEAN));
    refused(
        "nllLoss: targets are numbers of classes, int32 or int64: 'floats' is FLOAT32 [?] (HERE);"
            + " for one label per class, take softmaxCrossEntropy",
        () -> nllLoss(floats, x, Classes.LAST, MEAN));
    refused(
        "classes: the smoothing is a share from 0 to 1, found 2.0", () -> Classes.LAST.smoothed(2));
    refused(
        "softmaxCrossEntropy: only numbers of classes can be ignored; see sparseSoftmaxCrossEntropy",
        () -> softmaxCrossEntropy(x, x, Classes.LAST.ignoring(0), MEAN));
  }

  private static void refused(String text, org.junit.jupiter.api.function.Executable broken) {
    String message = assertThrows(MillraceException.class, broken).getMessage();
    assertEquals(text, message.replaceAll("\\w+\\.java:\\d+", "HERE"));
  }

  @Test
  void overlapsAreComparedExampleByExample() {
    double[] common = {0.9 + 0.4, 0.3 * 0.7 + 0.05};
    double[] sums = {2 + 1.5, 1.3 + 0.85};
    double[] dice = run(diceLoss(labels, outputs, 1, NONE));
    double[] jaccard = run(jaccardLoss(labels, outputs, 0, NONE));
    for (int i = 0; i < 2; i++) {
      assertEquals(1 - (2 * common[i] + 1) / (sums[i] + 1), dice[i], 1e-14);
      assertEquals(1 - common[i] / (sums[i] - common[i]), jaccard[i], 1e-14);
    }
  }

  @Test
  void vectorsAreComparedByAnglesAndDistances() {
    Expr x = constant(new double[] {3, 4, 0, 0}, 2, 2);
    Expr y = constant(new double[] {4, 3, 1, 0}, 2, 2);
    assertArrayEquals(new double[] {0.96, 0}, run(cosineSimilarity(x, y, -1, 1e-8)), 1e-15);
    double[] slopes = run(gradient(cosineSimilarity(x, y, 1, 1e-8), x));
    assertEquals((0.8 - 0.96 * 0.6) / 5, slopes[0], 1e-15);
    assertEquals((0.6 - 0.96 * 0.8) / 5, slopes[1], 1e-15);
    Expr signs = constant(new double[] {-1, 1}, 2);
    assertArrayEquals(
        new double[] {0.46, 1}, run(cosineEmbeddingLoss(signs, x, y, 0.5, NONE)), 1e-15);
    Expr far = constant(new double[] {0, 0, 3, 4}, 2, 2);
    assertArrayEquals(new double[] {0, 0}, run(tripletMarginLoss(x, y, far, 1, NONE)), 1e-5);
    assertArrayEquals(
        new double[] {6 - Math.sqrt(2), 5},
        run(tripletMarginLoss(x, far, y, 1, 2, 0, NONE)),
        1e-14);
    assertArrayEquals(new double[] {6, 7}, run(tripletMarginLoss(x, far, y, 1, 1, 0, NONE)), 1e-14);
    Expr hinge = categoricalHingeLoss(constant(new double[] {0, 1, 1, 0}, 2, 2), x, NONE);
    assertArrayEquals(new double[] {0, 1}, run(hinge), 1e-15);
  }

  @Test
  void aBatchOfUnknownSizeMayBeEmpty() {
    Expr x = graph.placeholder(FLOAT64, Shape.of(ANY, 3));
    Expr y = graph.placeholder(INT64, Shape.of(ANY));
    Expr loss = sparseSoftmaxCrossEntropy(y, x, Classes.LAST.ignoring(-1), SUM);
    Tensor noRows = Tensor.of(Shape.of(0, 3), new double[0]);
    Tensor noTargets = Tensor.of(Shape.of(0), new long[0]);
    assertEquals(0, session.run(loss, feed(x, noRows, y, noTargets)).getDouble());
  }
}
