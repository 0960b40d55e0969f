package dev.millrace.train;

import dev.millrace.graph.Action;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;

/**
 * RMSProp: {@code s = decay * s + (1 - decay) g^2; u = g / (sqrt(s) + epsilon); m = momentum * m +
 * u; w -= learningRate * m}. Tieleman and Hinton, lecture 6.5 of Neural Networks for Machine
 * Learning (2012).
 */
public final class RmsPropOptimizer extends Optimizer {
  private final double learningRate;
  private final double decay;
  private final double momentum;
  private final double epsilon;

  /** A rule with decay 0.9, no momentum and epsilon 1e-8. */
  public RmsPropOptimizer(double learningRate) {
    this(learningRate, 0.9, 0, 1e-8);
  }

  /**
   * A rule with these constants.
   *
   * @throws dev.millrace.tensor.MillraceException if the learning rate or epsilon is not positive,
   *     or decay or momentum not in [0, 1)
   */
  public RmsPropOptimizer(double learningRate, double decay, double momentum, double epsilon) {
    this.learningRate = positive("learning rate", learningRate);
    this.decay = fraction("decay", decay);
    this.momentum = fraction("momentum", momentum);
    this.epsilon = positive("epsilon", epsilon);
  }

  @Override
  protected Action update(Variable variable, Expr gradient, Expr step) {
    Variable squares = slot(variable, "squares");
    Expr nextSquares = squares.times(decay).plus(gradient.square().times(1 - decay));
    Expr scaled = gradient.dividedBy(nextSquares.sqrt().plus(epsilon));
    Action all = squares.assign(nextSquares);
    if (momentum > 0) {
      Variable velocity = slot(variable, "momentum");
      scaled = velocity.times(momentum).plus(scaled);
      all = all.and(velocity.assign(scaled));
    }
    return all.and(variable.assign(variable.minus(scaled.times(learningRate))));
  }
}
