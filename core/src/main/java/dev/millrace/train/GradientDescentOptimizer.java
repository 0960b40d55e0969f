package dev.millrace.train;

import dev.millrace.graph.Action;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;

/** Gradient descent: {@code w -= learningRate * g}. */
public final class GradientDescentOptimizer extends Optimizer {
  private final double learningRate;

  /**
   * A rule with this learning rate.
   *
   * @throws dev.millrace.tensor.MillraceException if it is not positive
   */
  public GradientDescentOptimizer(double learningRate) {
    this.learningRate = positive("learning rate", learningRate);
  }

  @Override
  protected Action update(Variable variable, Expr gradient, Expr step) {
    return variable.assign(variable.minus(gradient.times(learningRate)));
  }
}
