package dev.millrace.compile;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.millrace.graph.Body;
import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.op.Expr;
import dev.millrace.tensor.Shape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Text in, text out. */
class SimplificationTest {
  private final Graph graph = new Graph();
  private final Value x = graph.placeholder(FLOAT32, Shape.of(4)).named("x");

  /** What is recorded for {@code results}, and what is left of it. */
  private static void check(String before, String after, Expr... results) {
    Body body = Body.of(Stream.of(results).map(Value.class::cast).toList());
    assertEquals(before, body.toString());
    assertEquals(after, Simplification.of(body).toString());
  }

  @Test
  void equalEquationsBecomeOne() {
    Expr p = logistic(x).named("p");
    Expr q = logistic(x).named("q");
    check(
        """
        p = logistic x : FLOAT32 [4]
        q = logistic x : FLOAT32 [4]
        sum = add p q : FLOAT32 [4]
        return sum p q
        """,
        """
        p = logistic x : FLOAT32 [4]
        sum = add p p : FLOAT32 [4]
        return sum p p
        """,
        p.plus(q).named("sum"),
        p,
        q);
  }

  @Test
  void mergedOperandsMakeFurtherEquationsEqual() {
    check(
        """
        a = exp x : FLOAT32 [4]
        b = sin a : FLOAT32 [4]
        c = exp x : FLOAT32 [4]
        d = sin c : FLOAT32 [4]
        return b d
        """,
        """
        a = exp x : FLOAT32 [4]
        b = sin a : FLOAT32 [4]
        return b b
        """,
        sin(exp(x).named("a")).named("b"),
        sin(exp(x).named("c")).named("d"));
  }

  @Test
  void attributesAndTheOrderOfOperandsCount() {
    Expr matrix = graph.placeholder(FLOAT32, Shape.of(2, 2)).named("m");
    String all =
        """
        a = subtract x y : FLOAT32 [4]
        b = subtract y x : FLOAT32 [4]
        c = Reduce[combiner=SUM, axes=[0]] m : FLOAT32 [2]
        d = Reduce[combiner=SUM, axes=[1]] m : FLOAT32 [2]
        return a b c d
        """;
    Expr y = graph.placeholder(FLOAT32, Shape.of(4)).named("y");
    check(
        all,
        all,
        x.minus(y).named("a"),
        y.minus(x).named("b"),
        reduceSum(matrix, 0).named("c"),
        reduceSum(matrix, 1).named("d"));
  }

  @Test
  void twoDrawsStayTwo() {
    Expr u = uniform(graph, FLOAT32, Shape.of(4)).named("u");
    Expr v = uniform(graph, FLOAT32, Shape.of(4)).named("v");
    Body body = Body.of(List.of((Value) u, (Value) v));
    assertEquals(body, Simplification.of(body));
    assertEquals(2, body.equations().size());
  }

  @Test
  void productsAndQuotientsWithOneGo() {
    Expr one = graph.constant(1).named("one");
    check(
        """
        broadcastTo = Broadcast[target=[4]] one : FLOAT32 [4]
        a = multiply x broadcastTo : FLOAT32 [4]
        broadcastTo_1 = Broadcast[target=[4]] one : FLOAT32 [4]
        b = multiply broadcastTo_1 a : FLOAT32 [4]
        broadcastTo_2 = Broadcast[target=[4]] one : FLOAT32 [4]
        c = divide b broadcastTo_2 : FLOAT32 [4]
        d = exp c : FLOAT32 [4]
        return d
        """,
        """
        d = exp x : FLOAT32 [4]
        return d
        """,
        exp(one.times(x.times(one).named("a")).named("b").dividedBy(one).named("c")).named("d"));
  }

  @Test
  void sumsWithZeroAndQuotientsOfOneStay() {
    Expr zero = graph.constant(0).named("zero");
    Expr one = graph.constant(1).named("one");
    Expr a = x.plus(zero).named("a");
    Expr b = one.dividedBy(x).named("b");
    String all =
        """
        broadcastTo = Broadcast[target=[4]] zero : FLOAT32 [4]
        a = add x broadcastTo : FLOAT32 [4]
        broadcastTo_1 = Broadcast[target=[4]] one : FLOAT32 [4]
        b = divide broadcastTo_1 x : FLOAT32 [4]
        return a b
        """;
    check(all, all, a, b);
  }

  @Test
  void doubleNegationGoes() {
    check(
        """
        a = negate x : FLOAT32 [4]
        b = negate a : FLOAT32 [4]
        c = negate b : FLOAT32 [4]
        return b c
        """,
        """
        a = negate x : FLOAT32 [4]
        return x a
        """,
        x.negate().named("a").negate().named("b"),
        graph.values().getLast().negate().named("c"));
  }

  @Test
  void stopGradientGoesOnceGradientsAreTaken() {
    check(
        """
        a = StopGradient[] x : FLOAT32 [4]
        b = exp a : FLOAT32 [4]
        return b
        """,
        """
        b = exp x : FLOAT32 [4]
        return b
        """,
        exp(stopGradient(x).named("a")).named("b"));
  }

  @Test
  void whatNothingNeedsGoes() {
    Expr used = exp(x).named("used");
    sin(used).named("unused");
    Expr kept = used.negate().named("n").negate().named("nn").abs().named("kept");
    check(
        """
        used = exp x : FLOAT32 [4]
        n = negate used : FLOAT32 [4]
        nn = negate n : FLOAT32 [4]
        kept = abs nn : FLOAT32 [4]
        return kept
        """,
        """
        used = exp x : FLOAT32 [4]
        kept = abs used : FLOAT32 [4]
        return kept
        """,
        kept);
  }
}
