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
  },

  /**
   * Two convolutions with windows of 5 by 5, each with pooling, and two dense layers with dropout
   * between them. Source: the tutorial "Deep MNIST for Experts" of TensorFlow, 2015.
   */
  CONVOLUTIONAL {
    private static final int FIRST = 32;
    private static final int SECOND = 64;
    private static final int HIDDEN = 1024;
    private static final int POOLED = DataSet.SIDE / 4;
    private static final double DEVIATION = 0.1;
    private static final double BIAS = 0.1;

    @Override
    Scores scores(Graph g, Expr x) {
      var image = reshape(x, ANY, DataSet.SIDE, DataSet.SIDE, 1);
      var pooled = pooledConvolution(g, pooledConvolution(g, image, 1, FIRST), FIRST, SECOND);
      long inputs = POOLED * POOLED * SECOND;
      var hidden = relu(dense(g, reshape(pooled, ANY, inputs), inputs, HIDDEN, DEVIATION, BIAS));
      var W = g.variable(truncatedNormal(g, Shape.of(HIDDEN, DataSet.CLASSES), 0, DEVIATION));
      var b = g.variable(fill(BIAS, DataSet.CLASSES));
      return new Scores(matmul(dropout(hidden, 0.5), W).plus(b), matmul(hidden, W).plus(b));
    }

    private static Expr pooledConvolution(Graph g, Expr x, long in, long out) {
      var w = g.variable(truncatedNormal(g, Shape.of(5, 5, in, out), 0, DEVIATION));
      var b = g.variable(fill(BIAS, out));
      return maxPool2d(relu(conv2d(x, w, SAME).plus(b)), 2);
    }

    @Override
    Optimizer optimizer() {
      return new AdamOptimizer(1e-4);
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
