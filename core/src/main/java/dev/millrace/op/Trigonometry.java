package dev.millrace.op;

import static dev.millrace.kernel.ScalarOp.*;
import static dev.millrace.op.ElementwiseFunctions.like;
import static dev.millrace.op.ElementwiseFunctions.select;

import dev.millrace.op.Elementwise.Domain;

/**
 * Circular and hyperbolic functions and their inverses. Derivatives are written so that neither a
 * square that overflows nor a difference that cancels spoils them.
 */
final class Trigonometry {
  private Trigonometry() {}

  /** Tangent of radians: dx = dy (1 + y^2). */
  static final Elementwise TANGENT =
      Elementwise.of(
          "tan", Domain.FLOATING, TAN, c -> c.cotangent().times(c.result().square().plus(1)));

  /** Arc sine: dx = dy / sqrt((1 - x) (1 + x)). */
  static final Elementwise ARC_SINE =
      Elementwise.of(
          "asin", Domain.FLOATING, ASIN, c -> c.cotangent().dividedBy(circle(c.operand(0)).sqrt()));

  /** Arc cosine: dx = -dy / sqrt((1 - x) (1 + x)). */
  static final Elementwise ARC_COSINE =
      Elementwise.of(
          "acos",
          Domain.FLOATING,
          ACOS,
          c -> c.cotangent().dividedBy(circle(c.operand(0)).sqrt()).negate());

  /** Arc tangent: dx = dy / (1 + x^2). */
  static final Elementwise ARC_TANGENT =
      Elementwise.of(
          "atan",
          Domain.FLOATING,
          ATAN,
          c -> c.cotangent().dividedBy(c.operand(0).square().plus(1)));

  /**
   * Angle of the point (b, a): da = dy b / (a^2 + b^2), db = -dy a / (a^2 + b^2); 0 at the origin,
   * where there is no angle.
   */
  static final Elementwise ANGLE =
      Elementwise.of(
          "atan2",
          Domain.FLOATING,
          ATAN2,
          c -> c.cotangent().times(perRadius(c, c.operand(1))),
          c -> c.cotangent().times(perRadius(c, c.operand(0))).negate());

  /** {@code part / (a^2 + b^2)}. */
  private static Expr perRadius(Op.Call c, Expr part) {
    Expr radius = MathFunctions.hypot(c.operand(0), c.operand(1));
    Expr origin = radius.equalTo(like(radius, 0));
    Expr safe = select(origin, 1, radius);
    return select(origin, 0, part.dividedBy(safe).dividedBy(safe));
  }

  /**
   * sqrt(a^2 + b^2): da = dy a / y, db = dy b / y, both 0 at the origin, as the derivative of the
   * absolute value is.
   */
  static final Elementwise HYPOTENUSE =
      Elementwise.of("hypot", Domain.FLOATING, HYPOT, c -> perResult(c, 0), c -> perResult(c, 1));

  private static Expr perResult(Op.Call c, int operand) {
    Expr origin = c.result().equalTo(like(c.result(), 0));
    Expr share = c.operand(operand).dividedBy(select(origin, 1, c.result()));
    return c.cotangent().times(share);
  }

  /** Hyperbolic sine: dx = dy cosh x. */
  static final Elementwise HYPERBOLIC_SINE =
      Elementwise.of(
          "sinh",
          Domain.FLOATING,
          SINH,
          c -> c.cotangent().times(MathFunctions.cosh(c.operand(0))));

  /** Hyperbolic cosine: dx = dy sinh x. */
  static final Elementwise HYPERBOLIC_COSINE =
      Elementwise.of(
          "cosh",
          Domain.FLOATING,
          COSH,
          c -> c.cotangent().times(MathFunctions.sinh(c.operand(0))));

  /** Inverse of sinh: dx = dy / sqrt(1 + x^2). */
  static final Elementwise AREA_SINE =
      Elementwise.of(
          "asinh",
          Domain.FLOATING,
          ASINH,
          c -> c.cotangent().dividedBy(MathFunctions.hypot(c.operand(0), like(c.operand(0), 1))));

  /** Inverse of cosh: dx = dy / (sqrt(x - 1) sqrt(x + 1)). */
  static final Elementwise AREA_COSINE =
      Elementwise.of(
          "acosh",
          Domain.FLOATING,
          ACOSH,
          c ->
              c.cotangent()
                  .dividedBy(c.operand(0).minus(1).sqrt().times(c.operand(0).plus(1).sqrt())));

  /** Inverse of tanh: dx = dy / ((1 - x) (1 + x)). */
  static final Elementwise AREA_TANGENT =
      Elementwise.of(
          "atanh", Domain.FLOATING, ATANH, c -> c.cotangent().dividedBy(circle(c.operand(0))));

  /** {@code 1 - x^2} without cancellation near 1. */
  private static Expr circle(Expr x) {
    return x.negate().plus(1).times(x.plus(1));
  }
}
