package dev.millrace.flow;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.op.Expr;
import dev.millrace.session.RunException;
import dev.millrace.session.Session;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Branches and checkpoints, and their derivatives. */
@Tag("kernels")
class BranchTest {
  private final Graph graph = new Graph();
  private final Session session = new Session(graph, 1);
  private final Value x = graph.placeholder(FLOAT64, Shape.of(ANY)).named("x");

  private Tensor run(Expr y, double... at) {
    return session.run(y, feed(x, Tensor.of(at)));
  }

  private Expr positiveSum() {
    return reduceSum(x).greater(0);
  }

  @Test
  void onlyTheBranchThatIsTakenIsComputed() {
    Expr checked = cond(positiveSum(), () -> checkNumerics(log(x), "log"), () -> x.times(2));
    assertEquals(Tensor.of(-2.0, -4.0), run(checked, -1, -2));
    assertEquals(Tensor.of(0.0), run(checked, 1));
    assertThrows(RunException.class, () -> run(checked, 5, -1));
  }

  @Test
  void aBranchMayGiveWhatIsThereAlready() {
    Expr same = cond(positiveSum(), () -> x, () -> zeros(x));
    assertEquals(Tensor.of(3.0, 4.0), run(same, 3, 4));
    assertEquals(Tensor.of(0.0, 0.0), run(same, -3, -4));
  }

  private static Expr zeros(Expr like) {
    return like.times(0).abs();
  }

  @Test
  void derivativesAreThoseOfTheBranchThatIsTaken() {
    Expr y = cond(positiveSum(), () -> x.times(x).times(x), () -> sin(x));
    Expr first = gradient(y, x);
    Expr second = gradient(first, x);
    Expr pushed = jvp(first, x, x);
    assertEquals(Tensor.of(3 * 4.0), run(first, 2));
    assertEquals(Tensor.of(6 * 2.0), run(second, 2));
    assertEquals(Tensor.of(6 * 2 * 2.0), run(pushed, 2));
    assertEquals(Math.cos(-2), run(first, -2).getDouble(0), 1e-15);
    assertEquals(-Math.sin(-2), run(second, -2).getDouble(0), 1e-15);
    assertEquals(Math.cos(-2) * 5, run(jvp(y, x, x.times(0).plus(5)), -2).getDouble(0), 1e-14);
  }

  @Test
  void branchesInsideOfLoopsInsideOfBranches() {
    Expr y =
        cond(
            positiveSum(),
            () ->
                forLoop(
                        3,
                        (i, s) -> {
                          Expr even = equal(modulo(i, like(i, 2)), like(i, 0));
                          return List.of(
                              cond(even, () -> s.getFirst().times(x), () -> s.getFirst().plus(x)));
                        },
                        List.of(x))
                    .getFirst(),
            () -> x);
    // ((x * x) + x) * x
    assertEquals(Tensor.of(8 + 4.0), run(y, 2));
    assertEquals(Tensor.of(3 * 4 + 2 * 2.0), run(gradient(y, x), 2));
    assertEquals(Tensor.of(6 * 2 + 2.0), run(gradient(gradient(y, x), x), 2));
    assertEquals(Tensor.of(1.0), run(gradient(y, x), -2));
  }

  private static Expr like(Expr i, long number) {
    return cast(i.times(0).plus((double) number), INT64);
  }

  @Test
  void aCheckpointComputesItsInsideAgainForTheDerivative() {
    Expr plain = exp(sin(x.times(x)));
    Expr kept = checkpoint(z -> exp(sin(z.times(z))), x);
    assertEquals(run(plain, 0.3, -1), run(kept, 0.3, -1));
    Expr first = gradient(kept, x);
    assertClose(run(gradient(plain, x), 0.3, -1), run(first, 0.3, -1));
    assertClose(run(gradient(gradient(plain, x), x), 0.3, -1), run(gradient(first, x), 0.3, -1));
    assertClose(run(jvp(plain, x, x), 0.3, -1), run(jvp(kept, x, x), 0.3, -1));
  }

  private static void assertClose(Tensor expected, Tensor actual) {
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.doubleAt(i), actual.doubleAt(i), 1e-13);
    }
  }

  @Test
  void aCheckpointNeedsLessMemoryThanAllThatLiesInside() {
    var wide = new Graph();
    Value input = wide.placeholder(FLOAT32, Shape.of(256, 256));
    Value w = wide.placeholder(FLOAT32, Shape.of(256, 256));
    Expr plain = input;
    Expr kept = input;
    for (int part = 0; part < 4; part++) {
      for (int layer = 0; layer < 8; layer++) {
        plain = tanh(matmul(plain, w));
      }
      kept =
          checkpoint(
              start -> {
                Expr inner = start;
                for (int layer = 0; layer < 8; layer++) {
                  inner = tanh(matmul(inner, w));
                }
                return inner;
              },
              kept);
    }
    var both = new Session(wide, 1);
    List<Value> fed = List.of(input, w);
    long all = both.function(fed, gradients(reduceSum(plain), fed)).memoryBytes();
    long less = both.function(fed, gradients(reduceSum(kept), fed)).memoryBytes();
    assertTrue(less < 0.7 * all, less + " of " + all);
  }

  private static String message(Runnable run) {
    return assertThrows(MillraceException.class, run::run)
        .getMessage()
        .replaceAll("\\w+\\.java:\\d+", "HERE");
  }

  @Test
  void mistakesAreNamed() {
    assertEquals(
        "cond: the condition must be bool: 'x' is FLOAT64 [?] (HERE); make it with a comparison such"
            + " as less(x, y)",
        message(() -> cond(x, () -> x, () -> x)));
    assertEquals(
        "cond: the condition must be a scalar: 'greater' is BOOL [?] (HERE); reduceAll or reduceAny"
            + " makes one of it, select chooses element by element",
        message(() -> cond(x.greater(0), () -> x, () -> x)));
    assertEquals(
        "cond: both branches must give the same type: 'x' is FLOAT64 [?] (HERE), 'cast' is FLOAT32"
            + " [?] (HERE); convert one with cast(x, FLOAT64)",
        message(() -> cond(positiveSum(), () -> x, () -> cast(x, FLOAT32))));
    assertEquals(
        "cond: both branches must give the same type: 'x' is FLOAT64 [?] (HERE), 'reduceSum_2' is"
            + " FLOAT64 [] (HERE)",
        message(() -> cond(positiveSum(), () -> x, () -> reduceSum(x))));
  }
}
