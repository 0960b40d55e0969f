package dev.millrace.train;

import dev.millrace.graph.Action;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;

/**
 * Adadelta: {@code s = decay * s + (1 - decay) g^2; d = sqrt(c + epsilon) / sqrt(s + epsilon) * g;
 * c = decay * c + (1 - decay) d^2; w -= learningRate * d}. Zeiler, arXiv 1212.5701 (2012), where
 * the learning rate is 1.
 */
public final class AdadeltaOptimizer extends Optimizer {
  private final double decay;
  private final double epsilon;

  /** A rule with decay 0.95 and epsilon 1e-6. */
  public AdadeltaOptimizer(double learningRate) {
    this(Schedule.constant(learningRate), 0.95, 1e-6);
  }

  /**
   * A rule with these constants.
   *
   * @throws dev.millrace.tensor.MillraceException if epsilon is not positive or the decay not in
   *     [0, 1)
   */
  public AdadeltaOptimizer(Schedule learningRate, double decay, double epsilon) {
    super(learningRate);
    this.decay = fraction("decay", decay);
    this.epsilon = positive("epsilon", epsilon);
  }

  @Override
  protected Action update(Variable variable, Expr gradient, Step step) {
    Variable squares = slot(variable, "squares");
    Variable changes = slot(variable, "changes");
    Expr next = mean(squares, gradient.square());
    Expr change = changes.plus(epsilon).sqrt().dividedBy(next.plus(epsilon).sqrt()).times(gradient);
    return squares
        .assign(next)
        .and(changes.assign(mean(changes, change.square())))
        .and(descend(variable, change, step));
  }

  private Expr mean(Expr before, Expr now) {
    return before.times(decay).plus(now.times(1 - decay));
  }
}
