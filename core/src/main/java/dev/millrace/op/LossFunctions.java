package dev.millrace.op;

import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.ShapeException;
import java.util.stream.IntStream;

/**
 * Losses of regression, of distributions, of distances and of overlaps. Labels come first. Labels
 * and predictions must have one shape: broadcasting {@code [batch]} against {@code [batch, 1]}
 * would pair every label with every prediction.
 */
public class LossFunctions extends ClassLossFunctions {
  LossFunctions() {}

  /** {@code (labels - predictions)^2}, element by element. */
  public static Expr meanSquaredError(Expr labels, Expr predictions, Reduction reduction) {
    return reduction.of(
        "meanSquaredError", difference("meanSquaredError", labels, predictions).square());
  }

  /** {@code |labels - predictions|}, element by element. */
  public static Expr meanAbsoluteError(Expr labels, Expr predictions, Reduction reduction) {
    return reduction.of(
        "meanAbsoluteError", abs(difference("meanAbsoluteError", labels, predictions)));
  }

  /**
   * Half the square of small differences d and a line for greater ones (Huber, 1964): {@code d^2 /
   * 2} up to delta, then {@code delta (|d| - delta / 2)}.
   *
   * @throws MillraceException if delta is not above 0
   */
  public static Expr huberLoss(Expr labels, Expr predictions, double delta, Reduction reduction) {
    check("huberLoss", delta > 0, "delta must be above 0, found", delta);
    Expr d = difference("huberLoss", labels, predictions);
    Expr size = abs(d);
    Expr line = size.minus(delta / 2).times(delta);
    Expr isSmall = lessEqual(size, like(size, delta));
    return reduction.of("huberLoss", select(isSmall, d.square().times(0.5), line));
  }

  /**
   * {@link #huberLoss} by beta, so that the slope of the line is 1: {@code d^2 / (2 beta)} below
   * beta, then {@code |d| - beta / 2}; the absolute error for a beta of 0.
   *
   * @throws MillraceException if beta is negative
   */
  public static Expr smoothL1Loss(Expr labels, Expr predictions, double beta, Reduction reduction) {
    check("smoothL1Loss", beta >= 0, "beta must be 0 or more, found", beta);
    Expr d = difference("smoothL1Loss", labels, predictions);
    Expr size = abs(d);
    if (beta == 0) {
      return reduction.of("smoothL1Loss", size);
    }
    Expr curve = d.square().times(0.5 / beta);
    Expr isSmall = size.less(beta);
    return reduction.of("smoothL1Loss", select(isSmall, curve, size.minus(beta / 2)));
  }

  /** {@code log(cosh(d))} of differences d, which no difference makes overflow. */
  public static Expr logCoshLoss(Expr labels, Expr predictions, Reduction reduction) {
    Expr d = difference("logCoshLoss", predictions, labels);
    return reduction.of("logCoshLoss", d.plus(softplus(d.times(-2))).minus(Math.log(2)));
  }

  /**
   * Pinball loss, whose best prediction is a quantile: {@code max(q d, (q - 1) d)} of {@code d =
   * labels - predictions}.
   *
   * @throws MillraceException if q is not in (0, 1)
   */
  public static Expr quantileLoss(Expr labels, Expr predictions, double q, Reduction reduction) {
    check("quantileLoss", q > 0 && q < 1, "the quantile is between 0 and 1, found", q);
    Expr d = difference("quantileLoss", labels, predictions);
    return reduction.of("quantileLoss", d.times(select(d.less(0), like(d, q - 1), like(d, q))));
  }

  /**
   * Kullback-Leibler divergence of probabilities from the logarithms of predicted ones, element by
   * element: {@code labels (log(labels) - x)}, and 0 where the label is.
   */
  public static Expr klDivergence(Expr labels, Expr logPredictions, Reduction reduction) {
    checkAlike("klDivergence", labels, logPredictions);
    return reduction.of("klDivergence", xlogy(labels, labels).minus(labels.times(logPredictions)));
  }

