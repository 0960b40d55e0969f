package dev.millrace.reference;

import static dev.millrace.Ops.*;
import static dev.millrace.reference.Operands.size;

import dev.millrace.op.Classes;
import dev.millrace.op.Expr;
import dev.millrace.op.Reduction;
import dev.millrace.tensor.Shape;
import java.util.function.Function;

/** Losses. */
final class LossCases {
  private LossCases() {}

  static void addTo(CaseTable table) {
    addElementLosses(table);
    addClassLosses(table);
    table.op("cosine_similarity", LossCases::cosine);
    table.op(
        "triplet_margin",
        in ->
            reduced(
                in,
                how ->
                    tripletMarginLoss(
                        in.a(),
                        in.get("p"),
                        in.get("n"),
                        in.number("margin", 1),
                        in.number("p", 2),
                        in.number("eps", 1e-6),
                        how)));
  }

  private static void addElementLosses(CaseTable table) {
    table.op("mse_loss", in -> reduced(in, how -> meanSquaredError(y(in), in.x(), how)));
    table.op("l1_loss", in -> reduced(in, how -> meanAbsoluteError(y(in), in.x(), how)));
    table.op("log_cosh", in -> reduced(in, how -> logCoshLoss(y(in), in.x(), how)));
    table.op("kl_div", in -> reduced(in, how -> klDivergence(y(in), in.x(), how)));
    table.op("poisson_nll_loss", in -> reduced(in, how -> poissonNllLoss(y(in), in.x(), how)));
    table.op("hinge_loss", in -> reduced(in, how -> hingeLoss(sign(y(in)), in.x(), how)));
    table.op(
        "huber_loss",
        in -> reduced(in, how -> huberLoss(y(in), in.x(), in.number("delta", 1), how)));
    table.op(
        "smooth_l1_loss",
        in -> reduced(in, how -> smoothL1Loss(y(in), in.x(), in.number("beta", 1), how)));
    table.op(
        "gaussian_nll",
        in -> reduced(in, how -> gaussianNllLoss(y(in), in.x(), variance(in), how)));
    table.op(
        "binary_cross_entropy", in -> reduced(in, how -> binaryCrossEntropy(y(in), in.x(), how)));
    table.op(
        "bce_with_logits",
        in ->
            reduced(
                in,
                how ->
                    in.attributes().get("pos_weight").isAbsent()
                        ? sigmoidCrossEntropy(y(in), in.x(), how)
                        : sigmoidCrossEntropy(y(in), in.x(), constant(in, "pos_weight"), how)));
  }

  private static void addClassLosses(CaseTable table) {
    table.op(
        "softmax_cross_entropy",
        in ->
            reduced(
                in, how -> sparseSoftmaxCrossEntropy(in.get("target"), in.x(), classes(in), how)));
    table.op(
        "nll_loss", in -> reduced(in, how -> nllLoss(in.get("target"), in.x(), classes(in), how)));
    table.op(
        "softmax_cross_entropy_soft",
        in -> reduced(in, how -> softmaxCrossEntropy(in.get("p"), in.x(), classes(in), how)));
  }

  /** The class axis is 1 in all of them. */
  private static Classes classes(Operands in) {
    Classes classes = Classes.LAST.along(1).smoothed(in.number("label_smoothing", 0));
    if (!in.attributes().get("ignore_index").isAbsent()) {
      classes = classes.ignoring((long) in.number("ignore_index"));
    }
    return in.has("weight") ? classes.weighted(in.get("weight")) : classes;
  }

  private static Expr y(Operands in) {
    return in.get("y");
  }

  private static Expr constant(Operands in, String attribute) {
    var written = in.attributes().get(attribute);
    return in.constant(Shape.of(written.dims()), written.numbers());
  }

  /** One for each element, or one for each vector along the last axis. */
  private static Expr variance(Operands in) {
    Expr variance = constant(in, "var");
    Shape rows = Shape.of(in.x().shape().dims().subList(0, in.x().shape().rank() - 1));
    return variance.shape().equals(rows) ? expandDims(variance, -1) : variance;
  }

  private static Expr cosine(Operands in) {
    return cosineSimilarity(in.x(), y(in), (int) in.number("axis", 1), in.number("eps", 1e-8));
  }

  private static Expr reduced(Operands in, Function<Reduction, Expr> loss) {
    var reduction = in.attributes().get("reduction");
    return switch (reduction.isAbsent() ? "mean" : reduction.text()) {
      case "none" -> loss.apply(NONE);
      case "sum" -> loss.apply(SUM);
      case "batchmean" -> loss.apply(SUM).dividedBy(size(in.x(), 0));
      default -> loss.apply(MEAN);
    };
  }
}
