package dev.millrace.bench.workload;

import dev.millrace.data.DataSet;
import dev.millrace.graph.Action;
import dev.millrace.op.Expr;
import dev.millrace.session.CompiledFunction;
import dev.millrace.session.Session;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.List;

/** A network with its weights. */
final class Classifier {
  private static final int TEST_BATCH = 1000;

  private final CompiledFunction step;
  private final CompiledFunction scores;

  Classifier(Session session, Expr x, Expr y, Expr scores, Action step) {
    this.step = session.function(step, List.of(x, y), List.of());
    this.scores = session.function(List.of(x), List.of(scores));
  }

  /** One training step; its loss is not worked out. */
  void train(Batches batch) {
    step.run(batch.images(), batch.labels());
  }

  /** {@code [batch, 784] -> [batch, 10]}. */
  float[] scores(Tensor images) {
    return scores.run(images).getFirst().toFloatArray();
  }

  /** The share of the digits that are recognised. */
  double accuracy(Digits test) {
    var pixels = new float[TEST_BATCH * DataSet.PIXELS];
    var images = Tensor.wrap(Shape.of(TEST_BATCH, DataSet.PIXELS), pixels);
    int right = 0;
    for (int first = 0; first < test.size(); first += TEST_BATCH) {
      test.copy(first, TEST_BATCH, pixels);
      right += test.right(scores(images), first, TEST_BATCH);
    }
    return right / (double) test.size();
  }
}
