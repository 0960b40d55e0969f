package dev.millrace.train;

import static dev.millrace.op.ElementwiseFunctions.maximum;

import dev.millrace.graph.Action;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;

/**
 * Adamax: {@code m = beta1 * m + (1 - beta1) g; u = max(beta2 * u, |g| + epsilon); w -=
 * learningRate / (1 - beta1^n) * m / u} in step n. Kingma and Ba, ICLR 2015, algorithm 2.
 */
public final class AdamaxOptimizer extends Optimizer {
  private final double beta1;
  private final double beta2;
  private final double epsilon;

  /** A rule with beta1 0.9, beta2 0.999 and epsilon 1e-8. */
  public AdamaxOptimizer(double learningRate) {
    this(Schedule.constant(learningRate), 0.9, 0.999, 1e-8);
  }

  /**
   * A rule with these constants.
   *
   * @throws dev.millrace.tensor.MillraceException if epsilon is not positive, or a beta not in [0,
   *     1)
   */
  public AdamaxOptimizer(Schedule learningRate, double beta1, double beta2, double epsilon) {
    super(learningRate);
    this.beta1 = fraction("beta1", beta1);
    this.beta2 = fraction("beta2", beta2);
    this.epsilon = positive("epsilon", epsilon);
  }

  @Override
  protected Action update(Variable variable, Expr gradient, Step step) {
    Variable mean = slot(variable, "mean");
    Variable greatest = slot(variable, "greatest");
    Expr nextMean = Moments.next(mean, gradient, beta1);
    Expr nextGreatest = maximum(greatest.times(beta2), gradient.abs().plus(epsilon));
    Expr change = nextMean.dividedBy(step.bias(beta1, variable.dtype())).dividedBy(nextGreatest);
    return mean.assign(nextMean)
        .and(greatest.assign(nextGreatest))
        .and(descend(variable, change, step));
  }
}
