package dev.millrace.op;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Graph;
import dev.millrace.session.RunException;
import dev.millrace.session.Session;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Movements with numbers that can be checked by eye. */
class ArrangementFunctionsTest {
  private final Graph graph = new Graph();

  private double[] run(Expr x) {
    return new Session(graph, 2).run(x).toDoubleArray();
  }

  /** {@code 0, 1, 2, ...} of this shape. */
  private Expr count(long... dims) {
    Shape shape = Shape.of(dims);
    return reshape(iota(graph, FLOAT64, shape.elements()), dims);
  }

  private void assertGives(Expr x, double... expected) {
    assertArrayEquals(expected, run(x));
  }

  private Expr sliced(Expr x, long begin, long end, long step) {
    return slice(x, new int[] {0}, new long[] {begin}, new long[] {end}, new long[] {step});
  }

  @Test
  void slicesAreCutOffAtTheEndsAndMayWalkBackwards() {
    long all = Long.MAX_VALUE;
    assertGives(sliced(count(5), 1, -1, 1), 1, 2, 3);
    assertGives(sliced(count(5), 1, 99, 2), 1, 3);
    assertGives(sliced(count(5), -99, all, 3), 0, 3);
    assertGives(sliced(count(5), all, Long.MIN_VALUE, -2), 4, 2, 0);
    assertGives(sliced(count(5), -2, 0, -1), 3, 2, 1);
    assertGives(sliced(count(5), 3, 1, 1));
    assertGives(sliced(count(5), 1, 3, -1));
    int[] axes = {1, 0};
    long[] ends = {all, Long.MIN_VALUE};
    Expr both = slice(count(2, 3), axes, new long[] {1, -1}, ends, new long[] {1, -1});
    assertGives(both, 4, 5, 1, 2);
  }

  @Test
  void slicesOfUnknownDimsFollowTheRun() {
    Expr x = graph.placeholder(FLOAT64, Shape.of(ANY));
    Expr backwards = sliced(x, Long.MAX_VALUE, Long.MIN_VALUE, -2);
    for (int size : new int[] {0, 1, 4, 5}) {
      var numbers = new double[size];
      var expected = new double[(size + 1) / 2];
      for (int i = 0; i < size; i++) {
        numbers[i] = i;
      }
      for (int i = 0; i < expected.length; i++) {
        expected[i] = size - 1 - 2 * i;
      }
      Tensor y = new Session(graph, 1).run(backwards, feed(x, Tensor.of(Shape.of(size), numbers)));
      assertArrayEquals(expected, y.toDoubleArray());
    }
  }

  private Expr padded(PadMode mode, long before, long after) {
    return pad(count(3), new long[] {before}, new long[] {after}, mode);
  }

  @Test
  void bordersAreMadeAsTheirModesSay() {
    assertGives(padded(PadMode.CONSTANT, 1, 2), 0, 0, 1, 2, 0, 0);
    assertGives(padded(PadMode.REFLECT, 2, 1), 2, 1, 0, 1, 2, 1);
    assertGives(padded(PadMode.SYMMETRIC, 2, 3), 1, 0, 0, 1, 2, 2, 1, 0);
    assertGives(padded(PadMode.EDGE, 2, 1), 0, 0, 0, 1, 2, 2);
    assertGives(padded(PadMode.WRAP, 2, 1), 1, 2, 0, 1, 2, 0);
    assertGives(padded(PadMode.EDGE, -1, 1), 1, 2, 2);
    assertGives(pad(count(3), new long[] {-1}, new long[] {1}, 9), 1, 2, 9);
  }

  @Test
  void elementsAreMovedAround() {
    assertGives(roll(count(5), 2, 0), 3, 4, 0, 1, 2);
    assertGives(roll(count(5), -12, 0), 2, 3, 4, 0, 1);
    assertGives(roll(count(2, 2), new long[] {1, 1}, new int[] {0, 1}), 3, 2, 1, 0);
    assertGives(flip(count(2, 2)), 3, 2, 1, 0);
    assertGives(flip(count(2, 2), -1), 1, 0, 3, 2);
    assertGives(repeat(count(3), 2, 0), 0, 0, 1, 1, 2, 2);
    assertGives(repeat(count(3), new long[] {0, 3, 1}, 0), 1, 1, 1, 2);
    assertGives(tile(count(2), 2), 0, 1, 0, 1);
    assertEquals(Shape.of(3, 4, 2), moveAxis(count(2, 3, 4), 0, -1).shape());
    assertEquals(Shape.of(4, 3, 2), swapAxes(count(2, 3, 4), 0, 2).shape());
  }

