package dev.millrace.op;

import dev.millrace.tensor.Dim;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import java.util.ArrayList;
import java.util.List;

/**
 * Activation functions on float32 and float64, composed of the primitives; {@code relu}, {@code
 * tanh}, {@code logistic}, {@code softplus} and {@code softmax} are with those. At a kink the
 * derivative is that of the side towards minus infinity, unless a function says otherwise. NaN
 * gives NaN.
 */
public class ActivationFunctions extends NeuralFunctions {
  /** The numbers for which activations keep mean 0 and variance 1 (Klambauer et al., 2017). */
  private static final double SELU_ALPHA = 1.6732632423543772;

  private static final double SELU_SCALE = 1.0507009873554805;

  ActivationFunctions() {}

  /** Exponential linear unit, {@code x} above 0 and {@code alpha (exp(x) - 1)} below. */
  public static Expr elu(Expr x, double alpha) {
    Expr above = x.greater(0);
    return select(above, x, expm1(select(above, 0, x)).times(alpha));
  }

  /** {@link #elu(Expr, double)} with alpha 1. */
  public static Expr elu(Expr x) {
    Expr above = x.greater(0);
    return select(above, x, expm1(select(above, 0, x)));
  }

  /**
   * Self-normalising exponential linear unit, {@code scale * elu(x, alpha)} with the alpha and
   * scale that keep mean and variance (Klambauer et al., 2017).
   */
  public static Expr selu(Expr x) {
    return elu(x, SELU_ALPHA).times(SELU_SCALE);
  }

  /**
   * Exponential linear unit whose slope is continuous, {@code x} above 0 and {@code alpha (exp(x /
   * alpha) - 1)} below (Barron, 2017).
   *
   * @throws MillraceException if alpha is 0
   */
  public static Expr celu(Expr x, double alpha) {
    check("celu", alpha != 0, "alpha is divided by: it must not be", alpha);
    Expr above = x.greater(0);
    return select(above, x, expm1(select(above, 0, x).dividedBy(alpha)).times(alpha));
  }

  /**
   * Gaussian error linear unit, {@code x} times the normal distribution function (Hendrycks and
   * Gimpel, 2016): {@code 0.5 x (1 + erf(x / sqrt 2))}, without cancellation for negative x.
   */
  public static Expr gelu(Expr x) {
    return x.times(ndtr(x));
  }

  /** {@code 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))}, which is close to {@link #gelu}. */
  public static Expr geluTanh(Expr x) {
    Expr inner = x.plus(x.square().times(x).times(0.044715)).times(Math.sqrt(2 / Math.PI));
    return x.times(0.5).times(tanh(inner).plus(1));
  }

  /** {@code x logistic(1.702 x)}, which resembles {@link #gelu}. */
  public static Expr quickGelu(Expr x) {
    return x.times(logistic(x.times(1.702)));
  }

  /** {@code x logistic(x)}, also called swish. */
  public static Expr silu(Expr x) {
    return x.times(logistic(x));
  }

  /** {@link #silu}. */
  public static Expr swish(Expr x) {
    return silu(x);
  }

  /** {@code x logistic(beta x)}; beta may be learnt. */
  public static Expr swish(Expr x, Expr beta) {
    return x.times(logistic(beta.times(x)));
  }

  /** {@code x tanh(softplus(x))} (Misra, 2019). */
  public static Expr mish(Expr x) {
    return x.times(tanh(softplus(x)));
  }

  /** The logistic function under its other name. */
  public static Expr sigmoid(Expr x) {
    return logistic(x);
  }

  /** {@code log(logistic(x))}, stable for any x. */
  public static Expr logSigmoid(Expr x) {
    return softplus(x.negate()).negate();
  }

  /** {@code x / 6 + 0.5}, but not below 0 or above 1; its slope is 0 at those bounds. */
  public static Expr hardSigmoid(Expr x) {
    checkFloating("hardSigmoid", x);
    Expr line = x.dividedBy(6).plus(0.5);
    return bounded(x, -3, like(x, 0), 3, like(x, 1), line);
  }

  /** {@code x hardSigmoid(x)}, with the slope of the middle at the bounds -3 and 3. */
  public static Expr hardSwish(Expr x) {
    checkFloating("hardSwish", x);
    Expr middle = x.times(x.plus(3)).dividedBy(6);
    return select(x.less(-3), 0, select(x.greater(3), x, middle));
  }

