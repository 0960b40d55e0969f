package dev.millrace.op;

import static dev.millrace.kernel.ScalarOp.*;

import dev.millrace.kernel.ScalarOp;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Promotion;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Unification;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * An op that works element by element on operands of one shape and one type. Broadcasting is
 * explicit: the functions in {@link ElementwiseFunctions} put {@link Broadcast} views in front.
 *
 * <p>Instances are constants; two are equal if they are the same.
 */
public final class Elementwise implements Op {
  /** Which types an op takes. */
  enum Domain {
    NUMERIC(DType::isNumeric, "numbers"),
    FLOATING(DType::isFloating, "floating point"),
    INTEGER(DType::isInteger, "integers"),
    BOOLEAN(dtype -> dtype == DType.BOOL, "bool"),
    ALL(dtype -> true, "any type");

    private final Predicate<DType> accepts;
    private final String text;

    Domain(Predicate<DType> accepts, String text) {
      this.accepts = accepts;
      this.text = text;
    }
  }

  /** The derivative with respect to one operand. */
  @FunctionalInterface
  interface Derivative {
    Expr of(Call call);
  }

  private final String name;
  private final Domain domain;
  private final boolean comparison;
  private final int arity;
  private final Definition.Pointwise definition;
  private final List<Derivative> derivatives;

  private Elementwise(
      String name,
      Domain domain,
      boolean comparison,
      int arity,
      Definition.Pointwise.Body body,
      Derivative... derivatives) {
    this.name = name;
    this.domain = domain;
    this.comparison = comparison;
    this.arity = arity;
    this.definition = new Definition.Pointwise(body);
    this.derivatives = List.of(derivatives);
  }

  /** An op that is one scalar instruction; without derivatives it counts as piecewise constant. */
  static Elementwise of(String name, Domain domain, ScalarOp op, Derivative... derivatives) {
    return new Elementwise(
        name, domain, op.isComparison(), op.operands(), (s, x) -> s.apply(op, x), derivatives);
  }

  /** An op of several scalar instructions. */
  static Elementwise of(
      String name,
      Domain domain,
      int arity,
      Definition.Pointwise.Body body,
      Derivative... derivatives) {
    return new Elementwise(name, domain, false, arity, body, derivatives);
  }

  @Override
  public String name() {
    return name;
  }

  /** Number of operands. */
  public int arity() {
    return arity;
  }

  @Override
  public Type infer(List<Expr> operands, Unification dims) {
    Expr first = operands.getFirst();
    checkCount(operands);
    for (Expr operand : operands) {
      if (!domain.accepts.test(operand.dtype())) {
        throw new DTypeException(
            name
                + ": takes "
                + domain.text
                + ": "
                + Messages.describe(operand)
                + (domain == Domain.FLOATING ? "; convert it with cast(x, FLOAT32)" : ""));
      }
      if (operand.dtype() != first.dtype()) {
        throw new DTypeException(
            name
                + ": operands must have one type: "
                + Messages.describe(first, operand)
                + Promotion.advice(first.dtype(), operand.dtype()));
      }
    }
    var shape = new ArrayList<>(first.shape().dims());
    for (Expr operand : operands) {
      if (operand.shape().rank() != shape.size()) {
        throw new ShapeException(name + ": ranks differ: " + Messages.describe(first, operand));
      }
      for (int axis = 0; axis < shape.size(); axis++) {
        int at = axis;
        shape.set(
            axis,
            dims.unify(shape.get(axis), operand.shape().dim(axis))
                .orElseThrow(() -> mismatch(first, operand, at)));
      }
    }
    return new Type(comparison ? DType.BOOL : first.dtype(), Shape.of(shape));
  }

  private void checkCount(List<Expr> operands) {
    if (operands.size() != arity) {
      throw new ShapeException(
          name
              + ": takes "
              + arity
              + " operands, found "
              + operands.size()
              + ": "
              + Messages.describe(operands.toArray(Expr[]::new)));
    }
  }

  private ShapeException mismatch(Expr first, Expr operand, int axis) {
    return new ShapeException(
        name + ": shapes differ in dim " + axis + ": " + Messages.describe(first, operand));
  }

  @Override
  public Definition define(List<Type> operands, Type result) {
    return definition;
  }

  @Override
  public Optional<Expr> vjp(int operand, Call call) {
    return derivatives.isEmpty()
        ? Optional.empty()
        : Optional.of(derivatives.get(operand).of(call));
  }

  @Override
  public boolean isDifferentiable() {
    return !derivatives.isEmpty();
  }

  @Override
  public String toString() {
    return name;
  }

  // Arithmetic.

  /** a + b: da = db = dy. */
  static final Elementwise ADD =
      of("add", Domain.NUMERIC, ScalarOp.ADD, Call::cotangent, Call::cotangent);

  /** a - b: da = dy, db = -dy. */
  static final Elementwise SUB =
      of("subtract", Domain.NUMERIC, SUBTRACT, Call::cotangent, c -> c.cotangent().negate());

