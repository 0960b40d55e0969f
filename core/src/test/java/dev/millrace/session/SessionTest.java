package dev.millrace.session;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Action;
import dev.millrace.graph.Graph;
import dev.millrace.graph.GraphException;
import dev.millrace.graph.Value;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;
import dev.millrace.tensor.IndexException;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Runs as transactions, prepared functions, and what is said about runs that can't be done. */
@Tag("kernels")
class SessionTest {
  private final Graph graph = new Graph();
  private final Session session = new Session(graph, 2);

  private static String message(Class<? extends MillraceException> type, Executable run) {
    return assertThrows(type, run).getMessage().replaceAll("SessionTest.java:\\d+", "HERE");
  }

  @Test
  void allAssignmentsOfARunReadTheStateBeforeIt() {
    Variable a = graph.variable(Tensor.of(1f, 2f));
    Variable b = graph.variable(Tensor.of(3f, 4f));
    Action swap = a.assign(b).and(b.assign(a));
    session.run(graph.initializeAllVariables());
    List<Tensor> before = session.run(swap, List.of(a, b), Feeds.NONE);
    assertEquals(List.of(Tensor.of(1f, 2f), Tensor.of(3f, 4f)), before);
    assertEquals(Tensor.of(3f, 4f), session.run(a));
    assertEquals(Tensor.of(1f, 2f), session.run(b));
    session.run(swap);
    session.run(swap);
    session.run(swap);
    assertEquals(List.of(Tensor.of(1f, 2f), Tensor.of(3f, 4f)), session.run(List.of(a, b)));
  }

  @Test
  void aRunThatThrowsChangesNothing() {
    Value index = graph.placeholder(INT32, Shape.of(ANY));
    Variable table = graph.variable(Tensor.of(1f, 2f, 3f));
    Variable count = graph.variable(Tensor.of(0f));
    Expr picked = gather(table, index, 0);
    Action step = table.assign(table.plus(reduceSum(picked))).and(count.assign(count.plus(1)));
    session.run(graph.initializeAllVariables());
    session.run(step, feed(index, Tensor.of(0)));
    assertEquals(Tensor.of(2f, 3f, 4f), session.run(table));
    String text =
        message(IndexException.class, () -> session.run(step, feed(index, Tensor.of(0, 3))));
    assertEquals(
        "gather: index 3 is outside of [0, 3), in gather: FLOAT32 [?] (HERE); nothing was changed",
        text);
    assertEquals(Tensor.of(2f, 3f, 4f), session.run(table));
    assertEquals(Tensor.of(1f), session.run(count));
    session.run(step, feed(index, Tensor.of(0)));
    assertEquals(Tensor.of(4f, 5f, 6f), session.run(table));
    assertEquals(Tensor.of(2f), session.run(count));
  }

  @Test
  void aFailedDrawIsDrawnAgain() {
    Value index = graph.placeholder(INT32, Shape.of(1));
    Expr draw = uniform(graph, Shape.of(4), 0, 1);
    Expr checked = draw.plus(gather(graph.constant(Tensor.of(0f, 0f)), index, 0));
    Tensor first = session.run(checked, feed(index, Tensor.of(0)));
    var other = new Session(graph, 1);
    assertThrows(IndexException.class, () -> other.run(checked, feed(index, Tensor.of(9))));
    assertEquals(first, other.run(checked, feed(index, Tensor.of(1))));
  }

  @Test
  void fetchedTensorsDoNotChangeWithTheVariable() {
    Variable v = graph.variable(Tensor.of(1f));
    session.run(graph.initializeAllVariables());
    Tensor before = session.run(v);
    Action more = v.assign(v.plus(1));
    session.run(more);
    session.run(more);
    assertEquals(Tensor.of(1f), before);
    assertNotSame(session.run(v).array(), session.run(v).array());
  }

  @Test
  void oneTensorMayBeFetchedAssignedAndFetchedInAnotherShape() {
    Variable v = graph.variable(Tensor.of(1f, 2f, 3f, 4f));
    Variable w = graph.variable(Tensor.of(0f, 0f, 0f, 0f));
    session.run(graph.initializeAllVariables());
    Expr twice = v.times(2);
    Action both = v.assign(twice).and(w.assign(twice));
    List<Tensor> fetched =
        session.run(both, List.of(twice, reshape(twice, 2, 2), twice), Feeds.NONE);
    Tensor expected = Tensor.of(2f, 4f, 6f, 8f);
    assertEquals(List.of(expected, expected.reshape(2, 2), expected), fetched);
    session.run(both);
    assertEquals(expected, fetched.getFirst());
    assertEquals(Tensor.of(4f, 8f, 12f, 16f), session.run(w));
    assertEquals(Tensor.of(4f, 8f, 12f, 16f), session.run(v));
  }

