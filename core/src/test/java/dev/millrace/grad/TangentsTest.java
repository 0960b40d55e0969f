package dev.millrace.grad;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.compile.Compiler;
import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.op.Expr;
import dev.millrace.session.Session;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Forward mode, and the matrices of derivatives that are made with it. */
@Tag("kernels")
class TangentsTest {
  private final Graph graph = new Graph();
  private final Session session = new Session(graph, 1);
  private final Value x = graph.placeholder(FLOAT64, Shape.of(ANY)).named("x");

  private Tensor run(Expr y, double... at) {
    return session.run(y, feed(x, Tensor.of(at)));
  }

  @Test
  void tangentsFollowTheChainRule() {
    Expr three = x.times(0).plus(3);
    assertEquals(Tensor.of(12.0, 30.0), run(jvp(x.times(x), x, three), 2, 5));
    Expr both = jvp(x.sin().times(x), List.of(x), List.of(x.times(0).plus(1)));
    assertEquals(Math.sin(0.4) + 0.4 * Math.cos(0.4), run(both, 0.4).getDouble(0), 1e-15);
  }

  @Test
  void joinedOperandsHaveJoinedTangents() {
    Expr y = concat(0, x, x.times(x));
    assertEquals(Tensor.of(1.0, 6.0), run(jvp(y, x, x.times(0).plus(1)), 3));
    long kernels = Compiler.compile(List.of((Value) jvp(y, x, x))).steps().size();
    assertTrue(kernels <= 2, () -> kernels + " kernels");
  }

  /** That tangents come from vjps costs no kernels. */
  @Test
  void theTangentOfANetworkTakesNoMoreKernelsThanItsGradient() {
    Value input = graph.placeholder(FLOAT32, Shape.of(ANY, 64));
    Value w1 = graph.placeholder(FLOAT32, Shape.of(64, 32));
    Value w2 = graph.placeholder(FLOAT32, Shape.of(32, 10));
    Expr y = reduceSum(logSoftmax(matmul(tanh(matmul(input, w1)), w2)));
    List<Value> weights = List.of(w1, w2);
    List<Value> gradients = gradients(y, weights).stream().map(Value.class::cast).toList();
    int reverse = Compiler.compile(gradients).steps().size();
    int forward = Compiler.compile(List.of((Value) jvp(y, weights, weights))).steps().size();
    assertTrue(forward <= reverse, forward + " kernels forwards, " + reverse + " in reverse");
  }

  @Test
  void jacobiansOfUnknownDimsInBothModes() {
    Expr square = x.times(x).times(x);
    assertEquals(Tensor.of(Shape.of(2, 2), 12.0, 0, 0, 27), run(jacobian(square, x), 2, 3));
    // More elements than x has, which are known: forward mode.
    Value three = graph.placeholder(FLOAT64, Shape.of(3)).named("three");
    Expr outer = matmul(expandDims(three, 1), expandDims(three, 0));
    Tensor found = session.run(jacobian(outer, three), feed(three, Tensor.of(1.0, 2.0, 3.0)));
    assertEquals(Shape.of(3, 3, 3), found.shape());
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        for (int k = 0; k < 3; k++) {
          double expected = (i == k ? j + 1 : 0) + (j == k ? i + 1 : 0);
          assertEquals(expected, found.getDouble(i, j, k));
        }
      }
    }
  }

  @Test
  void hessiansAndTheirProducts() {
    Expr y = reduceSum(x.times(x).times(x)).times(reduceSum(x));
    // y = s3 s1: d2y = 6 x_i s1 [i = j] + 3 x_i^2 + 3 x_j^2
    double[] at = {1, 2, -0.5};
    double s1 = 2.5;
    Tensor found = run(hessian(y, x), at);
    Tensor product = run(hvp(y, List.of(x), List.of(x.times(0).plus(1))).getFirst(), at);
    for (int i = 0; i < 3; i++) {
      double row = 0;
      for (int j = 0; j < 3; j++) {
        double expected = (i == j ? 6 * at[i] * s1 : 0) + 3 * at[i] * at[i] + 3 * at[j] * at[j];
        assertEquals(expected, found.getDouble(i, j), 1e-12);
        row += expected;
      }
      assertEquals(row, product.getDouble(i), 1e-12);
    }
  }

  @Test
  void aHessianCanBeDifferentiated() {
    Expr y = reduceSum(x.pow(4));
    Expr third = gradient(reduceSum(hessian(y, x)), x);
    assertEquals(Tensor.of(24 * 0.5, 24 * 3.0), run(third, 0.5, 3));
  }

  @Test
  void customDerivativesHoldInBothModes() {
    Expr y = customGradient(z -> z.times(z), (z, value, dy) -> dy.times(7), x);
    assertEquals(Tensor.of(9.0), run(y, 3));
    assertEquals(Tensor.of(7.0), run(gradient(y, x), 3));
    assertEquals(Tensor.of(21.0), run(jvp(y, x, x), 3));
  }

  private static String message(Runnable run) {
    return assertThrows(MillraceException.class, run::run)
        .getMessage()
        .replaceAll("\\w+\\.java:\\d+", "HERE");
  }

  @Test
  void mistakesAreNamed() {
    assertEquals(
        "jvp: 'round' (HERE) depends on x: FLOAT64 [?] (HERE) only through round (HERE), which has no"
            + " derivative; the way from y to x: round (HERE) <- 'x'",
        message(() -> jvp(round(x), x, x)));
    assertEquals(
        "jvp: takes a tangent for each x: 1 xs, 0 tangents",
        message(() -> jvp(x.times(2), List.of(x), List.of())));
    assertEquals(
        "vjp: the given derivative has another shape: reduceSum: FLOAT64 [] (HERE) for sin: FLOAT64"
            + " [?] (HERE)",
        message(() -> vjp(sin(x), List.of(x), reduceSum(x))));
    assertEquals(
        "gradients: a derivative needs floating point: argMax: INT64 [] (HERE); convert with"
            + " cast(x, FLOAT32) before the computation; the way from y to x: argMax (HERE) <- cos"
            + " (HERE) <- 'x'",
        message(() -> gradient(argMax(cos(x), 0), x)));
    assertEquals(
        "hessian: takes a scalar: 'x' is FLOAT64 [?] (HERE); make one of it with reduceSum",
        message(() -> hessian(x, x)));
  }
}
