package dev.millrace.train;

import static dev.millrace.op.ElementwiseFunctions.select;

import dev.millrace.graph.Action;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;

/**
 * Gradient descent with momentum: {@code m = momentum * m + (1 - dampening) g; w -= learningRate *
 * m}, or with Nesterov's look-ahead {@code w -= learningRate * (g + momentum * m)}. The first m is
 * g, whatever the dampening. Polyak 1964; Sutskever et al., ICML 2013.
 */
public final class MomentumOptimizer extends Optimizer {
  private final double momentum;
  private final double dampening;
  private final boolean nesterov;

  /** A rule without look-ahead. */
  public MomentumOptimizer(double learningRate, double momentum) {
    this(learningRate, momentum, false);
  }

  /**
   * A rule without dampening.
   *
   * @throws dev.millrace.tensor.MillraceException if the learning rate is not positive or the
   *     momentum not in [0, 1)
   */
  public MomentumOptimizer(double learningRate, double momentum, boolean nesterov) {
    this(Schedule.constant(learningRate), momentum, 0, nesterov);
  }

  /**
   * A rule with these constants.
   *
   * @throws dev.millrace.tensor.MillraceException if momentum or dampening is not in [0, 1)
   */
  public MomentumOptimizer(
      Schedule learningRate, double momentum, double dampening, boolean nesterov) {
    super(learningRate);
    this.momentum = fraction("momentum", momentum);
    this.dampening = fraction("dampening", dampening);
    this.nesterov = nesterov;
  }

  @Override
  protected Action update(Variable variable, Expr gradient, Step step) {
    Variable velocity = slot(variable, "momentum");
    Expr next = velocity.times(momentum).plus(damped(gradient, step));
    Expr direction = nesterov ? gradient.plus(next.times(momentum)) : next;
    return velocity.assign(next).and(descend(variable, direction, step));
  }

  private Expr damped(Expr gradient, Step step) {
    return dampening == 0
        ? gradient
        : select(step.isFirst(), gradient, gradient.times(1 - dampening));
  }
}
