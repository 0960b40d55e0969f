package dev.millrace.op;

import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Normalisations: {@code (x - mean) / sqrt(variance + epsilon) * scale + shift}, which differ in
 * what they take the mean over. Variances are means of squared differences from the mean, which
 * does not cancel, and divide by the number of elements.
 */
public class NormalizationFunctions extends UnpoolingFunctions {
  /** For subclasses that collect functions under another name. */
  protected NormalizationFunctions() {}

  /**
   * What training with batch normalisation gives.
   *
   * @param y the normalised batch
   * @param mean of each channel over the batch, for running averages
   * @param variance of each channel over the batch
   */
  public record Normalized(Expr y, Expr mean, Expr variance) {}

  /**
   * Batch normalisation while training: each channel by its mean and variance over the batch and
   * all spatial axes, {@code [batch, spatial..., channels]} with scale and shift {@code
   * [channels]}. The derivative takes the mean and the variance into account. Ioffe and Szegedy,
   * 2015.
   */
  public static Normalized batchNorm(Expr x, Expr scale, Expr shift, double epsilon) {
    return batchNorm(x, scale, shift, epsilon, -1);
  }

  /** {@link #batchNorm(Expr, Expr, Expr, double)} with the channels at {@code axis}. */
  public static Normalized batchNorm(Expr x, Expr scale, Expr shift, double epsilon, int axis) {
    checkFloating("batchNorm", x);
    int channels = Axes.check("batchNorm", x, axis);
    checkParameters("batchNorm", x, x.shape().dim(channels), scale, shift);
    int[] others = IntStream.range(0, x.shape().rank()).filter(a -> a != channels).toArray();
    if (others.length == 0) {
      throw new ShapeException("batchNorm: takes [batch, ..., channels]: " + Messages.describe(x));
    }
    Expr mean = reduceMean(x, others);
    Expr centred = x.minus(atAxis(mean, x, channels));
    Expr variance = reduceMean(centred.square(), others);
    Expr factor = scale.dividedBy(variance.plus(epsilon).sqrt());
    Expr y = centred.times(atAxis(factor, x, channels)).plus(atAxis(shift, x, channels));
    return new Normalized(y, mean, variance);
  }

  /**
   * Batch normalisation after training, with mean and variance {@code [channels]} that training has
   * found.
   */
  public static Expr batchNorm(
      Expr x, Expr scale, Expr shift, Expr mean, Expr variance, double epsilon) {
    return batchNorm(x, scale, shift, mean, variance, epsilon, -1);
  }

  /** {@link #batchNorm(Expr, Expr, Expr, Expr, Expr, double)} with the channels at {@code axis}. */
  public static Expr batchNorm(
      Expr x, Expr scale, Expr shift, Expr mean, Expr variance, double epsilon, int axis) {
    checkFloating("batchNorm", x);
    int channels = Axes.check("batchNorm", x, axis);
    checkParameters("batchNorm", x, x.shape().dim(channels), scale, shift, mean, variance);
    Expr factor = scale.dividedBy(variance.plus(epsilon).sqrt());
    Expr moved = shift.minus(mean.times(factor));
    return x.times(atAxis(factor, x, channels)).plus(atAxis(moved, x, channels));
  }

  /**
   * Layer normalisation over the last axis, {@code [..., features]} with scale and shift {@code
   * [features]}. Ba, Kiros and Hinton, 2016.
   */
  public static Expr layerNorm(Expr x, Expr scale, Expr shift, double epsilon) {
    return layerNorm(x, scale, shift, epsilon, -1);
  }

  /**
   * Layer normalisation over {@code first} and all axes behind it, {@code [..., features...]} with
   * scale and shift {@code [features...]}.
   */
  public static Expr layerNorm(Expr x, Expr scale, Expr shift, double epsilon, int first) {
    int[] axes = features("layerNorm", x, first, scale, shift);
    return standardized(x, epsilon, axes).times(scale).plus(shift);
  }

  /**
   * Division by the root of the mean square over the last axis, {@code x / sqrt(mean(x^2) +
   * epsilon) * scale}. Zhang and Sennrich, 2019.
   */
  public static Expr rmsNorm(Expr x, Expr scale, double epsilon) {
    return rmsNorm(x, scale, epsilon, -1);
  }

  /**
   * {@link #rmsNorm(Expr, Expr, double)} over {@code first} and all axes behind it, {@code [...,
   * features...]} with scale {@code [features...]}.
   */
  public static Expr rmsNorm(Expr x, Expr scale, double epsilon, int first) {
    int[] axes = features("rmsNorm", x, first, scale);
    Expr root = reduceMeanKeepDims(x.square(), axes).plus(epsilon).sqrt();
    return x.dividedBy(root).times(scale);
  }

