package dev.millrace.reference;

import static dev.millrace.Ops.*;

import dev.millrace.op.Expr;
import dev.millrace.tensor.Shape;
import java.util.Arrays;

/** Folds along axes, and products of matrices. */
final class ReductionCases {
  private ReductionCases() {}

  static void addTo(CaseTable table) {
    addFolds(table);
    addProducts(table);
  }

  private static void addFolds(CaseTable table) {
    table.put("reduce_l1_all", in -> kept(in, reduceSum(abs(in.x()), in.axes())));
    table.put("reduce_l2_all", ReductionCases::norm);
    table.put("reduce_l2_ax12_keep", ReductionCases::norm);
    table.put("reduce_log_sum_ax_last_keep", in -> kept(in, log(reduceSum(in.x(), in.axes()))));
    table.put("reduce_logsumexp_ax02", ReductionCases::logSumExp);
    table.put("reduce_logsumexp_large", ReductionCases::logSumExp);
    table.put("reduce_mean_all", in -> kept(in, reduceMean(in.x(), in.axes())));
    table.put("reduce_mean_ax12_keep", in -> reduceMeanKeepDims(in.x(), in.axes()));
    table.put("reduce_min_all", in -> kept(in, reduceMin(in.x(), in.axes())));
    table.put("reduce_prod_one_zero", in -> kept(in, reduceProd(in.x(), in.axes())));
    table.put("reduce_std_sample_ax02", in -> kept(in, sqrt(variance(in, 1))));
    table.put("reduce_sum_ax0", in -> kept(in, reduceSum(in.x(), in.axes())));
    table.put("reduce_sum_scalar", in -> kept(in, reduceSum(in.x(), in.axes())));
    table.put(
        "reduce_sum_square_ax_last_keep", in -> kept(in, reduceSum(square(in.x()), in.axes())));
    table.put("reduce_variance_population_ax_last_keep", in -> kept(in, variance(in, 0)));
    table.put("max_with_index", in -> reduceMax(in.x(), 1));
    table.put("trace", in -> reduceSum(in.a().times(identity(in, 3))));
  }

  private static void addProducts(CaseTable table) {
    table.put("matmul_batch", in -> matmul(in.a(), in.b()));
    table.put("matmul_bcast_right", in -> matmul(in.a(), in.b()));
    table.put("matmul_mat_vec", in -> matmul(in.a(), in.b()));
    table.put(
        "gemm_10",
        in ->
            matmul(transpose(in.a()), in.b())
                .times(in.number("alpha"))
                .plus(in.get("c").times(in.number("beta"))));
    table.put("einsum_abc_to_c", in -> reduceSum(in.a(), 0, 1));
    table.put("einsum_eij_ejk_to_eik", in -> matmul(in.a(), in.b()));
    table.put("einsum_ii_to_i", in -> reduceSum(in.a().times(identity(in, 3)), 1));
    table.put("einsum_ij_jk_to_ik", in -> matmul(in.a(), in.b()));
  }

  private static Expr norm(Operands in) {
    return kept(in, sqrt(reduceSum(square(in.x()), in.axes())));
  }

  private static Expr logSumExp(Operands in) {
    Expr greatest = stopGradient(reduceMaxKeepDims(in.x(), in.axes()));
    Expr sum = reduceSum(exp(in.x().minus(greatest)), in.axes());
    return kept(in, log(sum).plus(reduceSum(greatest, in.axes())));
  }

  /** Mean of squared distances from the mean, by {@code count - less}. */
  private static Expr variance(Operands in, int less) {
    Expr distances = in.x().minus(reduceMeanKeepDims(in.x(), in.axes()));
    int count = 1;
    for (int axis : in.axes()) {
      count *= Operands.size(in.x(), axis);
    }
    return reduceSum(square(distances), in.axes()).dividedBy(count - less);
  }

  /** {@code reduced} with dims of 1 where the case wants them kept. */
  private static Expr kept(Operands in, Expr reduced) {
    if (!in.attributes().get("keepdims").isTrue()) {
      return reduced;
    }
    int rank = in.x().shape().rank();
    int[] axes =
        Arrays.stream(in.axes()).map(axis -> axis < 0 ? axis + rank : axis).sorted().toArray();
    Expr kept = reduced;
    for (int axis : axes) {
      kept = expandDims(kept, axis);
    }
    return kept;
  }

  private static Expr identity(Operands in, int size) {
    return reshape(in.vector(size * size, i -> i % (size + 1) == 0 ? 1 : 0), Shape.of(size, size));
  }
}