  /** a * b: da = dy b, db = dy a. */
  public static final Elementwise MUL =
      of(
          "multiply",
          Domain.NUMERIC,
          MULTIPLY,
          c -> c.cotangent().times(c.operand(1)),
          c -> c.cotangent().times(c.operand(0)));

  /** a / b, which truncates for integers: da = dy / b, db = -dy y / b. */
  public static final Elementwise DIV =
      of(
          "divide",
          Domain.NUMERIC,
          DIVIDE,
          c -> c.cotangent().dividedBy(c.operand(1)),
          c -> c.cotangent().times(c.result()).dividedBy(c.operand(1)).negate());

  /** a - b * floor(a / b): da = dy, db = -floor(a / b) dy. */
  static final Elementwise MOD =
      of(
          "modulo",
          Domain.NUMERIC,
          MODULO,
          Call::cotangent,
          c -> c.cotangent().times(c.operand(0).dividedBy(c.operand(1)).floor()).negate());

  /**
   * x^p: dx = dy p x^(p-1), taken as dy p x^0 where p = 0, which is 0 whatever x is, so that every
   * derivative of a polynomial exists at 0; dp = dy y log x is taken as 0 where y = 0, as it
   * doesn't move there.
   */
  static final Elementwise POW =
      of(
          "pow",
          Domain.FLOATING,
          POWER,
          c -> {
            Expr p = c.operand(1);
            Expr flat = p.equalTo(ElementwiseFunctions.like(p, 0));
            Expr less = ElementwiseFunctions.select(flat, 0, p.minus(1));
            return c.cotangent().times(p).times(c.operand(0).pow(less));
          },
          c -> c.cotangent().times(ElementwiseFunctions.xlogy(c.result(), c.operand(0))));

  /** The greater; where both are equal, each gets half: the mean of the one-sided derivatives. */
  static final Elementwise MAX =
      of("maximum", Domain.ALL, MAXIMUM, c -> chosen(c, 0, 1), c -> chosen(c, 1, 0));

  /** The smaller, with the derivative of {@link #MAX}. */
  static final Elementwise MIN =
      of("minimum", Domain.ALL, MINIMUM, c -> chosen(c, 0, 1), c -> chosen(c, 1, 0));

  private static Expr chosen(Call call, int mine, int other) {
    Expr dy = call.cotangent();
    Expr tie = call.operand(mine).equalTo(call.operand(other));
    Expr share = ElementwiseFunctions.select(tie, dy.times(0.5), dy);
    Expr won = call.operand(mine).equalTo(call.result());
    return ElementwiseFunctions.select(won, share, 0);
  }

  /** -x. */
  public static final Elementwise NEG =
      of("negate", Domain.NUMERIC, NEGATE, c -> c.cotangent().negate());

  /** |x|: dx = dy sign x, which is 0 at 0. */
  static final Elementwise ABSOLUTE =
      of("abs", Domain.NUMERIC, ABS, c -> c.cotangent().times(c.operand(0).sign()));

  /** -1, 0 or 1; piecewise constant. */
  static final Elementwise SIGNUM = of("sign", Domain.NUMERIC, SIGN);

  // Exponentials and their kin.

  /** e^x: dx = dy y. */
  static final Elementwise EXPONENTIAL =
      of("exp", Domain.FLOATING, EXP, c -> c.cotangent().times(c.result()));

  /** e^x - 1, accurate near 0: dx = dy (y + 1). */
  static final Elementwise EXPONENTIAL_M1 =
      of("expm1", Domain.FLOATING, EXPM1, c -> c.cotangent().times(c.result().plus(1)));

  /** Natural logarithm: dx = dy / x. */
  static final Elementwise LOGARITHM =
      of("log", Domain.FLOATING, LOG, c -> c.cotangent().dividedBy(c.operand(0)));

  /** log(1 + x), accurate near 0: dx = dy / (1 + x). */
  static final Elementwise LOGARITHM_1P =
      of("log1p", Domain.FLOATING, LOG1P, c -> c.cotangent().dividedBy(c.operand(0).plus(1)));

  /** Square root: dx = dy / (2 y). */
  static final Elementwise SQUARE_ROOT =
      of("sqrt", Domain.FLOATING, SQRT, c -> c.cotangent().times(0.5).dividedBy(c.result()));

  /** Sine of radians: dx = dy cos x. */
  static final Elementwise SINE =
      of("sin", Domain.FLOATING, SIN, c -> c.cotangent().times(c.operand(0).cos()));

  /** Cosine of radians: dx = -dy sin x. */
  static final Elementwise COSINE =
      of("cos", Domain.FLOATING, COS, c -> c.cotangent().times(c.operand(0).sin()).negate());

  /** Hyperbolic tangent: dx = dy (1 - y^2). */
  static final Elementwise TANGENS_HYPERBOLICUS =
      of(
          "tanh",
          Domain.FLOATING,
          TANH,
          c -> c.cotangent().times(c.result().square().negate().plus(1)));

  /** 2/sqrt(pi) * integral of exp(-t^2) from 0 to x. */
  static final Elementwise ERROR_FUNCTION =
      of(
          "erf",
          Domain.FLOATING,
          ERF,
          c ->
              c.cotangent()
                  .times(c.operand(0).square().negate().exp())
                  .times(2 / Math.sqrt(Math.PI)));

