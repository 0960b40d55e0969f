package dev.millrace.train;

import dev.millrace.graph.Action;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;

/**
 * Gradient descent with momentum: {@code m = momentum * m + g; w -= learningRate * m}, or with
 * Nesterov's look-ahead {@code w -= learningRate * (g + momentum * m)}. Polyak 1964; Sutskever et
 * al., ICML 2013.
 */
public final class MomentumOptimizer extends Optimizer {
  private final double learningRate;
  private final double momentum;
  private final boolean nesterov;

  /** A rule without look-ahead. */
  public MomentumOptimizer(double learningRate, double momentum) {
    this(learningRate, momentum, false);
  }

  /**
   * A rule with these constants.
   *
   * @throws dev.millrace.tensor.MillraceException if the learning rate is not positive or the
   *     momentum not in [0, 1)
   */
  public MomentumOptimizer(double learningRate, double momentum, boolean nesterov) {
    this.learningRate = positive("learning rate", learningRate);
    this.momentum = fraction("momentum", momentum);
    this.nesterov = nesterov;
  }

  @Override
  protected Action update(Variable variable, Expr gradient, Expr step) {
    Variable velocity = slot(variable, "momentum");
    Expr next = velocity.times(momentum).plus(gradient);
    Expr direction = nesterov ? gradient.plus(next.times(momentum)) : next;
    return velocity
        .assign(next)
        .and(variable.assign(variable.minus(direction.times(learningRate))));
  }
}