  /** {@code x}, but not below -1 or above 1; its slope is 0 at those bounds. */
  public static Expr hardTanh(Expr x) {
    return hardTanh(x, -1, 1);
  }

  /**
   * {@code x}, but not below {@code low} or above {@code high}; its slope is 0 at those bounds.
   *
   * @throws MillraceException if low is not below high
   */
  public static Expr hardTanh(Expr x, double low, double high) {
    check("hardTanh", low < high, "needs bounds low < high, found", low, high);
    checkFloating("hardTanh", x);
    return bounded(x, low, like(x, low), high, like(x, high), x);
  }

  private static Expr bounded(
      Expr x, double low, Expr below, double high, Expr above, Expr middle) {
    Expr isBelow = lessEqual(x, like(x, low));
    Expr isAbove = greaterEqual(x, like(x, high));
    return select(isBelow, below, select(isAbove, above, middle));
  }

  /** {@code x} between 0 and 6, as {@link #hardTanh(Expr, double, double)}. */
  public static Expr relu6(Expr x) {
    return hardTanh(x, 0, 6);
  }

  /** {@code x}, and 0 where {@code |x| <= lambda}. */
  public static Expr hardShrink(Expr x, double lambda) {
    checkFloating("hardShrink", x);
    return select(lessEqual(abs(x), like(x, lambda)), 0, x);
  }

  /** {@code x} moved towards 0 by lambda, and 0 where {@code |x| <= lambda}. */
  public static Expr softShrink(Expr x, double lambda) {
    check("softShrink", lambda >= 0, "lambda is a distance from 0, found", lambda);
    checkFloating("softShrink", x);
    return x.minus(clip(x, -lambda, lambda));
  }

  /** {@code x - tanh(x)}. */
  public static Expr tanhShrink(Expr x) {
    return x.minus(tanh(x));
  }

  /** {@code x / (1 + |x|)}. */
  public static Expr softSign(Expr x) {
    checkFloating("softSign", x);
    return x.dividedBy(abs(x).plus(1));
  }

  /** {@code (x + sqrt(x^2 + b)) / 2}, a softplus without exponentials (Barron, 2021). */
  public static Expr squarePlus(Expr x, double b) {
    return x.plus(sqrt(x.square().plus(b))).times(0.5);
  }

  /** {@code log(1 + exp(beta x)) / beta}, stable for any x. */
  public static Expr softplus(Expr x, double beta) {
    check("softplus", beta > 0, "beta must be above 0, found", beta);
    return softplus(x.times(beta)).dividedBy(beta);
  }

  /** {@code x} above 0 and {@code alpha x} below. */
  public static Expr leakyRelu(Expr x, double alpha) {
    checkFloating("leakyRelu", x);
    return select(x.greater(0), x, x.times(alpha));
  }

  /** {@code x} above 0 and {@code slope x} below; the slopes may be learnt, and are broadcast. */
  public static Expr prelu(Expr x, Expr slope) {
    checkFloating("prelu", x);
    return select(x.greater(0), x, slope.times(x));
  }

  /** {@link #prelu(Expr, Expr)} with a vector of slopes along {@code axis}, one per channel. */
  public static Expr prelu(Expr x, Expr slopes, int axis) {
    int trailing = x.shape().rank() - 1 - Axes.check("prelu", x, axis);
    if (slopes.shape().rank() != 1) {
      throw new ShapeException(
          "prelu: slopes along an axis are a vector: " + Messages.describe(slopes));
    }
    var axes = new ArrayList<Integer>();
    for (int i = 1; i <= trailing; i++) {
      axes.add(i);
    }
    return prelu(x, expandDims(slopes, axes));
  }

  /**
   * {@code x} above 0 and {@code slope x} below, where each element draws its slope anew in each
   * run, uniform in [low, high); for evaluation, {@code leakyRelu(x, (low + high) / 2)}.
   *
   * @throws MillraceException if low is not below high
   */
  public static Expr rrelu(Expr x, double low, double high) {
    check("rrelu", low < high, "needs slopes low < high, found", low, high);
    checkFloating("rrelu", x);
    Expr slope = uniform(x.recorder(), x.dtype(), x.shape()).times(high - low).plus(low);
    return select(x.greater(0), x, slope.times(x));
  }

