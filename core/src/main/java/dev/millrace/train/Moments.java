package dev.millrace.train;

import dev.millrace.graph.Action;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;

/**
 * Running means of a gradient and of its square, with which the rules of Adam's family work: {@code
 * m = beta1 * m + (1 - beta1) g; v = beta2 * v + (1 - beta2) g^2}.
 *
 * @param mean the next m
 * @param square the next v
 * @param kept the assignments of both
 */
record Moments(Expr mean, Expr square, Action kept) {
  static Moments of(Variable variable, Expr gradient, double beta1, double beta2) {
    Variable mean = Optimizer.slot(variable, "mean");
    Variable square = Optimizer.slot(variable, "square");
    Expr nextMean = next(mean, gradient, beta1);
    Expr nextSquare = next(square, gradient.square(), beta2);
    return new Moments(nextMean, nextSquare, mean.assign(nextMean).and(square.assign(nextSquare)));
  }

  static Expr next(Expr before, Expr now, double beta) {
    return before.times(beta).plus(now.times(1 - beta));
  }
}
