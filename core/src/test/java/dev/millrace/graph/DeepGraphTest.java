package dev.millrace.graph;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.op.Expr;
import dev.millrace.session.Feeds;
import dev.millrace.session.Session;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Graphs of 20,000 ops: built, differentiated, compiled and run without recursion, linearly. */
@Timeout(120)
class DeepGraphTest {
  private static final int DEEP = 20_000;
  private static final double MOST_GROWTH = 6;
  private static final double SLACK_SECONDS = 1;
  private static final int ATTEMPTS = 3;

  /** Processor time of this thread: what else the machine does is of no interest. */
  private static double seconds(IntConsumer work, int size) {
    ThreadMXBean bean = ManagementFactory.getThreadMXBean();
    long start = bean.getCurrentThreadCpuTime();
    work.accept(size);
    return (bean.getCurrentThreadCpuTime() - start) / 1e9;
  }

  private static void assertLinear(IntConsumer work) {
    seconds(work, 500);
    var report = new StringBuilder();
    boolean linear = false;
    for (int attempt = 0; attempt < ATTEMPTS && !linear; attempt++) {
      double quarter = seconds(work, DEEP / 4);
      double whole = seconds(work, DEEP);
      linear = whole < MOST_GROWTH * quarter + SLACK_SECONDS;
      report.append("5,000 ops take " + quarter + " s, 20,000 take " + whole + " s; ");
    }
    assertTrue(linear, report::toString);
  }

  @Test
  void aChainIsLinear() {
    assertLinear(size -> {
      var graph = new Graph();
      Value x = graph.placeholder(FLOAT64, Shape.of(ANY));
      Expr y = x;
      for (int i = 0; i < size; i++) {
        y = i % 2 == 0 ? y.plus(1.0 / size) : y.times(1 - 1.0 / size).negate();
      }
      Expr slope = gradient(y, x);
      var session = new Session(graph, 1);
      List<Tensor> results = session.run(List.of(y, slope), feed(x, Tensor.of(1.0, 2.0, 3.0)));
      int pairs = size / 2;
      double expected = Math.pow(1 - 1.0 / size, pairs) * (pairs % 2 == 0 ? 1 : -1);
      assertEquals(expected, results.get(1).getDouble(1), 1e-9);
    });
  }

  @Test
  void aChainOfReductionsAndProductsIsLinear() {
    assertLinear(size -> {
      var graph = new Graph();
      Value x = graph.placeholder(FLOAT32, Shape.of(ANY, 3));
      Expr y = x;
      for (int i = 0; i < size / 20; i++) {
        y = softmax(matmul(y, graph.constant(ones(3, 3))).plus(x)).times(2).tanh();
      }
      Expr slope = gradient(reduceSum(y), x);
      Tensor found = new Session(graph, 1).run(slope, feed(x, ones(2, 3)));
      assertEquals(Shape.of(2, 3), found.shape());
    });
  }

  @Test
  void aFanOutIsLinear() {
    assertLinear(size -> {
      var graph = new Graph();
      Value x = graph.placeholder(FLOAT64, Shape.of(ANY));
      Expr sum = x;
      for (int i = 0; i < size / 2; i++) {
        sum = sum.plus(x.times(i % 7));
      }
      Expr slope = gradient(sum, x);
      long expected = 1;
      for (int i = 0; i < size / 2; i++) {
        expected += i % 7;
      }
      Tensor found = new Session(graph, 1).run(slope, feed(x, Tensor.of(1.0, 2.0)));
      assertEquals(Tensor.of((double) expected, (double) expected), found);
    });
  }

  @Test
  void aFanOutOfFetchesIsLinear() {
    assertLinear(size -> {
      var graph = new Graph();
      Value x = graph.placeholder(FLOAT64, Shape.of(2));
      var fetches = new java.util.ArrayList<Expr>();
      for (int i = 0; i < size / 4; i++) {
        fetches.add(x.plus(i));
      }
      List<Tensor> found = new Session(graph, 1).run(fetches, feed(x, Tensor.of(1.0, 2.0)));
      assertEquals(Tensor.of(size / 4.0, size / 4.0 + 1), found.getLast());
    });
  }

  @Test
  void manyUnknownDimsThatMeetAreLinear() {
    assertLinear(size -> sumOfPlaceholders(size / 2, (sum, next) -> next.plus(sum)));
    assertLinear(size -> sumOfPlaceholders(size / 2, Expr::plus));
  }

  private static void sumOfPlaceholders(int size, BinaryOperator<Expr> plus) {
    var graph = new Graph();
    Expr sum = graph.placeholder(FLOAT32, Shape.of(ANY));
    for (int i = 1; i < size; i++) {
      sum = plus.apply(sum, graph.placeholder(FLOAT32, Shape.of(ANY)));
    }
    Value last = graph.placeholder(FLOAT32, Shape.of(3));
    assertEquals("[3]", sum.plus(last).shape().toString());
    assertEquals("[3]", graph.values().getFirst().shape().toString());
  }

  @Test
  void manyVariablesAreInitialisedAndChangedTogether() {
    assertLinear(size -> {
      var graph = new Graph();
      for (int i = 0; i < size / 10; i++) {
        graph.variable(Tensor.of((float) i));
      }
      Action all = Action.all(graph.variables().stream().map(v -> v.assign(v.plus(1))).toList());
      var session = new Session(graph, 1);
      session.run(graph.initializeAllVariables());
      session.run(all, Feeds.NONE);
      int variables = size / 10;
      assertEquals(Tensor.of((float) variables), session.run(graph.variables().getLast()));
    });
  }

  @Test
  void aJoinOfManyPartsRuns() {
    var graph = new Graph();
    Value x = graph.placeholder(FLOAT32, Shape.of(ANY));
    var parts = new Expr[3000];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = x.plus(i);
    }
    Expr joined = concat(0, parts);
    var session = new Session(graph, 1);
    Tensor found = session.run(joined, feed(x, Tensor.of(1f, 2f)));
    assertEquals(Shape.of(6000), found.shape());
    assertEquals(3001f, found.getFloat(5999));
    Tensor slope =
        session.run(gradient(reduceSum(joined.times(joined)), x), feed(x, Tensor.of(0f)));
    assertEquals(3000f * 2999f, slope.getFloat(0));
  }
}
