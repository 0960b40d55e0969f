package dev.millrace.session;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.op.Expr;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Dims that are unknown when the graph is built: what follows from them, and what is checked. */
@Tag("kernels")
class UnknownDimsTest {
  private final Graph graph = new Graph();
  private final Session session = new Session(graph, 1);

  private static String message(Class<? extends MillraceException> type, Executable run) {
    return assertThrows(type, run).getMessage().replaceAll("UnknownDimsTest.java:\\d+", "HERE");
  }

  private Value floats(Dim... dims) {
    return graph.placeholder(FLOAT32, Shape.of(dims));
  }

  @Test
  void aNameStandsForOneSizeWhereverItAppears() {
    Dim batch = Dim.of("batch");
    Value x = floats(batch, Dim.of(2)).named("x");
    Value y = floats(batch).named("y");
    Expr sum = reduceSum(x, 1).plus(y);
    assertEquals("[batch]", sum.shape().toString());
    assertEquals(Tensor.of(3f, 3f, 3f), session.run(sum, feed(x, ones(3, 2), y, ones(3))));
    assertEquals(
        "feed: the tensor for y: FLOAT32 [batch] (HERE) has shape [4]: dim 0 must be batch = 3, not"
            + " 4; 'x' is fed [3, 2]",
        message(RunException.class, () -> session.run(sum, feed(x, ones(3, 2), y, ones(4)))));
  }

  @Test
  void unknownDimsThatMeetBecomeOne() {
    Value x = graph.placeholder(FLOAT32, Shape.of(ANY)).named("x");
    Value y = graph.placeholder(FLOAT32, Shape.of(ANY)).named("y");
    Value z = floats(Dim.of("n")).named("z");
    Expr sum = x.plus(y);
    Expr named = sum.plus(z);
    assertEquals("[n]", x.shape().toString());
    assertEquals("[n]", y.shape().toString());
    assertEquals("[n]", named.shape().toString());
    var feeds = feed(x, ones(2), y, ones(2), z, ones(3));
    assertThrows(RunException.class, () -> session.run(named, feeds));
  }

  @Test
  void anUnknownDimIsNotTakenForOne() {
    Value x = graph.placeholder(FLOAT32, Shape.of(ANY, 3));
    Value y = graph.placeholder(FLOAT32, Shape.of(4, 3));
    assertEquals("[4, 3]", x.plus(y).shape().toString());
    assertEquals("[4, 3]", x.shape().toString());
  }

  @Test
  void aShapeObjectMayServeSeveralPlaceholders() {
    Shape shape = Shape.of(ANY, 2);
    Value x = graph.placeholder(FLOAT32, shape);
    Value y = graph.placeholder(FLOAT32, shape);
    Expr both = concat(0, x, y);
    assertEquals(Shape.of(4, 2), session.run(both, feed(x, ones(1, 2), y, ones(3, 2))).shape());
  }

  @Test
  void halvesOfTwoUnknownDimsAreTwoSizes() {
    Value x = graph.placeholder(FLOAT32, Shape.of(ANY)).named("x");
    Value y = graph.placeholder(FLOAT32, Shape.of(ANY)).named("y");
    Expr half = slice(x, 0, 0, -1, 2).named("half");
    Expr other = slice(y, 0, 0, -1, 2).named("other");
    assertEquals(
        "add: dims floor((?)/2) and floor((?)/2) differ at axis -1 (dims are aligned at the end;"
            + " only a dim of 1 is repeated): 'half' is FLOAT32 [floor((?)/2)] (HERE), 'other' is"
            + " FLOAT32 [floor((?)/2)] (HERE)",
        message(ShapeException.class, () -> half.plus(other)));
    assertEquals(Shape.of(3), session.run(half.plus(half), feed(x, ones(7))).shape());
    Expr sum = reduceSum(x.plus(y));
    assertEquals(Tensor.scalar(14f), session.run(sum, feed(x, ones(7), y, ones(7))));
    Expr halves = half.plus(other);
    assertEquals(fill(2, 3), session.run(halves, feed(x, ones(7), y, ones(7))));
  }

  @Test
  void derivedDimsAreSums() {
    Dim n = Dim.of("n");
    Value x = floats(n, Dim.of(2));
    Expr joined = concat(0, x, x, graph.constant(ones(5, 2)));
    assertEquals("[2*n + 5, 2]", joined.shape().toString());
    Expr flat = reshape(joined, -1);
    assertEquals("[4*n + 10]", flat.shape().toString());
    Expr padded = pad(flat, new long[] {1}, new long[] {2}, 0);
    assertEquals("[4*n + 13]", padded.shape().toString());
    assertEquals(Shape.of(21), session.run(padded, feed(x, ones(2, 2))).shape());
  }