  /**
   * Negative log-likelihood of counts, given the logarithms x of their expected numbers, without
   * the part that no prediction changes: {@code exp(x) - labels x}.
   */
  public static Expr poissonNllLoss(Expr labels, Expr logRates, Reduction reduction) {
    checkAlike("poissonNllLoss", labels, logRates);
    return reduction.of("poissonNllLoss", exp(logRates).minus(labels.times(logRates)));
  }

  /**
   * {@link #poissonNllLoss} of the expected numbers themselves: {@code x - labels log(x)}, where
   * {@code 0 log 0} is 0.
   */
  public static Expr poissonLoss(Expr labels, Expr rates, Reduction reduction) {
    checkAlike("poissonLoss", labels, rates);
    return reduction.of("poissonLoss", rates.minus(xlogy(labels, rates)));
  }

  /**
   * Negative log-likelihood of normal distributions without the constant part: {@code
   * (log(variance) + (labels - mean)^2 / variance) / 2}. Variances, above 0, are broadcast.
   */
  public static Expr gaussianNllLoss(Expr labels, Expr mean, Expr variance, Reduction reduction) {
    Expr square = difference("gaussianNllLoss", labels, mean).square();
    return reduction.of(
        "gaussianNllLoss", log(variance).plus(square.dividedBy(variance)).times(0.5));
  }

  /**
   * Cosine of the angle between vectors along {@code axis}, {@code sum(x y) / max(|x| |y|,
   * epsilon)}; x and y are broadcast. 0, with derivatives of 0 by lengths, where a vector is 0.
   */
  public static Expr cosineSimilarity(Expr x, Expr y, int axis, double epsilon) {
    checkFloating("cosineSimilarity", x);
    Expr product = x.times(y);
    int at = Axes.check("cosineSimilarity", product, axis) - product.shape().rank();
    Expr lengths = length(x, 2, at).times(length(y, 2, at));
    return product.sum(at).dividedBy(maximum(lengths, like(x, epsilon)));
  }

  /**
   * Loss of pairs of vectors along the last axis that should be alike (label 1) or not (label -1):
   * {@code 1 - cos} or {@code max(0, cos - margin)}; labels are {@code [batch...]}.
   */
  public static Expr cosineEmbeddingLoss(
      Expr labels, Expr x, Expr y, double margin, Reduction reduction) {
    checkAlike("cosineEmbeddingLoss", x, y);
    Expr cosine = cosineSimilarity(x, y, -1, 1e-8);
    checkAlike("cosineEmbeddingLoss", labels, cosine);
    Expr apart = relu(cosine.minus(margin));
    Expr losses = select(labels.greater(0), cosine.negate().plus(1), apart);
    return reduction.of("cosineEmbeddingLoss", losses);
  }

  /**
   * How much farther, but for a margin, an anchor is from a positive than from a negative example,
   * vectors along the last axis: {@code max(0, |a - p + epsilon| - |a - n + epsilon| + margin)}
   * with norms of {@code order}.
   *
   * @throws MillraceException if the order is below 1
   */
  public static Expr tripletMarginLoss(
      Expr anchor,
      Expr positive,
      Expr negative,
      double margin,
      double order,
      double epsilon,
      Reduction reduction) {
    check("tripletMarginLoss", order >= 1, "the order of a norm is 1 or more, found", order);
    Expr near = difference("tripletMarginLoss", anchor, positive);
    Expr far = difference("tripletMarginLoss", anchor, negative);
    Expr distance = length(near.plus(epsilon), order, -1);
    Expr other = length(far.plus(epsilon), order, -1);
    return reduction.of("tripletMarginLoss", relu(distance.minus(other).plus(margin)));
  }

  /** The same with Euclidean norms and an epsilon of 1e-6. */
  public static Expr tripletMarginLoss(
      Expr anchor, Expr positive, Expr negative, double margin, Reduction reduction) {
    return tripletMarginLoss(anchor, positive, negative, margin, 2, 1e-6, reduction);
  }

  /**
   * Loss of pairs of scores of which the first should be the greater (label 1) or the smaller
   * (label -1) by a margin: {@code max(0, margin - labels (x - y))}.
   */
  public static Expr marginRankingLoss(
      Expr labels, Expr x, Expr y, double margin, Reduction reduction) {
    Expr d = difference("marginRankingLoss", x, y);
    checkAlike("marginRankingLoss", labels, d);
    return reduction.of("marginRankingLoss", relu(labels.times(d).negate().plus(margin)));
  }

