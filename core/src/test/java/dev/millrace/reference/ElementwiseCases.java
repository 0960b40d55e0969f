package dev.millrace.reference;

import static dev.millrace.Ops.*;

import dev.millrace.op.Expr;

/** Functions of single elements. */
final class ElementwiseCases {
  private ElementwiseCases() {}

  static void addTo(CaseTable table) {
    addUnary(table);
    addBinary(table);
    addSecondDerivatives(table);
  }

  private static void addUnary(CaseTable table) {
    table.put("unary_asinh", in -> log(in.x().plus(sqrt(in.x().square().plus(1)))));
    table.put("unary_ceil", in -> ceil(in.x()));
    table.put("unary_cosh", in -> exp(in.x()).plus(exp(in.x().negate())).dividedBy(2));
    table.put("unary_erf", in -> erf(in.x()));
    table.put("unary_exp2", in -> exp(in.x().times(Math.log(2))));
    table.put("unary_floor", in -> floor(in.x()));
    table.put("unary_hardsigmoid", in -> clip(in.x().dividedBy(6).plus(0.5), 0, 1));
    table.put("unary_log1p", in -> log1p(in.x()));
    table.put("unary_mish", in -> in.x().times(tanh(softplus(in.x()))));
    table.put("unary_pow_scalar", in -> in.x().pow(in.number("exponent")));
    table.put("unary_round", in -> round(in.x()));
    table.put("unary_sigmoid", in -> logistic(in.x()));
    table.put("unary_sin", in -> sin(in.x()));
    table.put("unary_softplus_saturated", in -> softplus(in.x()));
    table.put("unary_sqrt", in -> sqrt(in.x()));
    table.put("unary_tanh", in -> tanh(in.x()));
    table.put("cast_chain", in -> cast(cast(in.x(), FLOAT32).times(2), in.dtype()));
    table.put("kink_clip_bounds", in -> clip(in.x(), in.number("min"), in.number("max")));
    table.put("pow_zero_base", in -> in.x().pow(in.number("exponent")));
  }

  private static void addBinary(CaseTable table) {
    table.put("add_rank4", in -> in.a().plus(in.b()));
    table.put("add_scalar", in -> in.a().plus(in.b()));
    table.put("hypot_tt", in -> sqrt(in.a().square().plus(in.b().square())));
    table.put("minimum_bcast", in -> minimum(in.a(), in.b()));
    table.put("mul_scalar", in -> in.a().times(in.b()));
    table.put("remainder_pos", in -> modulo(in.a(), in.b()));
    table.put("sub_col", in -> in.a().minus(in.b()));
    table.put("tie_maximum", in -> maximum(in.a(), in.b()));
    table.put("xlogy", in -> xlogy(in.a(), in.b()));
  }

  private static void addSecondDerivatives(CaseTable table) {
    table.put("second_exp", in -> exp(in.x()));
    table.put("second_log", in -> log(in.x()));
    table.put("second_sigmoid", in -> logistic(in.x()));
    table.put("second_softplus", in -> softplus(in.x()));
  }

  private static Expr clip(Expr x, double least, double greatest) {
    Expr atLeast = maximum(x, x.times(0).plus(least));
    return minimum(atLeast, x.times(0).plus(greatest));
  }
}
