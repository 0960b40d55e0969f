package dev.millrace.op;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.graph.Graph;
import dev.millrace.session.Session;
import dev.millrace.tensor.IndexException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Look-ups and scatters with numbers that can be checked by eye. */
class IndexingFunctionsTest {
  private final Graph graph = new Graph();

  /** {@code [0, 1, 2; 10, 11, 12; 20, 21, 22]}. */
  private final Expr table =
      graph.constant(Tensor.of(Shape.of(3, 3), 0.0, 1, 2, 10, 11, 12, 20, 21, 22));

  private double[] run(Expr x) {
    return new Session(graph, 2).run(x).toDoubleArray();
  }

  private Expr of(double... numbers) {
    return graph.constant(Tensor.of(Shape.of(numbers.length), numbers));
  }

  private Expr of(Shape shape, double... numbers) {
    return graph.constant(Tensor.of(shape, numbers));
  }

  private Expr at(long... indices) {
    return graph.constant(Tensor.of(indices));
  }

  private Expr at(Shape shape, long... indices) {
    return graph.constant(Tensor.of(shape, indices));
  }

  private void assertGives(Expr x, double... expected) {
    assertArrayEquals(expected, run(x));
  }

  @Test
  void negativeIndicesCountFromTheEnd() {
    assertGives(gather(table, at(-1, 0), 0), 20, 21, 22, 0, 1, 2);
    assertGives(takeAlongAxis(table, at(Shape.of(3, 1), -3, -2, -1), 1), 0, 11, 22);
    assertGives(gatherNd(table, at(Shape.of(2, 2), -1, 0, 1, -1)), 20, 12);
    assertGives(indexAdd(of(1, 1, 1), at(-1, -1), of(5, 5), 0), 1, 1, 11);
  }

  @Test
  void indicesOutsideAreRefusedWithTheirLimits() {
    for (long wrong : new long[] {3, -4, Long.MAX_VALUE, Long.MIN_VALUE}) {
      String range = wrong < 0 ? "[-3, 3)" : "[0, 3)";
      String what = "index " + wrong + " is outside of " + range + ", in ";
      assertRefused("gather: " + what, gather(table, at(wrong), 0));
      assertRefused("gatherNd: " + what, gatherNd(table, at(Shape.of(1, 2), 0, wrong)));
      assertRefused("takeAlongAxis: " + what, takeAlongAxis(table, at(Shape.of(1, 1), wrong), 0));
      assertRefused("scatterAdd: " + what, indexAdd(of(1, 2, 3), at(wrong), of(1), 0));
      assertRefused(
          "scatterNdSet: " + what,
          scatterNd(Combine.SET, of(1, 2, 3), at(Shape.of(1, 1), wrong), of(1)));
    }
    assertRefused(
        "dynamicSlice: index 2 is outside of [0, 2), in ", dynamicSlice(table, at(2, 0), 2, 3));
    assertRefused(
        "dynamicUpdateSliceSet: index 1 is outside of [0, 1), in ",
        dynamicUpdateSlice(table, of(Shape.of(1, 3), 7, 7, 7), at(0, 1)));
    assertRefused(
        "scatterAdd: index 2 is outside of [0, 2), in ", segmentSum(of(1, 2), at(0, 2), 2));
  }

  private void assertRefused(String message, Expr x) {
    String found = assertThrows(IndexException.class, () -> run(x)).getMessage();
    assertEquals(message, found.substring(0, Math.min(message.length(), found.length())));
  }

  @Test
  void batchesHaveIndicesOfTheirOwn() {
    Expr indices = at(Shape.of(3, 2), 0, 1, 1, 2, 2, 0);
    assertGives(gather(table, indices, 1, 1), 0, 1, 11, 12, 22, 20);
    assertGives(gatherNd(table, at(Shape.of(3, 1), 2, 1, 0), 1), 2, 11, 20);
  }