  /** {@code x} above {@code threshold}, and {@code value} elsewhere. */
  public static Expr threshold(Expr x, double threshold, double value) {
    return select(lessEqual(x, like(x, threshold)), value, x);
  }

  /** {@code x} above {@code theta}, and 0 elsewhere. */
  public static Expr thresholdedRelu(Expr x, double theta) {
    return threshold(x, theta, 0);
  }

  /** {@code relu(x)} and {@code relu(-x)} one after the other along {@code axis}. */
  public static Expr crelu(Expr x, int axis) {
    return concat(axis, relu(x), relu(x.negate()));
  }

  /**
   * Gated linear unit, {@code a logistic(b)} of the halves a and b of {@code axis} (Dauphin et al.,
   * 2016).
   *
   * @throws ShapeException if the size of the axis is not known or odd
   */
  public static Expr glu(Expr x, int axis) {
    return half("glu", x, axis, 0).times(logistic(half("glu", x, axis, 1)));
  }

  /** {@code a silu(b)} of the halves of {@code axis} (Shazeer, 2020). */
  public static Expr swiglu(Expr x, int axis) {
    return half("swiglu", x, axis, 0).times(silu(half("swiglu", x, axis, 1)));
  }

  /** {@code a gelu(b)} of the halves of {@code axis} (Shazeer, 2020). */
  public static Expr geglu(Expr x, int axis) {
    return half("geglu", x, axis, 0).times(gelu(half("geglu", x, axis, 1)));
  }

  private static Expr half(String op, Expr x, int axis, int number) {
    int at = Axes.check(op, x, axis);
    long size = size(op, x, at, 2);
    return slice(x, at, number * size, number * size + size);
  }

  /** {@code 1 / parts} of the size of an axis. */
  private static long size(String op, Expr x, int axis, int parts) {
    Dim dim = x.shape().dim(axis);
    if (parts < 1 || !dim.isKnown() || dim.value() % parts != 0) {
      throw new ShapeException(
          op
              + ": axis "
              + axis
              + " must have a known size that "
              + parts
              + " divides: "
              + Messages.describe(x));
    }
    return dim.value() / parts;
  }

  /**
   * The greatest of each {@code group} neighbours along {@code axis}, whose size is divided by that
   * (Goodfellow et al., 2013).
   *
   * @throws ShapeException if the size of the axis is not known or not a multiple of the group
   */
  public static Expr maxout(Expr x, int group, int axis) {
    int at = Axes.check("maxout", x, axis);
    var dims = new ArrayList<>(x.shape().dims());
    dims.set(at, Dim.of(size("maxout", x, at, group)));
    dims.add(at + 1, Dim.of(group));
    return reduceMax(reshape(x, Shape.of(dims)), at + 1);
  }

  /**
   * A sample of each distribution along {@code axis} that is differentiable by the logits: {@code
   * softmax((x + g) / temperature)} with a new Gumbel number g for each element and run (Jang et
   * al., 2016).
   *
   * @param hard whether the sample is one-hot; the derivative is that of the soft one
   * @throws MillraceException if the temperature is not above 0
   */
  public static Expr gumbelSoftmax(Expr x, double temperature, int axis, boolean hard) {
    check("gumbelSoftmax", temperature > 0, "the temperature is above 0, found", temperature);
    int at = Axes.check("gumbelSoftmax", x, axis);
    checkFloating("gumbelSoftmax", x);
    Expr gumbel = log(log(uniform(x.recorder(), x.dtype(), x.shape())).negate()).negate();
    Expr soft = softmax(x.plus(gumbel).dividedBy(temperature), at);
    if (!hard) {
      return soft;
    }
    Expr winner = expandDims(argMax(soft, at), List.of(at));
    Expr one = equal(winner, positions(x, at)).cast(x.dtype());
    return soft.plus(stopGradient(one.minus(soft)));
  }

  /** Refuses attributes that break a rule. */
  static void check(String op, boolean holds, String rule, double... found) {
    if (!holds) {
      var text = new StringBuilder(op).append(": ").append(rule);
      for (int i = 0; i < found.length; i++) {
        text.append(i == 0 ? " " : " and ").append(found[i]);
      }
      throw new MillraceException(text.toString());
    }
  }
}
