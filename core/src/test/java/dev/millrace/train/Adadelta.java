package dev.millrace.train;

import dev.millrace.graph.Action;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;

/**
 * A rule that is not in the library, made of what {@link Optimizer} offers to rules outside: {@code
 * s = rho * s + (1 - rho) g^2; d = sqrt(c + eps) / sqrt(s + eps) * g; c = rho * c + (1 - rho) d^2;
 * w -= learningRate * d}. Zeiler, arXiv 1212.5701 (2012).
 */
final class Adadelta extends Optimizer {
  private final double learningRate;
  private final double rho;
  private final double epsilon;

  Adadelta(double learningRate, double rho, double epsilon) {
    this.learningRate = positive("learning rate", learningRate);
    this.rho = fraction("rho", rho);
    this.epsilon = positive("epsilon", epsilon);
  }

  @Override
  protected Action update(Variable variable, Expr gradient, Expr step) {
    Variable squares = slot(variable, "squares");
    Variable changes = slot(variable, "changes");
    Expr next = squares.times(rho).plus(gradient.square().times(1 - rho));
    Expr change = changes.plus(epsilon).sqrt().dividedBy(next.plus(epsilon).sqrt()).times(gradient);
    return squares
        .assign(next)
        .and(changes.assign(changes.times(rho).plus(change.square().times(1 - rho))))
        .and(variable.assign(variable.minus(change.times(learningRate))));
  }
}
