package dev.millrace.session;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Graph;
import dev.millrace.op.Expr;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import dev.millrace.train.AdamOptimizer;
import dev.millrace.train.GradientDescentOptimizer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A batch of no items: predictions of it are empty, and nothing is learnt from it. */
@Tag("kernels")
class EmptyBatchTest {
  private final Graph graph = new Graph();
  private final Expr x = graph.placeholder(FLOAT32, Shape.of(ANY, 3)).named("x");
  private final Expr truth = graph.placeholder(FLOAT32, Shape.of(ANY, 2)).named("truth");
  private final dev.millrace.graph.Variable w = graph.variable(ones(3, 2)).named("w");
  private final Expr y = softmax(matmul(x, w));
  private final Expr losses = reduceSum(truth.times(log(y)), 1).negate();
  private final Session session = new Session(graph, 2);

  EmptyBatchTest() {
    session.run(graph.initializeAllVariables());
  }

  private void learnsNothingFromAnEmptyBatch(dev.millrace.graph.Action step) {
    session.run(graph.initializeAllVariables());
    Tensor before = session.run(w);
    var feeds = feed(x, zeros(0, 3), truth, zeros(0, 2));
    String text = assertThrows(RunException.class, () -> session.run(step, feeds)).getMessage();
    assertEquals(
        "feed: a run that changes variables needs at least one item, and the tensor for x: FLOAT32"
            + " [?, 3] (HERE) is [0, 3]: the mean over nothing is NaN, and so would be what is"
            + " learnt from it; skip this batch; nothing was changed",
        text.replaceAll("EmptyBatchTest.java:\\d+", "HERE"));
    assertEquals(before, session.run(w));
    session.run(step, feed(x, ones(4, 3), truth, fill(0.1, 4, 2)));
    session.run(step, feed(x, ones(1, 3), truth, fill(0.1, 1, 2)));
    assertThrows(RunException.class, () -> session.run(step, feeds));
    for (float weight : session.run(w).toFloatArray()) {
      assertTrue(Float.isFinite(weight));
    }
  }

  @Test
  void aTrainingStepRefusesIt() {
    learnsNothingFromAnEmptyBatch(new GradientDescentOptimizer(0.1).minimize(reduceMean(losses)));
    learnsNothingFromAnEmptyBatch(new AdamOptimizer(0.1).minimize(reduceSum(losses)));
  }

  @Test
  void aPreparedStepRefusesItBeforeAndAfterOthers() {
    var step = new GradientDescentOptimizer(0.1).minimize(reduceMean(losses));
    var function = session.function(step, List.of(x, truth), List.of());
    assertThrows(RunException.class, () -> function.run(zeros(0, 3), zeros(0, 2)));
    function.run(ones(2, 3), ones(2, 2));
    assertThrows(RunException.class, () -> function.run(zeros(0, 3), zeros(0, 2)));
    function.run(ones(2, 3), ones(2, 2));
  }

  @Test
  void predictionsOfNothingAreEmpty() {
    var feeds = feed(x, zeros(0, 3));
    assertEquals(Shape.of(0, 2), session.run(y, feeds).shape());
    assertEquals(Shape.of(0), session.run(argMax(y, 1), feeds).shape());
    assertEquals(
        Shape.of(0, 2), session.run(relu(matmul(x, w)).transpose().transpose(), feeds).shape());
  }

  @Test
  void sumsOverNothingAreZeroAndMeansAreNaN() {
    var feeds = feed(x, zeros(0, 3));
    assertEquals(Tensor.of(0f, 0f, 0f), session.run(reduceSum(x, 0), feeds));
    assertEquals(0f, session.run(reduceSum(x), feeds).getFloat());
    assertTrue(Float.isNaN(session.run(reduceMean(x), feeds).getFloat()));
    assertEquals(Float.NEGATIVE_INFINITY, session.run(reduceMax(x), feeds).getFloat());
    assertEquals(zeros(3, 3), session.run(matmul(x.transpose(), x), feeds));
  }

  @Test
  void variablesThatDoNotDependOnItMayChangeBesideIt() {
    var count = graph.variable(Tensor.scalar(0f));
    session.run(graph.initializeAllVariables());
    var counting = count.assign(count.plus(1));
    List<Tensor> fetched = session.run(counting, List.of(y), feed(x, zeros(0, 3)));
    assertEquals(Shape.of(0, 2), fetched.getFirst().shape());
    assertEquals(1f, session.run(count).getFloat());
  }
}
