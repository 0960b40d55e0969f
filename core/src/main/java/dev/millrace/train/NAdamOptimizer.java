package dev.millrace.train;

import dev.millrace.graph.Action;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Tensor;

/**
 * Adam with Nesterov's momentum, whose share in step n is {@code mu(n) = beta1 * (1 - 0.5 *
 * 0.96^(momentumDecay * n))}: with P the product of {@code mu(1)} to {@code mu(n)}, {@code w -=
 * learningRate * ((1 - mu(n)) g / (1 - P) + mu(n + 1) m / (1 - P mu(n + 1))) / (sqrt(v / (1 -
 * beta2^n)) + epsilon)}. Dozat, ICLR workshop 2016.
 */
public final class NAdamOptimizer extends Optimizer {
  private final double beta1;
  private final double beta2;
  private final double epsilon;
  private final double momentumDecay;

  /** A rule with beta1 0.9, beta2 0.999, epsilon 1e-8 and a decay of the momentum of 0.004. */
  public NAdamOptimizer(double learningRate) {
    this(Schedule.constant(learningRate), 0.9, 0.999, 1e-8, 0.004);
  }

  /**
   * A rule with these constants.
   *
   * @throws dev.millrace.tensor.MillraceException if epsilon is not positive, or a beta or the
   *     decay of the momentum not in [0, 1)
   */
  public NAdamOptimizer(
      Schedule learningRate, double beta1, double beta2, double epsilon, double momentumDecay) {
    super(learningRate);
    this.beta1 = fraction("beta1", beta1);
    this.beta2 = fraction("beta2", beta2);
    this.epsilon = positive("epsilon", epsilon);
    this.momentumDecay = fraction("decay of the momentum", momentumDecay);
  }

  @Override
  protected Action update(Variable variable, Expr gradient, Step step) {
    DType dtype = variable.dtype();
    Variable product = slot(variable, "product", Tensor.scalar(1.0));
    Moments moments = Moments.of(variable, gradient, beta1, beta2);
    Expr now = momentum(step.number());
    Expr next = momentum(step.number().plus(1));
    Expr products = product.times(now);
    Expr ofGradient = rest(now).dividedBy(rest(products)).cast(dtype);
    Expr ofMean = next.dividedBy(rest(products.times(next))).cast(dtype);
    Expr direction = gradient.times(ofGradient).plus(moments.mean().times(ofMean));
    Expr spread = moments.square().dividedBy(step.bias(beta2, dtype)).sqrt().plus(epsilon);
    return moments
        .kept()
        .and(product.assign(products))
        .and(descend(variable, direction.dividedBy(spread), step));
  }

  private Expr momentum(Expr number) {
    Expr fading = number.times(momentumDecay * Math.log(0.96)).exp();
    return rest(fading.times(0.5)).times(beta1);
  }

  private static Expr rest(Expr part) {
    return part.negate().plus(1);
  }
}
