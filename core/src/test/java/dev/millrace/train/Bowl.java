package dev.millrace.train;

import static dev.millrace.Ops.*;

import dev.millrace.graph.Graph;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;

/**
 * {@code sum(steepness * (w - target)^2) / 2}, whose gradient is {@code steepness * (w - target)}.
 */
final class Bowl {
  static final double[] START = {1, -2, 0.5, 3};
  private static final double[] STEEPNESS = {2, 0.5, 4, 1};
  private static final double[] TARGET = {0.25, 1, -1.5, 2};

  final Graph graph = new Graph();
  final Variable w;
  final Expr loss;

  Bowl(DType dtype) {
    w = graph.variable(tensor(dtype, START)).named("w");
    loss = loss(w);
  }

  /** The same bowl for another variable. */
  Expr loss(Expr variable) {
    Expr steepness = graph.constant(tensor(variable.dtype(), STEEPNESS));
    Expr distance = variable.minus(graph.constant(tensor(variable.dtype(), TARGET)));
    return reduceSum(steepness.times(distance.square())).times(0.5);
  }

  static double gradient(int i, double w) {
    return STEEPNESS[i] * (w - TARGET[i]);
  }

  static Tensor tensor(DType dtype, double... values) {
    Tensor doubles = Tensor.of(values);
    return dtype == FLOAT64 ? doubles : Tensor.of(Shape.of(values.length), doubles.toFloatArray());
  }

  /** The parameters, and what a plain rule keeps of each. */
  static final class Plain {
    final double[] w = START.clone();
    private final double[][] state = new double[START.length][PlainRule.STATE];
    private int steps;

    /** One step of {@code rule} on {@code parameters}, which may be those of another. */
    void step(PlainRule rule, double... parameters) {
      steps++;
      for (int i = 0; i < parameters.length; i++) {
        parameters[i] -= rule.change().of(steps, gradient(i, parameters[i]), state[i]);
      }
    }
  }
}
