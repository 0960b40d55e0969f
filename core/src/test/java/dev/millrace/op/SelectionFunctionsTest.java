package dev.millrace.op;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.millrace.graph.Graph;
import dev.millrace.session.Session;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Elements that the data picks, in results of a given size. */
class SelectionFunctionsTest {
  private final Graph graph = new Graph();
  private final Expr x = graph.constant(Tensor.of(Shape.of(2, 3), 0.0, 5, 0, 7, 0, 5));

  private double[] run(Expr y) {
    return new Session(graph, 2).run(y).toDoubleArray();
  }

  @Test
  void positionsOfWhatIsNotZeroAreInOrderAndCutOffOrFilled() {
    assertArrayEquals(new double[] {0, 1, 1, 0, 1, 2}, run(nonZero(x, 3)));
    assertArrayEquals(new double[] {0, 1}, run(nonZero(x, 1)));
    assertArrayEquals(new double[] {0, 1, 1, 0, 1, 2, -1, -1}, run(nonZero(x, 4)));
    assertEquals(Shape.of(0, 2), nonZero(x, 0).shape());
  }

  @Test
  void nothingIsFoundInAnEmptyTensor() {
    Expr any = graph.placeholder(FLOAT32, Shape.of(ANY, 2));
    Expr found = nonZero(any, 2);
    Tensor none = Tensor.zeros(FLOAT32, Shape.of(0, 2));
    double[] rows = new Session(graph, 1).run(found, feed(any, none)).toDoubleArray();
    assertArrayEquals(new double[] {-1, -1, -1, -1}, rows);
  }

  @Test
  void maskedElementsGetTheDerivative() {
    Expr mask = x.greater(4);
    Expr y = maskedSelect(x, mask, 4, -1);
    assertArrayEquals(new double[] {5, 7, 5, -1}, run(y));
    Expr weights = graph.constant(Tensor.of(Shape.of(4), 1.0, 10, 100, 1000));
    assertArrayEquals(new double[] {0, 1, 0, 10, 0, 100}, run(gradient(y.times(weights), x)));
    assertArrayEquals(new double[] {5, 7}, run(maskedSelect(x, mask, 2, 0)));
  }

  @Test
  void aMaskIsBroadcast() {
    Expr columns = graph.constant(Tensor.of(Shape.of(3), 1.0, 0, 1)).greater(0);
    assertArrayEquals(new double[] {0, 0, 7, 5}, run(maskedSelect(x, columns, 4, 0)));
  }

  @Test
  void differentElementsAreCountedAndFoundAgain() {
    var unique = unique(x, 4, -1);
    assertArrayEquals(new double[] {0, 5, 7, -1}, run(unique.values()));
    assertArrayEquals(new double[] {0, 1, 0, 2, 0, 1}, run(unique.inverse()));
    assertArrayEquals(new double[] {3, 2, 1, 0}, run(unique.counts()));
    assertArrayEquals(new double[] {3}, run(unique.count()));
    assertArrayEquals(new double[] {0, 5}, run(unique(x, 2, 0).values()));
  }
}