  @Test
  void aScalarIndexTakesTheAxisAway() {
    Expr row = gather(table, at(Shape.SCALAR, 1), 0);
    assertEquals(Shape.of(3), row.shape());
    assertGives(row, 10, 11, 12);
  }

  @Test
  void indicesOfOneColumnAreRepeated() {
    assertGives(takeAlongAxis(table, at(Shape.of(1, 3), 2, 1, 0), 0), 20, 11, 2);
    assertGives(takeAlongAxis(of(Shape.of(1, 2), 5, 6), at(Shape.of(2, 1), 1, 0), 1), 6, 5);
  }

  @Test
  void updatesThatMeetAreCombinedInTheirOrder() {
    Expr x = of(1, 2, 3);
    Expr where = at(0, 2, 0);
    Expr updates = of(5, 6, 7);
    assertGives(scatter(Combine.SET, x, where, updates, 0), 7, 2, 6);
    assertGives(scatter(Combine.ADD, x, where, updates, 0), 13, 2, 9);
    assertGives(scatter(Combine.MULTIPLY, x, where, updates, 0), 35, 2, 18);
    assertGives(scatter(Combine.MAX, x, where, updates, 0), 7, 2, 6);
    assertGives(scatter(Combine.MIN, x, where, updates, 0), 1, 2, 3);
  }

  @Test
  void theUpdateThatStaysGetsTheDerivative() {
    Expr x = of(1, 2, 3);
    Expr updates = of(5, 6, 7);
    Expr y = scatter(Combine.SET, x, at(0, 2, 0), updates, 0).times(of(1, 10, 100));
    assertGives(gradient(y, updates), 0, 100, 1);
    assertGives(gradient(y, x), 0, 10, 0);
  }

  @Test
  void derivativesOfProductsAreExactWithZeros() {
    Expr updates = of(0, 3, 0, 0, 5);
    Expr y = scatter(Combine.MULTIPLY, of(2, 2, 2), at(0, 0, 1, 1, 2), updates, 0);
    assertGives(gradient(y, updates), 6, 0, 0, 0, 2);
  }

  @Test
  void extremesThatTieShareTheDerivative() {
    Expr x = of(4, 1);
    Expr updates = of(4, 4, 0);
    Expr y = scatter(Combine.MAX, x, at(0, 0, 1), updates, 0);
    double third = 1.0 / 3;
    assertArrayEquals(new double[] {third, third, 0}, run(gradient(y, updates)), 1e-15);
    assertArrayEquals(new double[] {third, 1}, run(gradient(y, x)), 1e-15);
  }

  @Test
  void blocksAreReadAndWrittenAtComputedPlaces() {
    assertGives(dynamicSlice(table, at(1, 0), 2, 2), 10, 11, 20, 21);
    assertGives(dynamicSlice(table, at(-1, -1), 1, 2), 21, 22);
    Expr block = of(Shape.of(1, 2), 7, 8);
    assertGives(dynamicUpdateSlice(table, block, at(1, 1)), 0, 1, 2, 10, 7, 8, 20, 21, 22);
  }

  @Test
  void segmentsWithoutRowsHaveTheNeutralElement() {
    Expr x = of(3, 1, 2);
    Expr segments = at(2, 0, 2);
    assertGives(segmentSum(x, segments, 3), 1, 0, 5);
    assertGives(segmentProd(x, segments, 3), 1, 1, 6);
    assertGives(segmentMean(x, segments, 3), 1, 0, 2.5);
    assertGives(segmentMax(x, segments, 3), 1, Double.NEGATIVE_INFINITY, 3);
    assertGives(segmentMin(x, segments, 3), 1, Double.POSITIVE_INFINITY, 2);
  }

  @Test
  void theRowOfPaddingLearnsNothing() {
    Expr rows = embedding(table, at(1, 0, 1, 2), 1);
    assertGives(rows, 10, 11, 12, 0, 1, 2, 10, 11, 12, 20, 21, 22);
    assertGives(gradient(rows, table), 1, 1, 1, 0, 0, 0, 1, 1, 1);
  }
}
