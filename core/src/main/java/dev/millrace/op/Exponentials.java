package dev.millrace.op;

import static dev.millrace.kernel.ScalarOp.*;
import static dev.millrace.op.ElementwiseFunctions.like;
import static dev.millrace.op.ElementwiseFunctions.select;

import dev.millrace.kernel.ScalarOp;
import dev.millrace.op.Elementwise.Domain;

/** Powers, roots and logarithms beside those of base e. */
final class Exponentials {
  private Exponentials() {}

  /** 2^x: dx = dy y log 2. */
  static final Elementwise POWER_OF_2 =
      Elementwise.of(
          "exp2", Domain.FLOATING, EXP2, c -> c.cotangent().times(c.result()).times(Math.log(2)));

  /** Binary logarithm: dx = dy / (x log 2). */
  static final Elementwise BINARY_LOGARITHM =
      Elementwise.of(
          "log2",
          Domain.FLOATING,
          LOG2,
          c -> c.cotangent().dividedBy(c.operand(0)).times(1 / Math.log(2)));

  /** Decimal logarithm: dx = dy / (x log 10). */
  static final Elementwise DECIMAL_LOGARITHM =
      Elementwise.of(
          "log10",
          Domain.FLOATING,
          LOG10,
          c -> c.cotangent().dividedBy(c.operand(0)).times(1 / Math.log(10)));

  /** Cube root, of negative numbers too: dx = dy / (3 y^2). */
  static final Elementwise CUBE_ROOT =
      Elementwise.of(
          "cbrt",
          Domain.FLOATING,
          CBRT,
          c -> c.cotangent().dividedBy(c.result().square().times(3)));

  /**
   * log(exp(a) + exp(b)) as max(a, b) + log1p(exp(-|a - b|)); da = dy logistic(a - b), db = dy
   * logistic(b - a). Equal operands, infinite ones too, count as no distance apart.
   */
  static final Elementwise LOG_OF_SUM =
      Elementwise.of(
          "logAddExp",
          Domain.FLOATING,
          2,
          (s, x) -> {
            int zero = s.literalLike(x[0], 0);
            int apart = s.apply(ABS, s.apply(SUBTRACT, x[0], x[1]));
            int distance = s.apply(SELECT, s.apply(EQUAL, x[0], x[1]), zero, apart);
            int tail = s.apply(LOG1P, s.apply(EXP, s.apply(NEGATE, distance)));
            return s.apply(ADD, s.apply(MAXIMUM, x[0], x[1]), tail);
          },
          c -> c.cotangent().times(share(c.operand(0), c.operand(1))),
          c -> c.cotangent().times(share(c.operand(1), c.operand(0))));

  private static Expr share(Expr mine, Expr other) {
    return select(mine.equalTo(other), 0, mine.minus(other)).logistic();
  }

  /** log(1 - exp(x)) for negative x, in the form that loses nothing: dx = -dy / expm1(-x). */
  static final Elementwise LOG_OF_REST =
      Elementwise.of(
          "log1mexp",
          Domain.FLOATING,
          1,
          (s, x) -> {
            int near = s.apply(LOG, s.apply(NEGATE, s.apply(EXPM1, x[0])));
            int far = s.apply(LOG1P, s.apply(NEGATE, s.apply(EXP, x[0])));
            int isNear = s.apply(GREATER, x[0], s.literalLike(x[0], -Math.log(2)));
            return s.apply(SELECT, isNear, near, far);
          },
          c -> c.cotangent().dividedBy(ElementwiseFunctions.expm1(c.operand(0).negate())).negate());

  /** x log(1 + y), and 0 where x is 0, with the derivatives of {@link Elementwise#XLOGY}. */
  static final Elementwise X_LOG_1P_Y =
      Elementwise.of(
          "xlog1py",
          Domain.FLOATING,
          2,
          (s, x) -> {
            int zero = s.literalLike(x[0], 0);
            int product = s.apply(MULTIPLY, x[0], s.apply(LOG1P, x[1]));
            return s.apply(SELECT, s.apply(ScalarOp.EQUAL, x[0], zero), zero, product);
          },
          c -> MathFunctions.xlog1py(c.cotangent(), c.operand(1)),
          c -> {
            Expr absent = c.operand(0).equalTo(like(c.operand(0), 0));
            Expr slope = c.operand(0).dividedBy(c.operand(1).plus(1));
            return select(absent, 0, c.cotangent().times(slope));
          });
}