  /** The axes from {@code first} on, whose dims parameters have. */
  private static int[] features(String op, Expr x, int first, Expr... parameters) {
    checkFloating(op, x);
    checkHasAxes(op, x, 1);
    int rank = x.shape().rank();
    int from = Axes.check(op, x, first);
    if (from == rank - 1) {
      checkParameters(op, x, x.shape().dim(-1), parameters);
      return new int[] {from};
    }
    Shape features = Shape.of(x.shape().dims().subList(from, rank));
    for (Expr parameter : parameters) {
      Broadcast.checkOneType(op, List.of(x, parameter));
      if (!parameter.shape().equals(features)) {
        throw new ShapeException(
            op
                + ": takes a number for each of "
                + features
                + " features: "
                + Messages.describe(x, parameter));
      }
    }
    return IntStream.range(from, rank).toArray();
  }

  /**
   * Normalisation of each channel of each example over its spatial axes, {@code [batch, spatial...,
   * channels]} with scale and shift {@code [channels]}. Ulyanov, Vedaldi and Lempitsky, 2016.
   */
  public static Expr instanceNorm(Expr x, Expr scale, Expr shift, double epsilon) {
    return instanceNorm(x, scale, shift, epsilon, -1);
  }

  /** {@link #instanceNorm(Expr, Expr, Expr, double)} with the channels at {@code axis}. */
  public static Expr instanceNorm(Expr x, Expr scale, Expr shift, double epsilon, int axis) {
    checkFloating("instanceNorm", x);
    checkHasAxes("instanceNorm", x, 3);
    int channels = channelAxis("instanceNorm", x, axis);
    checkParameters("instanceNorm", x, x.shape().dim(channels), scale, shift);
    int[] spatial = IntStream.range(1, x.shape().rank()).filter(a -> a != channels).toArray();
    return standardized(x, epsilon, spatial)
        .times(atAxis(scale, x, channels))
        .plus(atAxis(shift, x, channels));
  }

  /**
   * Normalisation of groups of channels of each example, over the channels of a group and all
   * spatial axes, {@code [batch, spatial..., channels]} with scale and shift {@code [channels]}. Wu
   * and He, 2018.
   *
   * @throws ShapeException if the groups do not divide the channels
   */
  public static Expr groupNorm(Expr x, int groups, Expr scale, Expr shift, double epsilon) {
    return groupNorm(x, groups, scale, shift, epsilon, -1);
  }

  /** {@link #groupNorm(Expr, int, Expr, Expr, double)} with the channels at {@code axis}. */
  public static Expr groupNorm(
      Expr x, int groups, Expr scale, Expr shift, double epsilon, int axis) {
    checkFloating("groupNorm", x);
    checkHasAxes("groupNorm", x, 2);
    int channels = channelAxis("groupNorm", x, axis);
    Dim size = x.shape().dim(channels);
    checkParameters("groupNorm", x, size, scale, shift);
    if (groups < 1 || (size.isKnown() && size.value() % groups != 0)) {
      throw new ShapeException(
          "groupNorm: "
              + groups
              + " groups do not divide the "
              + size
              + " channels: "
              + Messages.describe(x));
    }
    var shape = new ArrayList<>(x.shape().dims());
    shape.set(channels, Dim.of(groups));
    shape.add(channels + 1, size.floorDividedBy(groups));
    int[] axes = IntStream.range(1, shape.size()).filter(a -> a != channels).toArray();
    Expr y = reshape(standardized(reshape(x, Shape.of(shape)), epsilon, axes), x.shape());
    return y.times(atAxis(scale, x, channels)).plus(atAxis(shift, x, channels));
  }

  /** {@code (x - mean) / sqrt(variance + epsilon)} over these axes. */
  private static Expr standardized(Expr x, double epsilon, int... axes) {
    Expr centred = x.minus(reduceMeanKeepDims(x, axes));
    Expr variance = reduceMeanKeepDims(centred.square(), axes);
    return centred.dividedBy(variance.plus(epsilon).sqrt());
  }

  /** {@code [channels]} so that it is broadcast along {@code axis} of x. */
  static Expr atAxis(Expr parameter, Expr x, int axis) {
    return expandDims(parameter, IntStream.range(1, x.shape().rank() - axis).boxed().toList());
  }

  private static int channelAxis(String op, Expr x, int axis) {
    int channels = Axes.check(op, x, axis);
    if (channels == 0) {
      throw new ShapeException(
          op + ": axis 0 is the batch, not the channels: " + Messages.describe(x));
    }
    return channels;
  }

  private static void checkHasAxes(String op, Expr x, int least) {
    if (x.shape().rank() < least) {
      throw new ShapeException(op + ": takes " + least + " axes or more: " + Messages.describe(x));
    }
  }

  static void checkParameters(String op, Expr x, Dim channels, Expr... parameters) {
    for (Expr parameter : parameters) {
      Broadcast.checkOneType(op, List.of(x, parameter));
      boolean fits = parameter.shape().rank() == 1;
      if (fits && channels.isKnown() && parameter.shape().dim(0).isKnown()) {
        fits = parameter.shape().dim(0).equals(channels);
      }
      if (!fits) {
        throw new ShapeException(
            op
                + ": takes one number for each of "
                + channels
                + " channels: "
                + Messages.describe(x, parameter));
      }
    }
  }
}
