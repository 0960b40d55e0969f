package dev.millrace.session;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.op.Expr;
import dev.millrace.tensor.IndexException;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What is said when a run fails inside of a loop, or where a program checks something itself. */
class LoopErrorsTest {
  private final Graph graph = new Graph();
  private final Session session = new Session(graph, 1);
  private final Value x = graph.placeholder(FLOAT64, Shape.of(ANY)).named("x");

  private static String message(Class<? extends MillraceException> type, Executable run) {
    return assertThrows(type, run).getMessage().replaceAll("LoopErrorsTest.java:\\d+", "HERE");
  }

  @Test
  void errorsInsideOfALoopNameTheLineOfTheUser() {
    Value indices = graph.placeholder(INT64, Shape.of(ANY));
    Expr picked = map(i -> gather(x, i, 0), indices);
    Tensor values = Tensor.of(0.5, 1.5, 2.5);
    assertEquals(
        Tensor.of(2.5, 0.5), session.run(picked, feed(x, values, indices, Tensor.of(2L, 0L))));
    assertEquals(
        "gather: index 7 is outside of [0, 3), in gather: FLOAT64 [] (HERE); nothing was changed",
        message(
            IndexException.class,
            () -> session.run(picked, feed(x, values, indices, Tensor.of(0L, 7L)))));
  }

  @Test
  void divisionsOfIntegersByZeroInsideOfALoop() {
    Value numbers = graph.placeholder(INT32, Shape.of(ANY));
    Expr y = map(n -> divide(reduceSum(numbers), n), numbers);
    assertEquals(
        "divide: / by zero, in divide: INT32 [] (HERE); nothing was changed",
        message(RunException.class, () -> session.run(y, feed(numbers, Tensor.of(1, 0)))));
  }

  @Test
  void numbersAreCheckedWhereTheProgramSaysSo() {
    Expr y = checkNumerics(log(x), "the logarithm");
    assertEquals(
        "checkNumerics: the logarithm: element [1] is -Infinity, in checkNumerics: FLOAT64 [?]"
            + " (HERE); nothing was changed",
        message(RunException.class, () -> session.run(y, feed(x, Tensor.of(1.0, 0)))));
    assertEquals(Tensor.of(0.5), session.run(gradient(y, x), feed(x, Tensor.of(2.0))));
  }

  @Test
  void assertionsEndTheRun() {
    Expr y = assertThat(x.greater(0), x.times(2), "x must be positive");
    assertEquals(Tensor.of(2.0), session.run(y, feed(x, Tensor.of(1.0))));
    assertEquals(
        "assertThat: x must be positive, in assertThat: FLOAT64 [?] (HERE); nothing was changed",
        message(RunException.class, () -> session.run(y, feed(x, Tensor.of(1.0, -1)))));
  }

  @Test
  void aFailedRunChangesNoVariable() {
    var v = graph.variable(Tensor.of(1.0));
    session.run(graph.initializeAllVariables());
    var step =
        v.assign(
            forLoop(3, (i, s) -> List.of(checkNumerics(log(s.getFirst()), "s")), List.of(v))
                .getFirst());
    assertTrue(
        message(RunException.class, () -> session.run(step)).contains("element [0] is -Infinity"));
    assertEquals(Tensor.of(1.0), session.run(v));
  }
}
