package dev.millrace.train;

import dev.millrace.graph.Action;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;

/**
 * Adagrad: {@code s += g^2; w -= learningRate * g / (sqrt(s) + epsilon)}. Duchi, Hazan, Singer,
 * JMLR 12 (2011).
 */
public final class AdagradOptimizer extends Optimizer {
  private final double learningRate;
  private final double epsilon;

  /** A rule with epsilon 1e-10. */
  public AdagradOptimizer(double learningRate) {
    this(learningRate, 1e-10);
  }

  /**
   * A rule with these constants.
   *
   * @throws dev.millrace.tensor.MillraceException if one is not positive
   */
  public AdagradOptimizer(double learningRate, double epsilon) {
    this.learningRate = positive("learning rate", learningRate);
    this.epsilon = positive("epsilon", epsilon);
  }

  @Override
  protected Action update(Variable variable, Expr gradient, Expr step) {
    Variable sum = slot(variable, "squares");
    Expr next = sum.plus(gradient.square());
    Expr change = gradient.times(learningRate).dividedBy(next.sqrt().plus(epsilon));
    return sum.assign(next).and(variable.assign(variable.minus(change)));
  }
}