  @Test
  void constantsAndPlaceholdersCanBeFetched() {
    Value x = graph.placeholder(FLOAT32, Shape.of(ANY));
    Expr c = graph.constant(Tensor.of(5f, 6f));
    assertEquals(
        List.of(Tensor.of(5f, 6f), Tensor.of(1f)),
        session.run(List.of(c, x), feed(x, Tensor.of(1f))));
  }

  @Test
  void aFunctionTakesItsArgumentsInOrder() {
    Value x = graph.placeholder(FLOAT32, Shape.of(ANY)).named("x");
    Value y = graph.placeholder(FLOAT32, Shape.of(ANY)).named("y");
    CompiledFunction difference = session.function(List.of(y, x), List.of(x.minus(y)));
    assertEquals(List.of(Tensor.of(4f)), difference.run(Tensor.of(1f), Tensor.of(5f)));
    assertEquals(List.of(Tensor.of(4f, 5f)), difference.run(Tensor.of(1f, 1f), Tensor.of(5f, 6f)));
    assertEquals(
        "function: takes 2 tensors, one for each of [y: FLOAT32 [?] (HERE), x: FLOAT32 [?] (HERE)],"
            + " found 1",
        message(RunException.class, () -> difference.run(Tensor.of(1f))));
  }

  @Test
  void aFunctionCanActAndFollowsTheVariables() {
    Variable total = graph.variable(Tensor.of(0f));
    Value x = graph.placeholder(FLOAT32, Shape.of(1));
    CompiledFunction add =
        session.function(total.assign(total.plus(x)), List.of(x), List.of(total.plus(x)));
    session.run(graph.initializeAllVariables());
    assertEquals(Tensor.of(2f), add.run(Tensor.of(2f)).getFirst());
    assertEquals(Tensor.of(5f), add.run(Tensor.of(3f)).getFirst());
    assertEquals(Tensor.of(5f), session.run(total));
  }

  @Test
  void sessionsKeepTheirOwnVariables() {
    Variable v = graph.variable(Tensor.of(1f));
    var other = new Session(graph, 1);
    session.run(graph.initializeAllVariables());
    other.run(graph.initializeAllVariables());
    session.run(v.assign(v.times(10)));
    assertEquals(Tensor.of(10f), session.run(v));
    assertEquals(Tensor.of(1f), other.run(v));
  }

  @Test
  void missingFeedsAndValuesAreNamed() {
    Value x = graph.placeholder(FLOAT32, Shape.of(ANY, 2)).named("x");
    Variable w = graph.variable(zeros(2)).named("w");
    assertEquals(
        "run: placeholder x: FLOAT32 [?, 2] (HERE) is needed and not fed; add feed(x, tensor) to"
            + " this run",
        message(RunException.class, () -> session.run(x.plus(1))));
    assertEquals(
        "run: variable 'w' (HERE) has no value yet; run graph.initializeAllVariables() in this"
            + " session first, made after the last variable (optimizers make some of their own)",
        message(RunException.class, () -> session.run(w)));
    assertEquals(
        "run: nothing that is computed depends on what is fed, [k]; leave the feeds out, or fetch a"
            + " value that depends on them",
        message(
            RunException.class,
            () -> {
              Value k = graph.placeholder(FLOAT32, Shape.of(2)).named("k");
              session.run(graph.constant(1), feed(k, Tensor.of(1f, 2f)));
            }));
  }

