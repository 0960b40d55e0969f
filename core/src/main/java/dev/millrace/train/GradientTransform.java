package dev.millrace.train;

import static dev.millrace.op.ElementwiseFunctions.minimum;
import static dev.millrace.op.RoundingFunctions.clip;

import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.op.Expr;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import dev.millrace.train.Optimizer.Gradient;
import java.util.List;
import java.util.function.Function;

/**
 * A change of gradients before an optimizer applies them, as in {@code optimizer.minimize(loss,
 * clipByGlobalNorm(1).then(weightDecay(0.01)))}.
 */
@FunctionalInterface
public interface GradientTransform {
  /** The changed gradients, one for each variable. */
  List<Gradient> apply(List<Gradient> gradients);

  /** This change, then {@code next}. */
  default GradientTransform then(GradientTransform next) {
    return gradients -> next.apply(apply(gradients));
  }

  /** Gradients as they are. */
  static GradientTransform none() {
    return gradients -> gradients;
  }

  /**
   * Each element in [-limit, limit].
   *
   * @throws MillraceException if the limit is not positive
   */
  static GradientTransform clipByValue(double limit) {
    Optimizer.positive("limit", limit);
    return each(pair -> clip(pair.gradient(), -limit, limit));
  }

  /**
   * Each gradient times {@code min(1, limit / norm)}, its Euclidean norm over all elements.
   *
   * @throws MillraceException if the limit is not positive
   */
  static GradientTransform clipByNorm(double limit) {
    Optimizer.positive("limit", limit);
    return each(pair -> {
      Expr gradient = pair.gradient();
      return gradient.times(factor(gradient.square().sum(), limit));
    });
  }

  /**
   * All gradients times {@code min(1, limit / norm)}, the Euclidean norm over the elements of all
   * of them. Pascanu, Mikolov, Bengio, ICML 2013.
   *
   * @throws MillraceException if the limit is not positive
   */
  static GradientTransform clipByGlobalNorm(double limit) {
    Optimizer.positive("limit", limit);
    return gradients -> {
      Expr squares =
          gradients.stream()
              .map(pair -> pair.gradient().square().sum().cast(DType.FLOAT64))
              .reduce(Expr::plus)
              .orElseThrow();
      Expr factor = factor(squares, limit);
      return each(pair -> pair.gradient().times(factor.cast(pair.variable().dtype())))
          .apply(gradients);
    };
  }

  /**
   * {@code decay * w} added to each gradient: the gradient of {@code decay / 2 * sum(w^2)}.
   *
   * @throws MillraceException if the decay is not positive
   */
  static GradientTransform weightDecay(double decay) {
    Optimizer.positive("decay", decay);
    return each(pair -> pair.gradient().plus(pair.variable().times(decay)));
  }

  private static GradientTransform each(Function<Gradient, Expr> change) {
    return gradients ->
        gradients.stream().map(pair -> new Gradient(pair.variable(), change.apply(pair))).toList();
  }

  /** {@code min(1, limit / norm)}, which is 1 where the norm is 0. */
  private static Expr factor(Expr squares, double limit) {
    Graph graph = ((Value) squares).graph();
    Expr most = graph.constant(Tensor.filled(squares.dtype(), Shape.SCALAR, limit));
    Expr one = graph.constant(Tensor.filled(squares.dtype(), Shape.SCALAR, 1));
    return minimum(one, most.dividedBy(squares.sqrt()));
  }
}