  @Test
  void stridedSlicesOfUnknownDimsAreFloors() {
    Value x = floats(Dim.of("n"));
    Expr every3rd = slice(x, 0, 0, Long.MAX_VALUE >> 40, 3);
    assertTrue(every3rd.shape().isKnown());
    Expr half = slice(x, 0, 1, -1, 2);
    assertEquals("[floor((n - 1)/2)]", half.shape().toString());
    assertEquals(Tensor.of(1f, 3f), session.run(half, feed(x, Tensor.of(0f, 1f, 2f, 3f, 4f))));
  }

  @Test
  void aSliceOutsideOfWhatIsFedIsAnError() {
    Value x = floats(Dim.of("n"), Dim.of("m")).named("x");
    Expr part = slice(x, 1, 2, 5);
    assertEquals("[n, 3]", part.shape().toString());
    assertEquals(Shape.of(2, 3), session.run(part, feed(x, ones(2, 5))).shape());
    String text = message(RunException.class, () -> session.run(part, feed(x, ones(2, 4))));
    assertEquals(
        "slice: elements 2 to 4 of axis 1 must be inside of dim m, and this run has m = 4, in"
            + " slice: FLOAT32 [n, 3] (HERE); nothing was changed",
        text);
    assertEquals(Shape.of(7, 3), session.run(part, feed(x, ones(7, 6))).shape());
  }

  @Test
  void aSliceThatBeginsBehindItsEndIsAnError() {
    Value x = floats(Dim.of("n")).named("x");
    Expr part = slice(x, 0, 3, -1);
    assertEquals(Shape.of(1), session.run(part, feed(x, ones(5))).shape());
    assertEquals(Shape.of(0), session.run(part, feed(x, ones(4))).shape());
    assertThrows(MillraceException.class, () -> session.run(part, feed(x, ones(2))));
  }

  @Test
  void sizesThatDoNotFitIntoMemoryAreErrors() {
    Value x = floats(Dim.of("n"));
    Expr square = reduceSum(expandDims(x, 0).times(expandDims(x, 1)).exp().tanh(), 0);
    Expr huge = expandDims(x, 0).times(expandDims(x, 1));
    var text = message(MillraceException.class, () -> session.run(huge, feed(x, ones(100_000))));
    assertTrue(text.contains("at most 2^31-1 elements"), text);
    assertEquals("[n]", square.shape().toString());
  }

  @Test
  void reshapesMustKeepTheNumberOfElements() {
    Value x = floats(Dim.of("n"), Dim.of(6)).named("x");
    assertEquals("[2*n, 3]", reshape(x, -1, 3).shape().toString());
    assertEquals(
        "reshape: 6*n elements do not divide into [-1, 4]: 'x' is FLOAT32 [n, 6] (HERE)",
        message(ShapeException.class, () -> reshape(x, -1, 4)));
    assertEquals(
        "reshape: at most one dim can be -1, to be worked out, found [-1, -1]: 'x' is FLOAT32 [n,"
            + " 6] (HERE)",
        message(ShapeException.class, () -> reshape(x, -1, -1)));
    reshape(x, 3, 4);
    assertEquals("[2, 6]", x.shape().toString());
  }

  @Test
  void aDimThatNoFeedTellsIsAnError() {
    Value x = floats(Dim.of("n")).named("x");
    Expr like = dev.millrace.op.RandomFunctions.uniform(graph, FLOAT32, x.shape());
    String text = message(RunException.class, () -> session.run(like));
    assertEquals(
        "run: dim n of uniform: FLOAT32 [n] (HERE) is not known; feed the placeholder that it comes"
            + " from, even if only its shape is used",
        text);
    assertEquals(Shape.of(3), session.run(like, feed(x, ones(3))).shape());
  }

  @Test
  void aFailedOpLeavesUnknownDimsAsTheyWere() {
    Value x = graph.placeholder(FLOAT32, Shape.of(ANY, 3));
    Value y = graph.placeholder(FLOAT32, Shape.of(4, 5));
    assertThrows(ShapeException.class, () -> x.plus(y));
    assertEquals("[?, 3]", x.shape().toString());
  }
}
