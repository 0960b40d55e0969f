package dev.millrace.op;

import static dev.millrace.kernel.ScalarOp.*;

import dev.millrace.op.Elementwise.Domain;

/** Special functions: error functions and the gamma function. */
final class Specials {
  private Specials() {}

  /** 1 - erf(x): dx = -dy 2/sqrt(pi) exp(-x^2). */
  static final Elementwise ERROR_COMPLEMENT =
      Elementwise.of(
          "erfc",
          Domain.FLOATING,
          ERFC,
          c ->
              c.cotangent()
                  .times(c.operand(0).square().negate().exp())
                  .times(-2 / Math.sqrt(Math.PI)));

  /** Inverse of erf: dx = dy sqrt(pi)/2 exp(y^2). */
  static final Elementwise ERROR_INVERSE =
      Elementwise.of(
          "erfinv",
          Domain.FLOATING,
          ERFINV,
          c -> c.cotangent().times(c.result().square().exp()).times(Math.sqrt(Math.PI) / 2));

  /** log |gamma(x)|: dx = dy digamma(x). */
  static final Elementwise LOG_GAMMA =
      Elementwise.of(
          "lgamma",
          Domain.FLOATING,
          LGAMMA,
          c -> c.cotangent().times(MathFunctions.digamma(c.operand(0))));
}
