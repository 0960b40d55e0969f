package dev.millrace.session;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.millrace.graph.Action;
import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One session used by several threads at once. */
@Timeout(60)
@Tag("kernels")
class ConcurrentRunsTest {
  private static final int ROUNDS = 400;
  private static final int SIZE = 300;

  private static void together(List<Callable<Void>> tasks) throws Exception {
    try (var threads = Executors.newFixedThreadPool(tasks.size())) {
      for (Future<Void> task : threads.invokeAll(tasks)) {
        task.get();
      }
    }
  }

  @Test
  void readersSeeTransfersAsAWhole() throws Exception {
    var graph = new Graph();
    Variable a = graph.variable(fill(1000, SIZE));
    Variable b = graph.variable(fill(0, SIZE));
    Value amount = graph.placeholder(FLOAT32, Shape.of(SIZE));
    Action transfer = a.assign(a.minus(amount)).and(b.assign(b.plus(amount)));
    Expr total = a.plus(b);
    var session = new Session(graph, 2);
    session.run(graph.initializeAllVariables());
    CompiledFunction sums = session.function(List.of(), List.of(total, a, b));
    var tasks = new ArrayList<Callable<Void>>();
    for (int writer = 1; writer <= 2; writer++) {
      Tensor each = fill(writer, SIZE);
      tasks.add(() -> {
        for (int i = 0; i < ROUNDS; i++) {
          session.run(transfer, feed(amount, each));
        }
        return null;
      });
    }
    for (int reader = 0; reader < 2; reader++) {
      tasks.add(() -> {
        for (int i = 0; i < ROUNDS; i++) {
          List<Tensor> seen = sums.run();
          assertEquals(fill(1000, SIZE), seen.getFirst());
          float left = seen.get(1).getFloat(0);
          assertEquals(fill(left, SIZE), seen.get(1));
          assertEquals(fill(1000 - left, SIZE), seen.get(2));
        }
        return null;
      });
    }
    together(tasks);
    assertEquals(fill(3 * ROUNDS, SIZE), session.run(b));
  }

  @Test
  void runsOfDifferentSizesGoSideBySide() throws Exception {
    var graph = new Graph();
    Value x = graph.placeholder(FLOAT32, Shape.of(ANY, ANY));
    Expr y = reduceSum(softmax(x), 1);
    var session = new Session(graph, 2);
    var tasks = new ArrayList<Callable<Void>>();
    for (int thread = 0; thread < 4; thread++) {
      int first = thread;
      tasks.add(() -> {
        for (int i = 1; i < ROUNDS; i++) {
          int rows = 1 + (i * (first + 1)) % 40;
          Tensor sums = session.run(y, feed(x, ones(rows, 1 + first * 4)));
          assertEquals(Shape.of(rows), sums.shape());
          for (float sum : sums.toFloatArray()) {
            assertEquals(1f, sum, 1e-5f);
          }
        }
        return null;
      });
    }
    together(tasks);
  }

  @Test
  void everyRunThatDrawsGetsItsOwnNumbers() throws Exception {
    var graph = new Graph();
    Expr draw = uniform(graph, Shape.of(1), 0, 1);
    var session = new Session(graph, 2);
    var seen = java.util.concurrent.ConcurrentHashMap.<Float>newKeySet();
    Callable<Void> drawing =
        () -> {
          for (int i = 0; i < ROUNDS; i++) {
            seen.add(session.run(draw).getFloat(0));
          }
          return null;
        };
    together(List.of(drawing, drawing, drawing));
    assertEquals(3 * ROUNDS, seen.size(), 2, "draws that differ");
  }
}