  /** Inverse of the standard normal distribution function: dx = dy sqrt(2 pi) exp(y^2 / 2). */
  static final Elementwise NORMAL_QUANTILE =
      of(
          "ndtri",
          Domain.FLOATING,
          NDTRI,
          c ->
              c.cotangent()
                  .times(c.result().square().times(0.5).exp())
                  .times(Math.sqrt(2 * Math.PI)));

  /** 1 / (1 + exp(-x)): dx = dy y (1 - y), so x need not be kept. */
  static final Elementwise LOGISTIC =
      of(
          "logistic",
          Domain.FLOATING,
          1,
          (s, x) -> {
            int one = s.literalLike(x[0], 1);
            return s.apply(DIVIDE, one, s.apply(ScalarOp.ADD, one, exp(s, s.apply(NEGATE, x[0]))));
          },
          c -> c.cotangent().times(c.result()).times(c.result().negate().plus(1)));

  /** log(1 + exp(x)) as max(x, 0) + log1p(exp(-|x|)), which neither overflows nor loses digits. */
  static final Elementwise SOFTPLUS =
      of(
          "softplus",
          Domain.FLOATING,
          1,
          (s, x) -> {
            int tail = s.apply(LOG1P, exp(s, s.apply(NEGATE, s.apply(ABS, x[0]))));
            return s.apply(ScalarOp.ADD, s.apply(MAXIMUM, x[0], s.literalLike(x[0], 0)), tail);
          },
          c -> c.cotangent().times(c.operand(0).logistic()));

  /** max(x, 0), with derivative 0 at 0: where the result is 0, so that x need not be kept. */
  static final Elementwise RELU =
      of(
          "relu",
          Domain.NUMERIC,
          1,
          (s, x) -> s.apply(MAXIMUM, x[0], s.literalLike(x[0], 0)),
          c -> ElementwiseFunctions.select(c.result().greater(0), c.cotangent(), 0));

  /**
   * x log y, and 0 where x is 0: the limit that entropies need. dx = dy log y, and 0 where dy is 0;
   * dy = dy x / y, and 0 where x is 0.
   */
  static final Elementwise XLOGY =
      of(
          "xlogy",
          Domain.FLOATING,
          2,
          (s, x) -> {
            int zero = s.literalLike(x[0], 0);
            int product = s.apply(MULTIPLY, x[0], s.apply(LOG, x[1]));
            return s.apply(SELECT, s.apply(ScalarOp.EQUAL, x[0], zero), zero, product);
          },
          c -> ElementwiseFunctions.xlogy(c.cotangent(), c.operand(1)),
          c -> {
            Expr absent =
                ElementwiseFunctions.equal(
                    c.operand(0), ElementwiseFunctions.like(c.operand(0), 0));
            Expr slope = c.operand(0).dividedBy(c.operand(1));
            return ElementwiseFunctions.select(absent, 0, c.cotangent().times(slope));
          });

  private static int exp(Scalars scalars, int x) {
    return scalars.apply(EXP, x);
  }

  // Rounding: piecewise constant.

  /** Greatest integer not above. */
  static final Elementwise FLOOR = of("floor", Domain.FLOATING, ScalarOp.FLOOR);

  /** Smallest integer not below. */
  static final Elementwise CEIL = of("ceil", Domain.FLOATING, ScalarOp.CEIL);

  /** Nearest integer, ties to even. */
  static final Elementwise ROUND = of("round", Domain.FLOATING, ScalarOp.ROUND);

  // Comparisons and logic: bool results, no derivative.

  /** a == b; NaN equals nothing. */
  static final Elementwise EQUAL = of("equal", Domain.ALL, ScalarOp.EQUAL);

  /** a != b. */
  static final Elementwise NOT_EQUAL = of("notEqual", Domain.ALL, ScalarOp.NOT_EQUAL);

  /** a &lt; b. */
  static final Elementwise LESS = of("less", Domain.NUMERIC, ScalarOp.LESS);

  /** a &lt;= b. */
  static final Elementwise LESS_EQUAL = of("lessEqual", Domain.NUMERIC, ScalarOp.LESS_EQUAL);

  /** a &gt; b. */
  static final Elementwise GREATER = of("greater", Domain.NUMERIC, ScalarOp.GREATER);

  /** a &gt;= b. */
  static final Elementwise GREATER_EQUAL =
      of("greaterEqual", Domain.NUMERIC, ScalarOp.GREATER_EQUAL);

  /** Both. */
  static final Elementwise AND = of("and", Domain.BOOLEAN, ScalarOp.AND);

  /** At least one. */
  static final Elementwise OR = of("or", Domain.BOOLEAN, ScalarOp.OR);

  /** Exactly one. */
  static final Elementwise XOR = of("xor", Domain.BOOLEAN, ScalarOp.NOT_EQUAL);

  /** The opposite. */
  static final Elementwise NOT = of("not", Domain.BOOLEAN, ScalarOp.NOT);
}
