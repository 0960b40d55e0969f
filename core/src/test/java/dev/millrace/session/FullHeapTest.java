package dev.millrace.session;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.op.Expr;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What does not fit is an error with a way out, and the session goes on. */
class FullHeapTest {
  private final Graph graph = new Graph();
  private final Value x = graph.placeholder(FLOAT32, Shape.of(ANY));
  private final Session session = new Session(graph, 1);

  private static String message(Class<? extends MillraceException> type, Executable run) {
    return assertThrows(type, run).getMessage();
  }

  @Test
  void aTensorBeyondTheHeapIsRefused() {
    String text = message(MillraceException.class, () -> zeros(46_000, 46_000));
    String heap = Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB";
    assertEquals(
        "tensor: 2116000000 elements of FLOAT32 take 8071 MiB, which the heap of "
            + heap
            + " has no room for; make it smaller (a batch, for instance), or give Java more with"
            + " -Xmx",
        text);
  }

  @Test
  void aRunBeyondTheHeapChangesNothingAndTheNextOneWorks() {
    Expr table = reduceSum(x.broadcastTo(Shape.of(46, 4)).transpose(), 1);
    Expr wide = concat(0, tile(x, 500_000_000L), x);
    Expr sum = reduceSum(x);
    String heap = Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB";
    assertEquals(
        "run: needs 15259 MiB, and the heap has "
            + heap
            + " in all: 1 MiB for feeds, variables and constants, 7630 MiB for results, 7630 MiB"
            + " for values in between (the largest: broadcastTo_1: FLOAT32 [500000000, 4] (HERE),"
            + " 7630 MiB); nothing was changed; make it smaller, or give Java more with -Xmx",
        message(RunException.class, () -> session.run(wide, feed(x, ones(4))))
            .replaceAll("FullHeapTest.java:\\d+", "HERE"));
    assertEquals(10f, session.run(sum, feed(x, Tensor.of(1f, 2f, 3f, 4f))).getFloat());
    assertEquals(Shape.of(4), session.run(table, feed(x, ones(4))).shape());
  }

  @Test
  void aPlanBeyondTheHeapNamesItsLargestValue() {
    Value wide = graph.placeholder(FLOAT32, Shape.of(Dim.of("batch"), Dim.of(1))).named("wide");
    Expr square = matmul(wide, graph.constant(ones(1, 40_000))).named("square");
    Expr sum = reduceSum(matmul(square, graph.constant(ones(40_000, 1))));
    String text =
        message(RunException.class, () -> session.run(sum, feed(wide, ones(40_000, 1))))
            .replaceAll("FullHeapTest.java:\\d+", "HERE");
    assertTrue(
        text.contains(
            "6104 MiB for values in between (the largest: square: FLOAT32 [batch, 40000] (HERE),"
                + " 6104 MiB), with batch = 40000; nothing was changed; feed fewer items at once"),
        text);
    assertEquals(80_000f, session.run(sum, feed(wide, ones(2, 1))).getFloat());
  }

  @Test
  void aTensorThatIsFedTwiceCountsOnce() {
    Value a = graph.placeholder(FLOAT32, Shape.of(ANY)).named("a");
    long heap = Runtime.getRuntime().maxMemory();
    assumeTrue(heap < 3L << 30, "a large part of the heap is allocated");
    Tensor large = ones(heap / 4 * 3 / 5);
    Expr indices = graph.constant(Tensor.of(1L));
    Expr first = gather(a, indices, 0).plus(gather(x, indices, 0));
    assertEquals(Tensor.of(2f), session.run(first, feed(a, large, x, large)));
  }

  @Test
  void tensorsOfMoreElementsThanAnArrayHasAreRefused() {
    String line = "FullHeapTest.java:\\d+";
    assertEquals(
        "broadcastTo: the result must have at most 2^31-1 elements, and this run has ? = 4, in"
            + " broadcastTo: FLOAT32 [1073741824, ?] (HERE); nothing was changed",
        message(RunException.class, () -> session.run(tile(x, 1L << 30), feed(x, ones(4))))
            .replaceAll(line, "HERE"));
    assertEquals(
        "shape [4611686018427387904, ?]: a tensor has at most 2^31-1 elements; split it along an"
            + " axis",
        message(ShapeException.class, () -> tile(x, 1L << 62)).replaceAll(line, "HERE"));
    assertEquals(
        "broadcastTo: shape [2147483647, 2]: a tensor has at most 2^31-1 elements; split it along"
            + " an axis: [constant: FLOAT32 [2] (HERE)]",
        message(
                ShapeException.class,
                () -> graph.constant(ones(2)).broadcastTo(Shape.of(Integer.MAX_VALUE, 2)))
            .replaceAll(line, "HERE"));
    int most = Integer.MAX_VALUE;
    assertEquals(
        "uniform: shape [2147483647, 2147483647]: a tensor has at most 2^31-1 elements; split it"
            + " along an axis: [run: INT64 [] (HERE)]",
        message(ShapeException.class, () -> uniform(graph, Shape.of(most, most), 0, 1))
            .replaceAll(line, "HERE"));
  }

  @Test
  void aFailedProductLeavesUnknownDimsUnknown() {
    Value a = graph.placeholder(FLOAT32, Shape.of(ANY, 2, 3));
    Value b = graph.placeholder(FLOAT32, Shape.of(5, 4, 2));
    message(ShapeException.class, () -> matmul(a, b));
    assertTrue(!a.shape().isKnown());
  }
}
