package dev.millrace.train;

import dev.millrace.graph.Action;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;

/**
 * Adam with weight decay beside the gradient: {@code w -= learningRate * decay * w}, then the step
 * of {@link AdamOptimizer}. Loshchilov and Hutter, ICLR 2019.
 */
public final class AdamWOptimizer extends Optimizer {
  private final AdamOptimizer adam;
  private final double decay;

  /** A rule with beta1 0.9, beta2 0.999 and epsilon 1e-8. */
  public AdamWOptimizer(double learningRate, double decay) {
    this(Schedule.constant(learningRate), decay, 0.9, 0.999, 1e-8, false);
  }

  /**
   * A rule with these constants.
   *
   * @throws dev.millrace.tensor.MillraceException if decay or epsilon is not positive, or a beta
   *     not in [0, 1)
   */
  public AdamWOptimizer(
      Schedule learningRate,
      double decay,
      double beta1,
      double beta2,
      double epsilon,
      boolean amsgrad) {
    super(learningRate);
    this.adam = new AdamOptimizer(learningRate, beta1, beta2, epsilon, amsgrad);
    this.decay = positive("decay", decay);
  }

  @Override
  protected Action update(Variable variable, Expr gradient, Step step) {
    Expr rate = step.rate(variable.dtype());
    Expr shrunk = variable.minus(variable.times(rate.times(decay)));
    return adam.update(variable, shrunk, gradient, step);
  }
}
