package dev.millrace.graph;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.op.Expr;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Names, text, sharing and actions of graphs. */
class GraphTest {
  private final Graph graph = new Graph();

  private static String message(Class<? extends MillraceException> type, Executable run) {
    return assertThrows(type, run).getMessage().replaceAll("\\w+\\.java:\\d+", "HERE");
  }

  @Test
  void theTextOfAGraphIsOneValueALine() {
    Value x = graph.placeholder(FLOAT32, Shape.of(ANY, 784)).named("x");
    Variable w = graph.variable(zeros(784, 10)).named("W");
    Variable b = graph.variable(zeros(10)).named("b");
    matmul(x, w).plus(b).named("y");
    assertEquals(
        """
        placeholder x : FLOAT32 [?, 784]
        constant constant : FLOAT32 [784, 10]
        variable W : FLOAT32 [784, 10]
        constant constant_1 : FLOAT32 [10]
        variable b : FLOAT32 [10]
        matmul = MatMul[] x W : FLOAT32 [?, 10]
        broadcastTo = Broadcast[target=[?, 10]] b : FLOAT32 [?, 10]
        y = add matmul broadcastTo : FLOAT32 [?, 10]
        """,
        graph.toString());
  }

  @Test
  void aBodyHoldsWhatIsNeededAndNothingElse() {
    Value x = graph.placeholder(FLOAT32, Shape.of(2)).named("x");
    Expr y = x.exp().named("y");
    x.sin().named("unused");
    Expr z = y.negate().named("z");
    assertEquals(
        "y = exp x : FLOAT32 [2]\nz = negate y : FLOAT32 [2]\nreturn z x\n",
        Body.of(java.util.List.of((Value) z, x)).toString());
  }

  @Test
  void namesAreUnique() {
    Value x = graph.placeholder(FLOAT32, Shape.of(2)).named("x");
    assertSame(x, x.named("x"));
    Value y = graph.placeholder(FLOAT32, Shape.of(2));
    assertEquals(
        "name: 'x' is taken by x: FLOAT32 [2] (HERE)",
        message(GraphException.class, () -> y.named("x")));
    x.named("other");
    assertEquals("x", y.named("x").name());
    assertEquals("exp", x.exp().name());
    assertEquals("exp_1", x.exp().name());
    x.sin().named("cos_1");
    assertEquals("cos", x.cos().name());
    assertEquals("cos_2", x.cos().name());
  }

  @Test
  void numbersOfOneTypeAreOneConstant() {
    assertSame(graph.constant(2f), graph.constant(Tensor.scalar(2f)));
    assertTrue(graph.constant(Tensor.scalar(0.0)) != graph.constant(Tensor.scalar(-0.0)));
    assertTrue(graph.constant(Tensor.scalar(2.0)) != graph.constant(2f));
  }

  @Test
  void aVariableNeedsAKnownShape() {
    Value x = graph.placeholder(FLOAT32, Shape.of(ANY)).named("x");
    assertEquals(
        "variable: the shape of the initial value must be known: x: FLOAT32 [?] (HERE)",
        message(GraphException.class, () -> graph.variable(x)));
  }

  @Test
  void assignmentsKeepTypeAndShape() {
    Variable v = graph.variable(zeros(2)).named("v");
    assertEquals(
        "assign: the value has another shape than the variable: constant_1: FLOAT32 [3] (HERE), v:"
            + " FLOAT32 [2] (HERE)",
        message(ShapeException.class, () -> v.assign(graph.constant(zeros(3)))));
    assertEquals(
        "assign: the value has another type than the variable: constant_2: FLOAT64 [1] (HERE), v:"
            + " FLOAT32 [2] (HERE)",
        message(DTypeException.class, () -> v.assign(graph.constant(Tensor.of(1.0)))));
    Action once = v.assign(v.plus(1));
    assertEquals(
        "action: variable 'v' is set twice in one run; all assignments of a run happen at once, so"
            + " keep one of them",
        message(GraphException.class, () -> once.and(v.assign(v))));
  }

  @Test
  void numbersMustFitTheType() {
    Value x = graph.placeholder(INT32, Shape.of(2)).named("x");
    assertEquals(
        "constant: 0.5 is no INT32: 'x' is INT32 [2] (HERE); convert it with cast(x, FLOAT32)"
            + " first",
        message(DTypeException.class, () -> x.plus(0.5)));
  }

  @Test
  void aVariableDoesNotBeginAsAnother() {
    Variable w = graph.variable(zeros(2)).named("w");
    assertEquals(
        "variable: the initial value depends on another variable, which has no value yet then: w:"
            + " FLOAT32 [2] (HERE); use its initial() instead",
        message(GraphException.class, () -> graph.variable(w.plus(1))));
    assertEquals("[2]", graph.variable(w.initial().plus(1)).shape().toString());
  }
}
