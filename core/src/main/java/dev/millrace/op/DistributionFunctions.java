package dev.millrace.op;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Draws of distributions whose parameters are values of the graph: one for each element of the
 * parameters, which are broadcast against one another. Like all random numbers they are
 * counter-based. Draws that are functions of their parameters have derivatives by them; a parameter
 * outside of its range gives NaN, if nothing else is said.
 */
public class DistributionFunctions extends LinearAlgebraFunctions {
  /** For the class that gathers all functions. */
  protected DistributionFunctions() {}

  /** What {@code draw} makes of numbers uniform in (0, 1) of the common shape and type. */
  private static Expr draw(String op, Function<Expr, Expr> draw, Expr... parameters) {
    for (Expr parameter : parameters) {
      checkFloating(op, parameter);
    }
    Recorder graph = parameters[0].recorder();
    return graph.atomically(() -> {
      Broadcast.checkOneType(op, List.of(parameters));
      Shape shape = graph.commonShape(op, List.of(parameters), 0);
      return draw.apply(uniform(graph, parameters[0].dtype(), shape));
    });
  }

  /** Draws of the op over parameters of the common shape. */
  private static Expr rejected(String op, Function<Long, LibraryOp> draws, Expr... parameters) {
    for (Expr parameter : parameters) {
      checkFloating(op, parameter);
    }
    Recorder graph = parameters[0].recorder();
    return graph.atomically(() -> {
      Broadcast.checkOneType(op, List.of(parameters));
      Shape shape = graph.commonShape(op, List.of(parameters), 0);
      Expr[] operands = new Expr[parameters.length + 1];
      for (int i = 0; i < parameters.length; i++) {
        operands[i] = broadcastTo(parameters[i], shape);
      }
      operands[parameters.length] = graph.run();
      return draws.apply(graph.nextSeed()).part(0, operands);
    });
  }

  /** Numbers uniform between low and high. */
  public static Expr uniform(Expr low, Expr high) {
    return draw("uniform", u -> low.plus(u.times(high.minus(low))), low, high);
  }

  /**
   * int64 numbers in {@code [low, high)}, all equally likely to 2^-53.
   *
   * @throws MillraceException if high is not above low, or 2^53 or more above it
   */
  public static Expr uniformInt(Recorder graph, Shape shape, long low, long high) {
    long count = high - low;
    if (high <= low || count <= 0 || count >= 1L << 53) {
      throw new MillraceException(
          "uniformInt: needs low < high, less than 2^53 apart, found " + low + " and " + high);
    }
    Expr below = floor(uniform(graph, DType.FLOAT64, shape).times((double) count));
    Expr last = graph.constant(Tensor.scalar(count - 1));
    Expr first = graph.constant(Tensor.scalar(low));
    return minimum(below.cast(DType.INT64), last).plus(first);
  }

  /** Normal numbers. */
  public static Expr normal(Expr mean, Expr deviation) {
    return draw("normal", u -> mean.plus(deviation.times(ndtri(u))), mean, deviation);
  }

  /** Numbers whose logarithm is normal. */
  public static Expr logNormal(Expr mean, Expr deviation) {
    return exp(normal(mean, deviation));
  }

  /**
   * Normal numbers given that they lie between low and high: the quantile function of a probability
   * between those of low and high. Exact to about 8 deviations (float32: 4) from the mean.
   */
  public static Expr truncatedNormal(Expr mean, Expr deviation, Expr low, Expr high) {
    return draw(
        "truncatedNormal",
        u -> {
          Expr from = ndtr(low.minus(mean).dividedBy(deviation));
          Expr to = ndtr(high.minus(mean).dividedBy(deviation));
          Expr x = mean.plus(deviation.times(ndtri(from.plus(u.times(to.minus(from))))));
          return minimum(maximum(x, low), high);
        },
        mean,
        deviation,
        low,
        high);
  }

  /** true with probability p. */
  public static Expr bernoulli(Expr p) {
    return draw("bernoulli", u -> less(u, p), p);
  }

  /**
   * Numbers of classes (int64) with probabilities softmax of logits, {@code [..., classes] ->
   * [...]}: the class whose logit plus a Gumbel number is the greatest.
   */
  public static Expr categorical(Expr logits) {
    checkClasses("categorical", logits);
    return argMax(draw("categorical", u -> logits.minus(log(negate(log(u)))), logits), -1);
  }

  /** As many independent draws of {@link #categorical(Expr)}: {@code [..., samples]}. */
  public static Expr categorical(Expr logits, long samples) {
    checkClasses("categorical", logits);
    if (samples < 0) {
      throw new ShapeException(
          "categorical: the number of samples must be 0 or more, found " + samples);
    }
    int at = logits.shape().rank() - 1;
    var dims = new ArrayList<>(logits.shape().dims());
    dims.add(at, Dim.of(samples));
    return categorical(broadcastTo(expandDims(logits, at), Shape.of(dims)));
  }