  /**
   * Loss of distances between pairs that are alike (label 1) or not (label 0) (Hadsell et al.,
   * 2006): {@code labels d^2 + (1 - labels) max(0, margin - d)^2}.
   */
  public static Expr contrastiveLoss(
      Expr labels, Expr distances, double margin, Reduction reduction) {
    checkAlike("contrastiveLoss", labels, distances);
    Expr alike = labels.times(distances.square());
    Expr apart = relu(distances.negate().plus(margin)).square();
    return reduction.of("contrastiveLoss", alike.plus(labels.negate().plus(1).times(apart)));
  }

  /**
   * 1 minus the Dice coefficient of each example, over all axes but the first: {@code 1 - (2 sum(l
   * p) + smooth) / (sum(l) + sum(p) + smooth)}.
   */
  public static Expr diceLoss(Expr labels, Expr probabilities, double smooth, Reduction reduction) {
    Overlap overlap = overlap("diceLoss", labels, probabilities);
    Expr twice = overlap.common.times(2).plus(smooth);
    return reduction.of("diceLoss", ratio(twice, overlap.sum.plus(smooth)));
  }

  /**
   * 1 minus the intersection over the union of each example, over all axes but the first: {@code 1
   * - (sum(l p) + smooth) / (sum(l) + sum(p) - sum(l p) + smooth)}.
   */
  public static Expr jaccardLoss(
      Expr labels, Expr probabilities, double smooth, Reduction reduction) {
    Overlap overlap = overlap("jaccardLoss", labels, probabilities);
    Expr union = overlap.sum.minus(overlap.common);
    return reduction.of("jaccardLoss", ratio(overlap.common.plus(smooth), union.plus(smooth)));
  }

  /**
   * Connectionist temporal classification (Graves et al., 2006): the negative logarithm of the
   * probability that outputs, once repeats and then blanks are taken away, spell the labels. Logits
   * are {@code [time, batch, classes]}, labels {@code [batch, labels]} with as many as {@code
   * labelLengths} says, {@code [batch]}; what is behind those does not matter, nor do logits from
   * the time {@code logitLengths}, {@code [batch]}. Infinite where there is too little time for the
   * labels. The number of times and of labels must be known; times are recorded one by one.
   *
   * @param blank number of the class that stands for no label
   * @throws ShapeException if ranks or sizes are others
   */
  public static Expr ctcLoss(
      Expr labels,
      Expr labelLengths,
      Expr logits,
      Expr logitLengths,
      int blank,
      Reduction reduction) {
    checkFloating("ctcLoss", logits);
    return reduction.of("ctcLoss", Ctc.losses(labels, labelLengths, logits, logitLengths, blank));
  }

  private record Overlap(Expr common, Expr sum) {}

  private static Overlap overlap(String op, Expr labels, Expr x) {
    checkAlike(op, labels, x);
    int[] axes = IntStream.range(1, x.shape().rank()).toArray();
    if (axes.length == 0) {
      throw new ShapeException(
          op + ": the first axis counts examples, and another is needed: " + Messages.describe(x));
    }
    return new Overlap(labels.times(x).sum(axes), labels.plus(x).sum(axes));
  }

  private static Expr ratio(Expr part, Expr whole) {
    return part.dividedBy(whole).negate().plus(1);
  }

  /** Norm along an axis; its derivative at the vector 0 is 0. */
  private static Expr length(Expr x, double order, int axis) {
    if (order == 1) {
      return abs(x).sum(axis);
    }
    Expr powers = (order == 2 ? x.square() : abs(x).pow(order)).sum(axis);
    Expr none = powers.equalTo(like(powers, 0));
    Expr safe = select(none, 1, powers);
    return select(none, 0, order == 2 ? sqrt(safe) : safe.pow(1 / order));
  }

  private static Expr difference(String op, Expr a, Expr b) {
    checkAlike(op, a, b);
    return a.minus(b);
  }
}
