package dev.millrace.reference;

import static dev.millrace.Ops.*;

import dev.millrace.op.Expr;
import java.util.Map;
import java.util.function.BiFunction;

/** Folds along axes, and products of matrices. */
final class FoldOps {
  private FoldOps() {}

  static void addTo(CaseTable table) {
    addFolds(table);
    addProducts(table);
  }

  private static void addFolds(CaseTable table) {
    fold(table, "reduce_sum", (x, axes) -> reduceSum(x, axes), (x, a) -> reduceSumKeepDims(x, a));
    fold(table, "reduce_mean", (x, a) -> reduceMean(x, a), (x, a) -> reduceMeanKeepDims(x, a));
    fold(table, "reduce_max", (x, a) -> reduceMax(x, a), (x, a) -> reduceMaxKeepDims(x, a));
    fold(table, "reduce_min", (x, a) -> reduceMin(x, a), (x, a) -> reduceMinKeepDims(x, a));
    fold(table, "reduce_prod", (x, a) -> reduceProd(x, a), (x, a) -> reduceProdKeepDims(x, a));
    fold(table, "reduce_l1", (x, a) -> reduceL1(x, a), (x, a) -> reduceL1KeepDims(x, a));
    fold(table, "reduce_l2", (x, a) -> reduceL2(x, a), (x, a) -> reduceL2KeepDims(x, a));
    fold(
        table,
        "reduce_log_sum",
        (x, a) -> reduceLogSum(x, a),
        (x, a) -> reduceLogSumKeepDims(x, a));
    fold(
        table,
        "reduce_logsumexp",
        (x, a) -> reduceLogSumExp(x, a),
        (x, a) -> reduceLogSumExpKeepDims(x, a));
    fold(
        table,
        "reduce_sum_square",
        (x, a) -> reduceSumSquare(x, a),
        (x, a) -> reduceSumSquareKeepDims(x, a));
    fold(
        table,
        "reduce_std_sample",
        (x, a) -> reduceSampleStd(x, a),
        (x, a) -> reduceSampleStdKeepDims(x, a));
    fold(
        table,
        "reduce_variance_population",
        (x, a) -> reduceVariance(x, a),
        (x, a) -> reduceVarianceKeepDims(x, a));
    fold(
        table,
        "reduce_variance_sample",
        (x, a) -> reduceSampleVariance(x, a),
        (x, a) -> reduceSampleVarianceKeepDims(x, a));
    table.op("p_norm", FoldOps::norm);
    table.op("max_along_axis", in -> reduceMax(in.x(), in.integer("axis", -1)));
    table.op("median", in -> median(in.x(), in.integer("axis", -1)));
  }

  private static void fold(
      CaseTable table,
      String name,
      BiFunction<Expr, int[], Expr> plain,
      BiFunction<Expr, int[], Expr> kept) {
    table.op(name, in -> (in.flag("keepdims") ? kept : plain).apply(in.x(), in.axes()));
  }

  private static Expr norm(Operands in) {
    double p = in.number("p");
    return in.flag("keepdims")
        ? reduceNormKeepDims(in.x(), p, in.axes())
        : reduceNorm(in.x(), p, in.axes());
  }

  private static void addProducts(CaseTable table) {
    table.op("matmul", in -> matmul(in.a(), in.b()));
    table.op(
        "gemm",
        in ->
            gemm(
                in.a(),
                in.b(),
                in.get("c"),
                in.attributes().get("alpha").number(1),
                in.attributes().get("beta").number(1),
                in.flag("transA"),
                in.flag("transB")));
    table.op("einsum", FoldOps::summed);
    table.op("trace", in -> trace(in.a()));
  }

  private static Expr summed(Operands in) {
    Map<String, Expr> values = in.values();
    return einsum(in.word("equation", ""), values.values().toArray(Expr[]::new));
  }
}
