package dev.millrace.train;

import static dev.millrace.op.ElementwiseFunctions.select;

import dev.millrace.graph.Action;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;
import dev.millrace.tensor.DType;

/**
 * Rectified Adam: with {@code r(inf) = 2 / (1 - beta2) - 1} and {@code r = r(inf) - 2 n beta2^n /
 * (1 - beta2^n)} in step n, {@code w -= learningRate * c * m / (1 - beta1^n) * sqrt(1 - beta2^n) /
 * (sqrt(v) + epsilon)} where r is above 5, {@code c = sqrt((r - 4) (r - 2) r(inf) / ((r(inf) - 4)
 * (r(inf) - 2) r))}, and else {@code w -= learningRate * m / (1 - beta1^n)}. Liu et al., ICLR 2020.
 */
public final class RAdamOptimizer extends Optimizer {
  private static final double LEAST = 5;

  private final double beta1;
  private final double beta2;
  private final double epsilon;

  /** A rule with beta1 0.9, beta2 0.999 and epsilon 1e-8. */
  public RAdamOptimizer(double learningRate) {
    this(Schedule.constant(learningRate), 0.9, 0.999, 1e-8);
  }

  /**
   * A rule with these constants.
   *
   * @throws dev.millrace.tensor.MillraceException if epsilon is not positive, or a beta not in [0,
   *     1)
   */
  public RAdamOptimizer(Schedule learningRate, double beta1, double beta2, double epsilon) {
    super(learningRate);
    this.beta1 = fraction("beta1", beta1);
    this.beta2 = fraction("beta2", beta2);
    this.epsilon = positive("epsilon", epsilon);
  }

  @Override
  protected Action update(Variable variable, Expr gradient, Step step) {
    DType dtype = variable.dtype();
    Moments moments = Moments.of(variable, gradient, beta1, beta2);
    Expr mean = moments.mean().dividedBy(step.bias(beta1, dtype));
    Expr rest = step.power(beta2).negate().plus(1);
    double limit = 2 / (1 - beta2) - 1;
    Expr r = step.number().times(step.power(beta2)).times(-2).dividedBy(rest).plus(limit);
    // Below 5 the root may be that of a negative number; the choice drops it.
    Expr rectified =
        r.minus(4)
            .times(r.minus(2))
            .times(limit / ((limit - 4) * (limit - 2)))
            .dividedBy(r)
            .times(rest)
            .sqrt()
            .cast(dtype);
    Expr scaled = mean.times(rectified).dividedBy(moments.square().sqrt().plus(epsilon));
    return moments.kept().and(descend(variable, select(r.greater(LEAST), scaled, mean), step));
  }
}
