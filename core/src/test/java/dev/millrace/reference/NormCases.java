package dev.millrace.reference;

import static dev.millrace.Ops.*;
import static dev.millrace.reference.Operands.size;

import dev.millrace.op.Expr;
import dev.millrace.tensor.Shape;

/** Normalisations, with channels at axis 1. */
final class NormCases {
  private NormCases() {}

  static void addTo(CaseTable table) {
    table.op("batch_norm", NormCases::batch);
    table.op(
        "instance_norm",
        in -> instanceNorm(in.x(), gamma(in, 1), beta(in, 1), in.number("eps", 1e-5), 1));
    table.op(
        "group_norm",
        in ->
            groupNorm(
                in.x(),
                in.integer("groups", 1),
                gamma(in, 1),
                beta(in, 1),
                in.number("eps", 1e-5),
                1));
    table.op("layer_norm", NormCases::layer);
    table.op("rms_norm", NormCases::rootMeanSquare);
    table.op("l2_normalize", in -> l2Normalize(in.x(), in.integer("axis", -1)));
    table.op("weight_norm", NormCases::weights);
    table.op("local_response_norm", NormCases::localResponse);
  }

  private static Expr gamma(Operands in, int axis) {
    return in.has("gamma") ? in.get("gamma") : in.vector(size(in.x(), axis), i -> 1);
  }

  private static Expr beta(Operands in, int axis) {
    return in.has("beta") ? in.get("beta") : in.vector(size(in.x(), axis), i -> 0);
  }

  private static Expr batch(Operands in) {
    double epsilon = in.number("eps", 1e-5);
    if (in.flag("training")) {
      return batchNorm(in.x(), gamma(in, 1), beta(in, 1), epsilon, 1).y();
    }
    return batchNorm(in.x(), gamma(in, 1), beta(in, 1), in.get("mean"), in.get("var"), epsilon, 1);
  }

  private static Expr layer(Operands in) {
    double epsilon = in.number("eps", 1e-5);
    int rank = in.x().shape().rank();
    int first =
        in.attributes().get("normalized_shape").isList()
            ? rank - in.integers("normalized_shape").length
            : rank - 1;
    Shape shape = Shape.of(in.x().shape().dims().subList(first, rank));
    Expr gamma = in.has("gamma") ? in.get("gamma") : filled(in, shape, 1);
    Expr beta = in.has("beta") ? in.get("beta") : filled(in, shape, 0);
    return layerNorm(in.x(), gamma, beta, epsilon, first);
  }

  private static Expr filled(Operands in, Shape shape, double value) {
    return broadcastTo(in.constant(Shape.SCALAR, value), shape);
  }

  private static Expr rootMeanSquare(Operands in) {
    return rmsNorm(in.x(), in.get("gamma"), in.number("eps", 1e-6), in.integer("axis", -1));
  }

  /** One length for each row, perhaps with dims of 1 behind. */
  private static Expr weights(Operands in) {
    Expr v = in.get("v");
    return weightNorm(v, reshape(in.get("g"), size(v, 0)), 0);
  }

  private static Expr localResponse(Operands in) {
    return localResponseNorm(
        in.x(), (long) in.number("size"), in.number("alpha"), in.number("beta"), in.number("k"), 1);
  }
}
