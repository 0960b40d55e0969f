package dev.millrace.grad;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.graph.Graph;
import dev.millrace.graph.GraphException;
import dev.millrace.graph.Value;
import dev.millrace.op.Expr;
import dev.millrace.session.Session;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Derivatives of whole expressions, and what is said where there is none. */
@Tag("kernels")
class GradientsTest {
  private final Graph graph = new Graph();
  private final Value x = graph.placeholder(FLOAT64, Shape.of(ANY)).named("x");

  private Tensor run(Expr y, double... at) {
    return new Session(graph, 1).run(y, feed(x, Tensor.of(at)));
  }

  private static String message(Class<? extends MillraceException> type, Executable run) {
    return assertThrows(type, run).getMessage().replaceAll("\\w+\\.java:\\d+", "HERE");
  }

  @Test
  void theDerivativeOfAValueWithRespectToItselfIsOne() {
    assertEquals(Tensor.of(1.0, 1.0), run(gradient(x, x), 5, 6));
    assertEquals(List.of(1.0), List.of(run(gradient(x.plus(0), x), 5).getDouble(0)));
  }

  @Test
  void waysThatMeetAreAddedUp() {
    Expr y = x.times(x).plus(x.times(3)).minus(x.times(x).times(x));
    assertEquals(Tensor.of(2 * 2 + 3 - 3 * 4.0), run(gradient(y, x), 2));
  }

  @Test
  void derivativesOfDerivativesToTheFourth() {
    Expr y = reduceSum(x.pow(5));
    for (int order = 0; order < 4; order++) {
      y = gradient(reduceSum(y), x);
    }
    assertEquals(120 * 1.5, run(y, 1.5).getDouble(0), 1e-9);
    Expr wave = x.sin();
    for (int order = 0; order < 4; order++) {
      wave = gradient(reduceSum(wave), x);
    }
    assertEquals(Math.sin(0.7), run(wave, 0.7).getDouble(0), 1e-12);
  }

  @Test
  void intermediateValuesAndVariablesCanBeDifferentiatedBy() {
    var v = graph.variable(Tensor.of(2.0, 3.0));
    Expr middle = v.times(4);
    Expr y = reduceSum(middle.times(middle).times(v));
    List<Expr> both = gradients(y, List.of(middle, v));
    var session = new Session(graph, 1);
    session.run(graph.initializeAllVariables());
    assertEquals(Tensor.of(2 * 8 * 2.0, 2 * 12 * 3.0), session.run(both.getFirst()));
    assertEquals(Tensor.of(3 * 16 * 4.0, 3 * 16 * 9.0), session.run(both.get(1)));
  }

  @Test
  void stoppedGradientsDoNotPass() {
    Expr y = stopGradient(x.times(x)).times(x);
    assertEquals(Tensor.of(9.0), run(gradient(y, x), 3));
  }

  @Test
  void theDerivativeOfAProductIsExactAtZeros() {
    Expr y = reduceProd(x);
    assertEquals(Tensor.of(0.0, 10.0, 0.0), run(gradient(y, x), 2, 0, 5));
    assertEquals(Tensor.of(0.0, 0.0, 0.0), run(gradient(y, x), 0, 0, 5));
  }

  @Test
  void whatCannotBeDifferentiatedIsNamed() {
    Value i = graph.placeholder(INT32, Shape.of(2)).named("i");
    Value other = graph.placeholder(FLOAT64, Shape.of(2)).named("other");
    Expr y = x.times(2).named("y");
    assertEquals(
        "gradients: 'y' (HERE) does not depend on other: FLOAT64 [2] (HERE); leave it out, or use"
            + " it in the computation",
        message(GraphException.class, () -> gradient(y, other)));
    assertEquals(
        "gradients: a derivative needs floating point: i: INT32 [2] (HERE); convert with"
            + " cast(x, FLOAT32) before the computation",
        message(DTypeException.class, () -> gradient(y, i)));
    Expr rounded = round(x).plus(floor(x)).named("rounded");
    assertEquals(
        "gradients: 'rounded' (HERE) depends on x: FLOAT64 [?] (HERE) only through round (HERE),"
            + " floor (HERE), which has no derivative; the way from y to x: add (HERE) <- round"
            + " (HERE) <- 'x'",
        message(GraphException.class, () -> gradient(rounded, x)));
    Value foreign = new Graph().placeholder(FLOAT64, Shape.of(2)).named("foreign");
    assertEquals(
        "gradients: 'foreign' (HERE) belongs to another graph; build all operands with one Graph",
        message(GraphException.class, () -> gradient(y, foreign)));
  }

  @Test
  void comparisonsAndIndicesBlockOnlyTheirOwnWay() {
    Expr picked = select(x.greater(0), x.times(x), x.negate());
    assertEquals(Tensor.of(6.0, -1.0), run(gradient(picked, x), 3, -3));
    Expr best = gather(x, argMax(x, 0), 0);
    assertEquals(Tensor.of(0.0, 1.0, 0.0), run(gradient(best, x), 1, 5, 2));
  }

  @Test
  void aMixedPrecisionDerivativePassesThroughCasts() {
    Expr y = cast(cast(x, FLOAT32).times(3), FLOAT64).times(x);
    assertEquals(12.0, run(gradient(y, x), 2).getDouble(0), 1e-5);
  }

  @Test
  void derivativesThatDoNotChangeHaveTheDerivativeZero() {
    for (Expr y :
        List.of(relu(x), x.abs(), x.times(3), reduceMax(x, 0), stopGradient(x).times(x))) {
      Expr first = gradient(y, x);
      Expr second = gradient(first, x);
      assertEquals(Tensor.of(0.0, 0.0, 0.0), run(second, 1, -2, 3), y::name);
      assertEquals(Tensor.of(0.0, 0.0, 0.0), run(gradient(second, x), 1, -2, 3), y::name);
    }
    message(GraphException.class, () -> gradient(stopGradient(x), x));
  }

  @Test
  void allDerivativesOfAPowerExistAtZero() {
    for (int power = 0; power <= 3; power++) {
      Expr y = x.pow(power);
      double factorial = 1;
      for (int order = 1; order <= 6; order++) {
        y = gradient(y, x);
        factorial *= order <= power ? power + 1 - order : 0;
        double expected = order == power ? factorial : 0;
        assertEquals(expected, run(y, 0).getDouble(0), "x^" + power + ", order " + order);
      }
    }
  }
}
