package dev.millrace.train;

import static dev.millrace.op.ElementwiseFunctions.select;
import static dev.millrace.op.RoundingFunctions.clip;

import dev.millrace.graph.Action;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;
import dev.millrace.tensor.Tensor;

/**
 * Resilient propagation: each element has a step size, at first the learning rate. While its
 * gradient keeps its sign, it grows by a factor of 1.2; where the sign changes, it is halved and
 * the gradient counts as 0 this time; {@code w -= sign(g) * size}. For gradients of the whole data,
 * since it looks at signs alone. Riedmiller and Braun, ICNN 1993.
 */
public final class RpropOptimizer extends Optimizer {
  private final double learningRate;
  private final double shrink;
  private final double grow;
  private final double least;
  private final double most;

  /** A rule with factors 0.5 and 1.2, and sizes from 1e-6 to 50. */
  public RpropOptimizer(double learningRate) {
    this(learningRate, 0.5, 1.2, 1e-6, 50);
  }

  /**
   * A rule with these constants.
   *
   * @param shrink factor of a size where the sign changes
   * @param grow factor where it stays
   * @param least the smallest size
   * @param most the greatest
   * @throws dev.millrace.tensor.MillraceException if a number is not positive
   */
  public RpropOptimizer(
      double learningRate, double shrink, double grow, double least, double most) {
    super(learningRate);
    this.learningRate = learningRate;
    this.shrink = positive("shrink", shrink);
    this.grow = positive("grow", grow);
    this.least = positive("least step", least);
    this.most = positive("greatest step", most);
  }

  @Override
  protected Action update(Variable variable, Expr gradient, Step step) {
    Variable before = slot(variable, "gradient");
    Tensor initial = Tensor.filled(variable.dtype(), variable.shape(), learningRate);
    Variable size = slot(variable, "size", initial);
    Expr agreement = before.times(gradient.sign()).sign();
    Expr turned = agreement.less(0);
    Expr scaled =
        select(turned, size.times(shrink), select(agreement.greater(0), size.times(grow), size));
    Expr next = clip(scaled, least, most);
    Expr counted = select(turned, 0, gradient);
    return before
        .assign(counted)
        .and(size.assign(next))
        .and(variable.assign(variable.minus(counted.sign().times(next))));
  }
}
