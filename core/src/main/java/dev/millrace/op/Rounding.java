package dev.millrace.op;

import static dev.millrace.kernel.ScalarOp.*;
import static dev.millrace.op.ElementwiseFunctions.lessEqual;
import static dev.millrace.op.ElementwiseFunctions.select;

import dev.millrace.op.Elementwise.Domain;

/** Whole quotients, remainders and limits. */
final class Rounding {
  private Rounding() {}

  /** Nearest integer towards 0; piecewise constant. */
  static final Elementwise TRUNCATION =
      Elementwise.of(
          "trunc",
          Domain.FLOATING,
          1,
          (s, x) -> {
            int negative = s.apply(LESS, x[0], s.literalLike(x[0], 0));
            return s.apply(SELECT, negative, s.apply(CEIL, x[0]), s.apply(FLOOR, x[0]));
          });

  /** floor(a / b); piecewise constant. */
  static final Elementwise FLOOR_DIV = Elementwise.of("floorDiv", Domain.NUMERIC, FLOOR_DIVIDE);

  /** a - b * trunc(a / b), with the sign of a: da = dy, db = -trunc(a / b) dy. */
  static final Elementwise FMOD =
      Elementwise.of(
          "fmod",
          Domain.NUMERIC,
          REMAINDER,
          Op.Call::cotangent,
          c ->
              c.cotangent()
                  .times(RoundingFunctions.trunc(c.operand(0).dividedBy(c.operand(1))))
                  .negate());

  /**
   * min(max(x, low), high). The cotangent goes to x where it is the result, also on the bounds;
   * else to the bound that is.
   */
  static final Elementwise CLIP =
      Elementwise.of(
          "clip",
          Domain.NUMERIC,
          3,
          (s, x) -> s.apply(MINIMUM, s.apply(MAXIMUM, x[0], x[1]), x[2]),
          c -> select(c.operand(0).equalTo(c.result()), c.cotangent(), 0),
          c -> {
            Expr below = c.operand(0).less(c.operand(1));
            Expr ordered = lessEqual(c.operand(1), c.operand(2));
            return select(ElementwiseFunctions.and(below, ordered), c.cotangent(), 0);
          },
          c -> {
            Expr raised = ElementwiseFunctions.maximum(c.operand(0), c.operand(1));
            return select(raised.greater(c.operand(2)), c.cotangent(), 0);
          });
}