  @Test
  void wrongFeedsAreExplained() {
    Value x = graph.placeholder(FLOAT32, Shape.of(ANY, 2)).named("x");
    Expr y = x.plus(1);
    assertEquals(
        "feed: the tensor for x: FLOAT32 [?, 2] (HERE) is FLOAT64 [1, 2]; give it as FLOAT32",
        message(
            RunException.class,
            () -> session.run(y, feed(x, Tensor.of(Shape.of(1, 2), 1.0, 2.0)))));
    assertEquals(
        "feed: the tensor for x: FLOAT32 [?, 2] (HERE) has 1 dims, [2], instead of 2; one item is a"
            + " batch of 1: tensor.reshape(1, 2)",
        message(RunException.class, () -> session.run(y, feed(x, Tensor.of(1f, 2f)))));
    assertEquals(
        "feed: the tensor for x: FLOAT32 [?, 2] (HERE) has shape [1, 3]: dim 1 must be 2, not 3",
        message(RunException.class, () -> session.run(y, feed(x, zeros(1, 3)))));
    assertEquals(
        "feed: placeholder x: FLOAT32 [?, 2] (HERE) is fed twice",
        message(RunException.class, () -> feed(x, zeros(1, 2), x, zeros(1, 2))));
    assertEquals(
        "feed: the tensor for x: FLOAT32 [?, 2] (HERE) is null",
        message(RunException.class, () -> Feeds.of(x, null)));
    assertEquals(
        "feed: only placeholders can be fed, and 'add' (HERE) is none; make one with"
            + " graph.placeholder(...)",
        message(RunException.class, () -> feed(y, zeros(1, 2))));
  }

  @Test
  void nodesOfAnotherGraphAreRefused() {
    var other = new Graph();
    Value x = other.placeholder(FLOAT32, Shape.of(2)).named("x");
    Value mine = graph.placeholder(FLOAT32, Shape.of(2)).named("mine");
    String tail = "'x' (HERE) belongs to another graph; build all operands with one Graph";
    assertEquals("add: " + tail, message(GraphException.class, () -> mine.plus(x)));
    assertEquals("run: " + tail, message(GraphException.class, () -> session.run(x)));
    assertEquals(
        "feed: " + tail,
        message(GraphException.class, () -> session.run(mine, feed(x, Tensor.of(1f, 2f)))));
    Variable v = other.variable(Tensor.of(1f));
    assertThrows(GraphException.class, () -> session.run(other.initializeAllVariables()));
    assertEquals(v, other.variables().getFirst());
  }

  @Test
  void integerDivisionByZeroEndsTheRunWithoutAChange() {
    Value d = graph.placeholder(INT32, Shape.of(ANY)).named("d");
    Variable v = graph.variable(Tensor.of(12));
    session.run(graph.initializeAllVariables());
    Action divide = v.assign(reduceSumKeepDims(v.dividedBy(d)));
    String text = message(RunException.class, () -> session.run(divide, feed(d, Tensor.of(0))));
    assertTrue(text.startsWith("divide: "), text);
    assertTrue(text.endsWith("; nothing was changed"), text);
    assertEquals(Tensor.of(12), session.run(v));
  }

  @Test
  void aSessionNeedsAThread() {
    assertEquals(
        "session: takes 1 to 1024 threads, found 0",
        message(RunException.class, () -> new Session(graph, 0)));
  }

  @Test
  void resultsAreTheSameAtAnyNumberOfThreads() {
    Value x = graph.placeholder(FLOAT32, Shape.of(ANY, 70));
    Expr y = matmul(x, transpose(x)).softmax();
    Expr all = reduceSum(y.times(uniform(graph, FLOAT32, y.shape())));
    var random = new java.util.Random(1);
    var numbers = new float[150 * 70];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    Tensor fed = Tensor.of(Shape.of(150, 70), numbers);
    Tensor expected = new Session(graph, 1).run(all, feed(x, fed));
    for (int threads = 2; threads <= 5; threads++) {
      assertEquals(expected, new Session(graph, threads).run(all, feed(x, fed)));
    }
  }

  @Test
  void oneProgramServesAllBatchSizes() {
    Value x = graph.placeholder(FLOAT32, Shape.of(ANY));
    Expr y = reduceSum(x.times(x));
    for (int n : new int[] {3, 1000, 0, 7, 1000, 1}) {
      assertArrayEquals(
          new float[] {n}, session.run(y, feed(x, fill(1, n))).toFloatArray(), "batch " + n);
    }
  }

  @Test
  void anOriginIsTheLineOfTheUsersProgram() {
    Value x = graph.placeholder(FLOAT32, Shape.of(2));
    int line = new Throwable().getStackTrace()[0].getLineNumber() + 1;
    Expr y = softmax(x);
    assertEquals("SessionTest.java:" + line, y.origin());
    assertEquals("SessionTest.java:" + (line + 2), gradient(reduceSum(y.times(y)), x).origin());
  }
}
