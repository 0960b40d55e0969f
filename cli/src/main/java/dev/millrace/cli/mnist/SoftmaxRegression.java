package dev.millrace.cli.mnist;

import static dev.millrace.Ops.ANY;
import static dev.millrace.Ops.FLOAT32;
import static dev.millrace.Ops.argMax;
import static dev.millrace.Ops.cast;
import static dev.millrace.Ops.equal;
import static dev.millrace.Ops.feed;
import static dev.millrace.Ops.log;
import static dev.millrace.Ops.matmul;
import static dev.millrace.Ops.reduceMean;
import static dev.millrace.Ops.reduceSum;
import static dev.millrace.Ops.softmax;
import static dev.millrace.Ops.zeros;

import dev.millrace.data.Batch;
import dev.millrace.data.DataSet;
import dev.millrace.graph.Graph;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;
import dev.millrace.profile.Profile;
import dev.millrace.session.CompiledFunction;
import dev.millrace.session.Session;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import dev.millrace.train.GradientDescentOptimizer;
import java.util.List;
import java.util.OptionalInt;

/**
 * The tutorial's model, {@code softmax(x W + b)}: images {@code [batch, 784]} to probabilities of
 * the ten digits {@code [batch, 10]}. Ready to train once it is made.
 */
final class SoftmaxRegression {
  private final Expr x;
  private final Expr y;
  private final Expr truth;
  private final Variable weights;
  private final Session session;
  private final CompiledFunction step;

  SoftmaxRegression(double learningRate, OptionalInt threads) {
    var graph = new Graph();
    x = graph.placeholder(FLOAT32, Shape.of(ANY, DataSet.PIXELS)).named("images");
    weights = graph.variable(zeros(DataSet.PIXELS, DataSet.CLASSES)).named("weights");
    var bias = graph.variable(zeros(DataSet.CLASSES)).named("bias");
    y = softmax(matmul(x, weights).plus(bias));
    truth = graph.placeholder(FLOAT32, Shape.of(ANY, DataSet.CLASSES)).named("labels");
    var crossEntropy = reduceSum(truth.times(log(y))).negate();
    var trainStep = new GradientDescentOptimizer(learningRate).minimize(crossEntropy);
    session = threads.isPresent() ? new Session(graph, threads.getAsInt()) : new Session(graph);
    session.run(graph.initializeAllVariables());
    step = session.function(trainStep, List.of(x, truth), List.of(crossEntropy));
  }

  /** One training step; returns its loss, the sum of the cross-entropy over the batch. */
  float train(Batch batch) {
    return step.run(batch.images(), batch.labels()).getFirst().getFloat();
  }

  /** What {@code training} made the kernels do. */
  Profile profile(Runnable training) {
    return session.profile(training);
  }

  /** Weights {@code [784, 10]}. */
  Tensor weights() {
    return session.run(weights);
  }

  /** What the model makes of images that it has not seen. */
  Evaluation evaluate(DataSet test) {
    var predicted = argMax(y, 1);
    var accuracy = reduceMean(cast(equal(predicted, argMax(truth, 1)), FLOAT32));
    var results =
        session.run(List.of(accuracy, predicted, y), feed(x, test.images(), truth, test.labels()));
    return Evaluation.of(results.get(0).getFloat(), results.get(1), results.get(2), test);
  }
}