  private static void checkClasses(String op, Expr x) {
    checkFloating(op, x);
    if (x.shape().rank() == 0) {
      throw new ShapeException(op + ": a scalar has no classes: " + Messages.describe(x));
    }
  }

  /** Waiting times of events of this rate: density {@code rate exp(-rate x)}. */
  public static Expr exponential(Expr rate) {
    return draw("exponential", u -> log(u).negate().dividedBy(rate), rate);
  }

  /** Greatest of many: distribution function {@code exp(-exp(-(x - location) / scale))}. */
  public static Expr gumbel(Expr location, Expr scale) {
    return draw("gumbel", u -> location.minus(scale.times(log(negate(log(u))))), location, scale);
  }

  /** Density {@code exp(-|x - location| / scale) / (2 scale)}. */
  public static Expr laplace(Expr location, Expr scale) {
    return draw(
        "laplace",
        u -> {
          Expr lower = log(u.times(2));
          Expr upper = log(u.negate().plus(1).times(2)).negate();
          return location.plus(scale.times(select(less(u, like(u, 0.5)), lower, upper)));
        },
        location,
        scale);
  }

  /** Density {@code scale / (pi ((x - location)^2 + scale^2))}. */
  public static Expr cauchy(Expr location, Expr scale) {
    return draw(
        "cauchy",
        u -> location.plus(scale.times(tan(u.minus(0.5).times(Math.PI)))),
        location,
        scale);
  }

  /** Distribution function {@code 1 - exp(-(x / scale)^shape)}. */
  public static Expr weibull(Expr shape, Expr scale) {
    return draw("weibull", u -> scale.times(log(u).negate().pow(reciprocal(shape))), shape, scale);
  }

  /**
   * Density {@code x^(a-1) e^-x / gamma(a)}; derivatives of first order, by the slope of the
   * distribution function.
   */
  public static Expr gamma(Expr concentration) {
    return rejected("gamma", Draws.Gamma::new, concentration);
  }

  /** {@link #gamma(Expr)} of a concentration, over a rate. */
  public static Expr gamma(Expr concentration, Expr rate) {
    return withShapeOf("gamma", concentration, rate).dividedBy(rate);
  }

  private static Expr withShapeOf(String op, Expr concentration, Expr other) {
    Recorder graph = concentration.recorder();
    return graph.atomically(() -> {
      Broadcast.checkOneType(op, List.of(concentration, other));
      Shape shape = graph.commonShape(op, List.of(concentration, other), 0);
      return gamma(broadcastTo(concentration, shape));
    });
  }

  /** Sums of squares of this many standard normal numbers. */
  public static Expr chiSquare(Expr degrees) {
    return gamma(degrees.times(0.5)).times(2);
  }

  /** Student's t: a standard normal number over the root of a mean of squares. */
  public static Expr studentT(Expr degrees) {
    return draw("studentT", u -> ndtri(u), degrees)
        .times(sqrt(degrees.dividedBy(chiSquare(degrees))));
  }

  /** Density proportional to {@code x^(a-1) (1-x)^(b-1)}; derivatives of first order. */
  public static Expr beta(Expr a, Expr b) {
    Expr one = withShapeOf("beta", a, b);
    return one.dividedBy(one.plus(withShapeOf("beta", b, a)));
  }

  /**
   * Probabilities along the last axis with density proportional to the product of {@code
   * x_i^(a_i-1)}, {@code [..., classes] -> [..., classes]}; derivatives of first order.
   */
  public static Expr dirichlet(Expr concentration) {
    checkClasses("dirichlet", concentration);
    Expr parts = gamma(concentration);
    return parts.dividedBy(reduceSumKeepDims(parts, -1));
  }

  /** How many events of this mean number there are, in its type. */
  public static Expr poisson(Expr mean) {
    return rejected("poisson", Draws.Poisson::new, mean);
  }

  /** How many of a number of trials succeed with probability p each, in their type. */
  public static Expr binomial(Expr trials, Expr p) {
    return rejected("binomial", Draws.Binomial::new, trials, p);
  }

  /** The int64 numbers 0 to below {@code size} in random order, each order equally likely. */
  public static Expr permutation(Recorder graph, Dim size) {
    return argSort(uniform(graph, DType.FLOAT64, Shape.of(size)), 0);
  }

  /** The slices of x along {@code axis} in random order, the same for all. */
  public static Expr shuffle(Expr x, int axis) {
    int along = Axes.check("shuffle", x, axis);
    return gather(x, permutation(x.recorder(), x.shape().dim(along)), along);
  }
}
