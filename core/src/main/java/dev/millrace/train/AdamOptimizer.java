package dev.millrace.train;

import static dev.millrace.op.ElementwiseFunctions.maximum;

import dev.millrace.graph.Action;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;

/**
 * Adam: {@code m = beta1 * m + (1 - beta1) g; v = beta2 * v + (1 - beta2) g^2; w -= learningRate *
 * (m / (1 - beta1^n)) / (sqrt(v / (1 - beta2^n)) + epsilon)} in step n. Kingma and Ba, ICLR 2015,
 * algorithm 1. As AMSGrad, the greatest v so far stands for v: Reddi, Kale, Kumar, ICLR 2018.
 */
public final class AdamOptimizer extends Optimizer {
  private final double beta1;
  private final double beta2;
  private final double epsilon;
  private final boolean amsgrad;

  /** A rule with beta1 0.9, beta2 0.999 and epsilon 1e-8, as in the paper. */
  public AdamOptimizer(double learningRate) {
    this(learningRate, 0.9, 0.999, 1e-8);
  }

  /**
   * A rule with these constants, not AMSGrad.
   *
   * @throws dev.millrace.tensor.MillraceException if the learning rate or epsilon is not positive,
   *     or a beta not in [0, 1)
   */
  public AdamOptimizer(double learningRate, double beta1, double beta2, double epsilon) {
    this(Schedule.constant(learningRate), beta1, beta2, epsilon, false);
  }

  /**
   * A rule with these constants.
   *
   * @throws dev.millrace.tensor.MillraceException if epsilon is not positive, or a beta not in [0,
   *     1)
   */
  public AdamOptimizer(
      Schedule learningRate, double beta1, double beta2, double epsilon, boolean amsgrad) {
    super(learningRate);
    this.beta1 = fraction("beta1", beta1);
    this.beta2 = fraction("beta2", beta2);
    this.epsilon = positive("epsilon", epsilon);
    this.amsgrad = amsgrad;
  }

  @Override
  protected Action update(Variable variable, Expr gradient, Step step) {
    return update(variable, variable, gradient, step);
  }

  /** The step from {@code start} instead of the variable's content. */
  Action update(Variable variable, Expr start, Expr gradient, Step step) {
    Expr meanBias = step.bias(beta1, variable.dtype());
    Expr squareBias = step.bias(beta2, variable.dtype());
    Moments moments = Moments.of(variable, gradient, beta1, beta2);
    Action all = moments.kept();
    Expr square = moments.square();
    if (amsgrad) {
      Variable greatest = slot(variable, "greatest");
      square = maximum(greatest, square);
      all = all.and(greatest.assign(square));
    }
    Expr change =
        moments
            .mean()
            .dividedBy(meanBias)
            .dividedBy(square.dividedBy(squareBias).sqrt().plus(epsilon));
    return all.and(variable.assign(start.minus(change.times(step.rate(variable.dtype())))));
  }
}
