package dev.millrace.train;

import dev.millrace.graph.Action;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;

/**
 * Adagrad: {@code s += g^2; w -= learningRate * g / (sqrt(s) + epsilon)}, where the learning rate
 * of step n is divided by {@code 1 + (n - 1) * rateDecay}. Duchi, Hazan, Singer, JMLR 12 (2011).
 */
public final class AdagradOptimizer extends Optimizer {
  private final double epsilon;
  private final double rateDecay;

  /** A rule with epsilon 1e-10 and a rate that stays. */
  public AdagradOptimizer(double learningRate) {
    this(learningRate, 1e-10);
  }

  /**
   * A rule with a rate that stays.
   *
   * @throws dev.millrace.tensor.MillraceException if one is not positive
   */
  public AdagradOptimizer(double learningRate, double epsilon) {
    this(Schedule.constant(learningRate), epsilon, 0);
  }

  /**
   * A rule with these constants.
   *
   * @throws dev.millrace.tensor.MillraceException if epsilon is not positive, or the decay negative
   */
  public AdagradOptimizer(Schedule learningRate, double epsilon, double rateDecay) {
    super(learningRate);
    this.epsilon = positive("epsilon", epsilon);
    this.rateDecay = rateDecay == 0 ? 0 : positive("decay of the rate", rateDecay);
  }

  @Override
  protected Action update(Variable variable, Expr gradient, Step step) {
    Variable sum = slot(variable, "squares");
    Expr next = sum.plus(gradient.square());
    Expr direction = gradient.dividedBy(next.sqrt().plus(epsilon));
    return sum.assign(next).and(descend(variable, slowed(direction, step), step));
  }

  private Expr slowed(Expr direction, Step step) {
    return rateDecay == 0
        ? direction
        : direction.dividedBy(
            step.number().minus(1).times(rateDecay).plus(1).cast(direction.dtype()));
  }
}