  @Test
  void partsPutTogetherAreTheWhole() {
    Expr x = count(2, 6);
    assertGives(concat(1, split(x, 3, 1).toArray(Expr[]::new)), run(x));
    assertGives(concat(1, split(x, new long[] {1, -1, 2}, -1).toArray(Expr[]::new)), run(x));
    assertGives(stack(1, unstack(x, 1).toArray(Expr[]::new)), run(x));
    assertEquals(
        List.of(Shape.of(6), Shape.of(6)), unstack(x, 0).stream().map(Expr::shape).toList());
  }

  @Test
  void aRunTellsThatAnUnknownDimDoesNotDivideIntoTheParts() {
    Expr x = graph.placeholder(FLOAT64, Shape.of(ANY));
    Expr second = split(x, 2, 0).get(1);
    var session = new Session(graph, 1);
    Tensor four = Tensor.of(Shape.of(4), 1.0, 2, 3, 4);
    assertArrayEquals(new double[] {3, 4}, session.run(second, feed(x, four)).toDoubleArray());
    Tensor three = Tensor.of(Shape.of(3), 1.0, 2, 3);
    assertThrows(RunException.class, () -> session.run(second, feed(x, three)));
  }

  @Test
  void depthAndSpaceAreOpposites() {
    Expr x = count(2, 4, 6, 3);
    Expr deep = spaceToDepth(x, 2);
    assertEquals(Shape.of(2, 2, 3, 12), deep.shape());
    assertGives(depthToSpace(deep, 2), run(x));
    assertGives(spaceToDepth(count(1, 2, 2, 1), 2), 0, 1, 2, 3);
  }

  @Test
  void diagonalsAndTriangles() {
    Expr x = count(2, 3);
    assertGives(diagonal(x), 0, 4);
    assertGives(diagonal(x, 1, 0, 1), 1, 5);
    assertGives(diagonal(x, -1, 0, 1), 3);
    assertGives(diagonal(x, -1, 1, 0), 1, 5);
    assertGives(tril(x), 0, 0, 0, 3, 4, 0);
    assertGives(triu(x, 1), 0, 1, 2, 0, 0, 5);
    assertGives(diag(count(2), 1), 0, 0, 0, 0, 0, 1, 0, 0, 0);
    assertGives(trace(count(2, 2, 2)), 3, 11);
    assertGives(eye(graph, FLOAT64, Dim.of(2), Dim.of(3), 1), 0, 1, 0, 0, 0, 1);
  }

  @Test
  void gridsAndRanges() {
    assertGives(linspace(graph, FLOAT64, 0, 1, 5), 0, 0.25, 0.5, 0.75, 1);
    assertGives(linspace(graph, FLOAT64, 3, 1, 1), 3);
    assertGives(range(graph, FLOAT64, 5, 0, -2), 5, 3, 1);
    assertGives(range(graph, INT32, 0, 0, 1));
    List<Expr> grid = meshgrid(count(2), count(3));
    assertGives(grid.get(0), 0, 0, 0, 1, 1, 1);
    assertGives(grid.get(1), 0, 1, 2, 0, 1, 2);
  }

  @Test
  void windowsSeeTheirNeighboursAndAddUpAgain() {
    assertGives(slidingWindow(count(5), 0, 3, 2, 1), 0, 1, 2, 2, 3, 4);
    assertGives(slidingWindow(count(5), 0, 2, 1, 3), 0, 3, 1, 4);
    long[] two = {2, 2};
    long[] one = {1, 1};
    Expr seen = im2col(count(1, 1, 3, 3), two, one, one, new long[2]);
    assertGives(seen, 0, 1, 3, 4, 1, 2, 4, 5, 3, 4, 6, 7, 4, 5, 7, 8);
    Expr back = col2im(seen, new long[] {3, 3}, two, one, one, new long[2]);
    assertGives(back, 0, 2, 2, 6, 16, 10, 6, 14, 8);
  }

  @Test
  void aWindowThatDoesNotFitIsRefused() {
    Expr x = graph.placeholder(FLOAT64, Shape.of(ANY));
    Expr windows = slidingWindow(x, 0, 3);
    Tensor two = Tensor.of(Shape.of(2), 1.0, 2);
    String message =
        assertThrows(RunException.class, () -> new Session(graph, 1).run(windows, feed(x, two)))
            .getMessage();
    assertTrue(message.contains("the window of 3 must fit into the axis"), message);
  }
}
