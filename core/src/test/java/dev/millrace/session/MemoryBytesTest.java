package dev.millrace.session;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.graph.Graph;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import dev.millrace.train.GradientDescentOptimizer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How much memory a prepared call needs, said before it runs. */
class MemoryBytesTest {
  private final Graph graph = new Graph();
  private final Expr x = graph.placeholder(FLOAT32, Shape.of(ANY, 20)).named("x");
  private final Variable w = graph.variable(zeros(20, 5)).named("w");
  private final Session session = new Session(graph, 1);

  @Test
  void argumentsVariablesAndResultsAreCountedForABatch() {
    var predict = session.function(List.of(x), List.of(matmul(x, w)));
    for (int batch : new int[] {0, 1, 100}) {
      assertEquals(4L * (batch * 20 + 20 * 5 + batch * 5), predict.memoryBytes(batch));
    }
  }

  @Test
  void aVariableThatChangesHasTwoArrays() {
    var assign = session.function(w.assign(w.times(2)), List.of(), List.of());
    assertEquals(2 * 4 * 20 * 5, assign.memoryBytes());
    var fetch = session.function(List.of(), List.of(w));
    assertEquals(2 * 4 * 20 * 5, fetch.memoryBytes(), "what is fetched is a copy");
  }

  @Test
  void aTrainingStepGrowsWithTheBatchAsItsActivationsDo() {
    Expr hidden = tanh(matmul(x, w));
    Expr loss = reduceSum(matmul(hidden, graph.constant(ones(5, 3))));
    var step =
        session.function(
            new GradientDescentOptimizer(0.1).minimize(loss), List.of(x), List.of(loss));
    long growth = step.memoryBytes(101) - step.memoryBytes(100);
    assertEquals(growth, step.memoryBytes(1001) - step.memoryBytes(1000));
    // The row that is fed, and at most the hidden layer, its derivative, and the loss's.
    assertEquals(0, growth % 4);
    assertEquals(true, growth >= 4 * 20 && growth <= 4 * (20 + 5 + 5 + 3 + 3), () -> "" + growth);
  }

  @Test
  void eachUnknownDimIsAskedForOnce() {
    Expr a = graph.placeholder(FLOAT32, Shape.of(Dim.of("n"), Dim.of("m"))).named("a");
    Expr b = graph.placeholder(FLOAT32, Shape.of(Dim.of("m"), Dim.of("n"))).named("b");
    var product = session.function(List.of(a, b), List.of(matmul(a, b)));
    assertEquals(4 * (2 * 3 + 3 * 2 + 2 * 2), product.memoryBytes(2, 3));
    for (long[] wrong : new long[][] {{}, {2}, {2, 3, 4}, {2, -1}}) {
      String text = assertThrows(RunException.class, () -> product.memoryBytes(wrong)).getMessage();
      assertEquals(
          "memoryBytes: takes a size, 0 or more, for each unknown dim of [a: FLOAT32 [n, m] (HERE),"
              + " b: FLOAT32 [m, n] (HERE)], [n, m], found "
              + java.util.Arrays.toString(wrong),
          text.replaceAll("MemoryBytesTest.java:\\d+", "HERE"));
    }
  }

  @Test
  void nothingHasToFitForTheQuestion() {
    var predict = session.function(List.of(x), List.of(matmul(x, w)));
    assertEquals(4L * (1L << 40) * 25 + 400, predict.memoryBytes(1L << 40));
    assertEquals(Shape.of(1, 5), shapeOf(predict));
  }

  private Shape shapeOf(CompiledFunction predict) {
    session.run(graph.initializeAllVariables());
    return predict.run(Tensor.filled(FLOAT32, Shape.of(1, 20), 1)).getFirst().shape();
  }
}
