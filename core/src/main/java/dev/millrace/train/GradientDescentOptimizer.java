package dev.millrace.train;

import dev.millrace.graph.Action;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;

/** Gradient descent: {@code w -= learningRate * g}. */
public final class GradientDescentOptimizer extends Optimizer {
  /**
   * A rule with this learning rate.
   *
   * @throws dev.millrace.tensor.MillraceException if it is not positive
   */
  public GradientDescentOptimizer(double learningRate) {
    super(learningRate);
  }

  /** A rule whose learning rate changes from step to step. */
  public GradientDescentOptimizer(Schedule learningRate) {
    super(learningRate);
  }

  @Override
  protected Action update(Variable variable, Expr gradient, Step step) {
    return descend(variable, gradient, step);
  }
}
