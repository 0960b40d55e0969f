package dev.millrace.compile;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.millrace.graph.Body;
import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.op.Expr;
import dev.millrace.op.Window;
import dev.millrace.session.Session;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Text in, text out. */
class ViewSinkingTest {
  private final Graph graph = new Graph();
  private final Value x = graph.placeholder(FLOAT32, Shape.of(2, 3, 4)).named("x");

  private static Body body(Expr... results) {
    return Simplification.of(Body.of(Stream.of(results).map(Value.class::cast).toList()));
  }

  /** What is recorded for {@code results}, and what the pass makes of it. */
  private static void check(String before, String after, Expr... results) {
    assertEquals(before, body(results).toString());
    assertEquals(after, Simplification.of(ViewSinking.of(body(results))).toString());
  }

  private static void checkKept(Expr... results) {
    Body body = body(results);
    assertSame(body, ViewSinking.of(body));
  }

  @Test
  void aTranspositionMovesBehindAnElementwiseOpToWhereItIsUndone() {
    Expr p = exp(x).named("p");
    Expr t = transpose(p, 0, 2, 1).named("t");
    Expr r = relu(t).named("r");
    check(
        """
        p = exp x : FLOAT32 [2, 3, 4]
        t = Transpose[permutation=[0, 2, 1]] p : FLOAT32 [2, 4, 3]
        r = relu t : FLOAT32 [2, 4, 3]
        b = Transpose[permutation=[0, 2, 1]] r : FLOAT32 [2, 3, 4]
        y = sin b : FLOAT32 [2, 3, 4]
        return y
        """,
        """
        p = exp x : FLOAT32 [2, 3, 4]
        r' = relu p : FLOAT32 [2, 3, 4]
        y = sin r' : FLOAT32 [2, 3, 4]
        return y
        """,
        sin(transpose(r, 0, 2, 1).named("b")).named("y"));
  }

  @Test
  void otherOperandsAreTransposedTheOtherWayRound() {
    Expr other = graph.placeholder(FLOAT32, Shape.of(4, 2, 3)).named("other");
    Expr sum = transpose(x, 2, 0, 1).named("t").plus(other).named("sum");
    check(
        """
        t = Transpose[permutation=[2, 0, 1]] x : FLOAT32 [4, 2, 3]
        sum = add t other : FLOAT32 [4, 2, 3]
        b = Transpose[permutation=[1, 2, 0]] sum : FLOAT32 [2, 3, 4]
        return b
        """,
        """
        other' = Transpose[permutation=[1, 2, 0]] other : FLOAT32 [2, 3, 4]
        sum' = add x other' : FLOAT32 [2, 3, 4]
        return sum'
        """,
        transpose(sum, 1, 2, 0).named("b"));
  }

  @Test
  void aTranspositionThatNothingUndoesStays() {
    checkKept(relu(transpose(x, 0, 2, 1)));
    checkKept(transpose(relu(transpose(x, 1, 2, 0)), 1, 2, 0));
  }

  @Test
  void aReductionBetweenTranspositionsFoldsOtherAxes() {
    Expr t = transpose(x, 2, 0, 1).named("t");
    Expr y = reduceSum(t, 1).named("y");
    checkKept(y);
    check(
        """
        t = Transpose[permutation=[2, 0, 1]] x : FLOAT32 [4, 2, 3]
        y = Reduce[combiner=SUM, axes=[1]] t : FLOAT32 [4, 3]
        r = relu t : FLOAT32 [4, 2, 3]
        b = Transpose[permutation=[1, 2, 0]] r : FLOAT32 [2, 3, 4]
        return y b
        """,
        """
        y' = Reduce[combiner=SUM, axes=[0]] x : FLOAT32 [3, 4]
        y = Transpose[permutation=[1, 0]] y' : FLOAT32 [4, 3]
        r' = relu x : FLOAT32 [2, 3, 4]
        return y r'
        """,
        y,
        transpose(relu(t).named("r"), 1, 2, 0).named("b"));
  }

  @Test
  void aReshapeOfADerivativeMovesBehindOpsWithResultsOfTheForwardPass() {
    Expr image = graph.placeholder(FLOAT32, Shape.of(1, 4, 4, 1)).named("image");
    Expr y = maxPool2d(relu(image.times(2)), 2);
    String recorded = body(gradient(y, image)).toString();
    String moved = Simplification.of(ViewSinking.of(body(gradient(y, image)))).toString();
    assertEquals("FLOAT32 [1, 4, 4, 1]", typeOfTheLast("select", recorded), recorded);
    assertEquals("FLOAT32 [1, 2, 2, 2, 2, 1]", typeOfTheLast("select", moved), moved);
  }

  private static String typeOfTheLast(String op, String body) {
    String line =
        body.lines()
            .filter(text -> text.matches("\\S+ = (\\w+ )*?" + op + ".*|\\S+ = Select.*"))
            .reduce((first, second) -> second)
            .orElseThrow();
    return line.substring(line.indexOf(" : ") + 3);
  }

  @Test
  void aReshapeInAForwardPassStays() {
    checkKept(relu(reshape(exp(x), 6, 4)));
  }

  /** One transposition in front, in the copy that pads, and one behind. */
  @Test
  void convolutionsWithTheirChannelsFirstRunWithTheirChannelsLast() {
    Expr image = graph.placeholder(FLOAT32, Shape.of(ANY, 3, 8, 8));
    Expr w1 = graph.placeholder(FLOAT32, Shape.of(3, 3, 3, 4));
    Expr w2 = graph.placeholder(FLOAT32, Shape.of(3, 3, 4, 4));
    Expr bias = graph.placeholder(FLOAT32, Shape.of(4, 1, 1));
    Window window = Window.padded(SAME).channelsFirst();
    Expr h = maxPool2d(relu(conv2d(image, w1, window).plus(bias)), Window.of(2).channelsFirst());
    Expr y = relu(conv2d(h, w2, window).plus(bias)).named("y");
    assertEquals(
        List.of(
            "pad",
            "convolution, add', relu'",
            "maximum, maximum_1, maximum_2",
            "pad_1",
            "convolution_1",
            "add_1, y"),
        Compiled.members(y));
  }

  @Test
  void movedViewsChangeNoNumber() {
    var random = new SplittableRandom(3);
    Expr data = numbers(random, 2, 3, 4);
    Expr t = transpose(data, 2, 0, 1);
    Expr u = sin(t).times(numbers(random, 4, 2, 3)).plus(reduceSum(t, 1, 2).reshape(4, 1, 1));
    Expr y = exp(transpose(u, 1, 2, 0)).plus(data);
    Expr slope = gradient(y, data);
    Session session = new Session(graph, 1);
    // Alone, what lies between the transpositions has to be computed as it is written.
    Tensor inner = session.run(u);
    Tensor outer = session.run(exp(transpose(graph.constant(inner), 1, 2, 0)).plus(data));
    assertEquals(outer, session.run(y));
    assertEquals(Shape.of(2, 3, 4), session.run(slope).shape());
  }

  private Expr numbers(SplittableRandom random, long... dims) {
    Shape shape = Shape.of(dims);
    return graph.constant(Tensor.of(shape, random.doubles(shape.size(), -1, 1).toArray()));
  }
}
