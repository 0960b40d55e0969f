package dev.millrace.bench.scaling;

import static dev.millrace.Ops.*;

import dev.millrace.graph.Action;
import dev.millrace.graph.Graph;
import dev.millrace.op.Expr;
import dev.millrace.session.CompiledFunction;
import dev.millrace.session.Session;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import dev.millrace.train.AdamOptimizer;
import dev.millrace.train.GradientDescentOptimizer;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/** A training step of some size. */
final class Task {
  private static final int INPUTS = 784;
  private static final int OUTPUTS = 10;
  private static final int SEED = 1;

  private final Graph graph;
  private final Action step;
  private final List<Expr> fed;
  private final Tensor[] feeds;

  private Task(Graph graph, Action step, List<Expr> fed, Tensor... feeds) {
    this.graph = graph;
    this.step = step;
    this.fed = fed;
    this.feeds = feeds;
  }

  /** Adam on a network of 784 inputs, {@code width} hidden units and 10 outputs. */
  static Task perceptron(int batch, int width) {
    var g = new Graph(SEED);
    var x = g.placeholder(FLOAT32, Shape.of(ANY, INPUTS));
    var hidden = relu(layer(g, x, INPUTS, width));
    var y = g.placeholder(FLOAT32, Shape.of(ANY, OUTPUTS));
    var loss = reduceMean(softmaxCrossEntropy(y, layer(g, hidden, width, OUTPUTS)));
    var step = new AdamOptimizer(1e-3).minimize(loss);
    return new Task(g, step, List.of(x, y), random(batch, INPUTS), random(batch, OUTPUTS));
  }

  private static Expr layer(Graph g, Expr x, long inputs, long outputs) {
    var W =
        g.variable(
            truncatedNormal(g, Shape.of(inputs, outputs), 0, 1 / Math.sqrt((double) inputs)));
    return matmul(x, W).plus(g.variable(zeros(outputs)));
  }

  /**
   * Plain descent on a recurrent network of 16 units that is unrolled to about {@code nodes} nodes
   * of its forward pass: three for each step in time.
   */
  static Task unrolled(int nodes) {
    int units = 16;
    var g = new Graph(SEED);
    var x = g.placeholder(FLOAT32, Shape.of(ANY, units));
    var W = g.variable(truncatedNormal(g, Shape.of(units, units), 0, 0.2));
    var b = g.variable(zeros(units));
    Expr state = x;
    for (int i = 0; i < nodes / 3; i++) {
      state = tanh(matmul(state, W).plus(b));
    }
    var step = new GradientDescentOptimizer(1e-3).minimize(reduceMean(state.square()));
    return new Task(g, step, List.of(x), random(32, units));
  }

  private static Tensor random(int rows, int columns) {
    var random = new SplittableRandom(SEED);
    var values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble();
    }
    return Tensor.wrap(Shape.of(rows, columns), values);
  }

  /** Compiles the step on some threads; all processors where nothing is said. */
  Runnable start(OptionalInt threads) {
    var session = threads.isPresent() ? new Session(graph, threads.getAsInt()) : new Session(graph);
    session.run(graph.initializeAllVariables());
    CompiledFunction call = session.function(step, fed, List.of());
    return () -> call.run(feeds);
  }
}
