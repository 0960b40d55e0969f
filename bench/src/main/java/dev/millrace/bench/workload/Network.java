package dev.millrace.bench.workload;

import static dev.millrace.Ops.*;

import dev.millrace.data.DataSet;
import dev.millrace.graph.Graph;
import dev.millrace.op.Expr;
import dev.millrace.tensor.Shape;
import dev.millrace.train.AdamOptimizer;
import dev.millrace.train.GradientDescentOptimizer;
import dev.millrace.train.Optimizer;

/** The networks that are measured: how images become scores, and what they learn by. */
public enum Network {
  /** {@code x W + b} from zero weights; the sum of the cross-entropy, plain descent. */
  REGRESSION {
    @Override
    Scores scores(Graph g, Expr x) {
      var W = g.variable(zeros(DataSet.PIXELS, DataSet.CLASSES));
      var b = g.variable(zeros(DataSet.CLASSES));
      return Scores.of(matmul(x, W).plus(b));
    }

    @Override
    Expr loss(Expr labels, Expr logits) {
      return reduceSum(softmaxCrossEntropy(labels, logits));
    }

    @Override
    Optimizer optimizer() {
      return new GradientDescentOptimizer(0.01);
    }
  },

  /** One hidden layer of 512 units. */
  PERCEPTRON {
    private static final int HIDDEN = 512;

    @Override
    Scores scores(Graph g, Expr x) {
      double first = Math.sqrt(2.0 / DataSet.PIXELS);
      var hidden = relu(dense(g, x, DataSet.PIXELS, HIDDEN, first, 0));
      return Scores.of(dense(g, hidden, HIDDEN, DataSet.CLASSES, Math.sqrt(1.0 / HIDDEN), 0));
    }

    @Override
    Optimizer optimizer() {
      return new AdamOptimizer(1e-3);
    }
  };

  private static final int SEED = 7;

  /**
   * Scores of the ten digits, {@code [batch, 10]}.
   *
   * @param training with what training alone has
   * @param inference without it
   */
  record Scores(Expr training, Expr inference) {
    static Scores of(Expr both) {
      return new Scores(both, both);
    }
  }

  abstract Scores scores(Graph g, Expr x);

  /** The mean of the cross-entropy over the batch. */
  Expr loss(Expr labels, Expr logits) {
    return reduceMean(softmaxCrossEntropy(labels, logits));
  }

  abstract Optimizer optimizer();

  /** The network with fresh weights, ready to train. */
  Classifier start(Setting setting) {
    var g = new Graph(SEED);
    var x = g.placeholder(FLOAT32, Shape.of(ANY, DataSet.PIXELS)).named("images");
    var y = g.placeholder(FLOAT32, Shape.of(ANY, DataSet.CLASSES)).named("labels");
    Scores scores = scores(g, x);
    var step = optimizer().minimize(loss(y, scores.training()));
    var session = setting.session(g);
    session.run(g.initializeAllVariables());
    return new Classifier(session, x, y, scores.inference(), step);
  }

  /** {@code x W + b}, W drawn from a truncated normal distribution. */
  private static Expr dense(
      Graph g, Expr x, long inputs, long outputs, double deviation, double bias) {
    var W = g.variable(truncatedNormal(g, Shape.of(inputs, outputs), 0, deviation));
    var b = g.variable(fill(bias, outputs));
    return matmul(x, W).plus(b);
  }
}
