package dev.millrace.train;

import dev.millrace.graph.Action;
import dev.millrace.graph.Graph;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Tensor;
import java.util.Optional;

/**
 * Adam: {@code m = beta1 * m + (1 - beta1) g; v = beta2 * v + (1 - beta2) g^2; w -= learningRate *
 * (m / (1 - beta1^n)) / (sqrt(v / (1 - beta2^n)) + epsilon)} in step n. Kingma and Ba, ICLR 2015,
 * algorithm 1.
 */
public final class AdamOptimizer extends Optimizer {
  private final double learningRate;
  private final double beta1;
  private final double beta2;
  private final double epsilon;
  private Optional<Variable> steps = Optional.empty();

  /** A rule with beta1 0.9, beta2 0.999 and epsilon 1e-8, as in the paper. */
  public AdamOptimizer(double learningRate) {
    this(learningRate, 0.9, 0.999, 1e-8);
  }

  /**
   * A rule with these constants.
   *
   * @throws dev.millrace.tensor.MillraceException if the learning rate or epsilon is not positive,
   *     or a beta not in [0, 1)
   */
  public AdamOptimizer(double learningRate, double beta1, double beta2, double epsilon) {
    this.learningRate = positive("learning rate", learningRate);
    this.beta1 = fraction("beta1", beta1);
    this.beta2 = fraction("beta2", beta2);
    this.epsilon = positive("epsilon", epsilon);
  }

  @Override
  protected Expr stepNumber(Graph graph) {
    Variable counter = graph.variable(Tensor.scalar(0.0)).named(graph.unusedName("adam/steps"));
    steps = Optional.of(counter);
    return counter.plus(1);
  }

  @Override
  protected Action countStep() {
    return steps.map(counter -> counter.assign(counter.plus(1))).orElseThrow();
  }

  @Override
  protected Action update(Variable variable, Expr gradient, Expr step) {
    Variable mean = slot(variable, "mean");
    Variable square = slot(variable, "square");
    Expr nextMean = mean.times(beta1).plus(gradient.times(1 - beta1));
    Expr nextSquare = square.times(beta2).plus(gradient.square().times(1 - beta2));
    Expr change =
        nextMean
            .dividedBy(bias(beta1, step, variable.dtype()))
            .dividedBy(
                nextSquare.dividedBy(bias(beta2, step, variable.dtype())).sqrt().plus(epsilon));
    return mean.assign(nextMean)
        .and(square.assign(nextSquare))
        .and(variable.assign(variable.minus(change.times(learningRate))));
  }

  /** {@code 1 - beta^n}, worked out in float64 since beta2 is close to 1. */
  private static Expr bias(double beta, Expr step, DType dtype) {
    Expr power = step.times(Math.log(beta)).exp();
    return power.negate().plus(1).cast(dtype);
  }
}
