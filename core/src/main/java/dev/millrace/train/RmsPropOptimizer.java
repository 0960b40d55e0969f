package dev.millrace.train;

import dev.millrace.graph.Action;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;

/**
 * RMSProp: {@code s = decay * s + (1 - decay) g^2; u = g / (sqrt(s) + epsilon); m = momentum * m +
 * u; w -= learningRate * m}. Tieleman and Hinton, lecture 6.5 of Neural Networks for Machine
 * Learning (2012). Centred, {@code s - a^2} stands for s, where {@code a = decay * a + (1 - decay)
 * g}: an estimate of the variance. Graves, arXiv 1308.0850 (2013).
 */
public final class RmsPropOptimizer extends Optimizer {
  private final double decay;
  private final double momentum;
  private final double epsilon;
  private final boolean centered;

  /** A rule with decay 0.9, no momentum and epsilon 1e-8. */
  public RmsPropOptimizer(double learningRate) {
    this(learningRate, 0.9, 0, 1e-8);
  }

  /**
   * A rule that is not centred.
   *
   * @throws dev.millrace.tensor.MillraceException if the learning rate or epsilon is not positive,
   *     or decay or momentum not in [0, 1)
   */
  public RmsPropOptimizer(double learningRate, double decay, double momentum, double epsilon) {
    this(Schedule.constant(learningRate), decay, momentum, epsilon, false);
  }

  /**
   * A rule with these constants.
   *
   * @throws dev.millrace.tensor.MillraceException if epsilon is not positive, or decay or momentum
   *     not in [0, 1)
   */
  public RmsPropOptimizer(
      Schedule learningRate, double decay, double momentum, double epsilon, boolean centered) {
    super(learningRate);
    this.decay = fraction("decay", decay);
    this.momentum = fraction("momentum", momentum);
    this.epsilon = positive("epsilon", epsilon);
    this.centered = centered;
  }

  @Override
  protected Action update(Variable variable, Expr gradient, Step step) {
    Variable squares = slot(variable, "squares");
    Expr nextSquares = mean(squares, gradient.square());
    Action all = squares.assign(nextSquares);
    Expr spread = nextSquares;
    if (centered) {
      Variable average = slot(variable, "average");
      Expr nextAverage = mean(average, gradient);
      spread = nextSquares.minus(nextAverage.square());
      all = all.and(average.assign(nextAverage));
    }
    Expr scaled = gradient.dividedBy(spread.sqrt().plus(epsilon));
    if (momentum > 0) {
      Variable velocity = slot(variable, "momentum");
      scaled = velocity.times(momentum).plus(scaled);
      all = all.and(velocity.assign(scaled));
    }
    return all.and(descend(variable, scaled, step));
  }

  private Expr mean(Expr before, Expr now) {
    return before.times(decay).plus(now.times(1 - decay));
  }
}
