package dev.millrace.op;

import dev.millrace.kernel.ScalarOp;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Unification;
import java.util.List;
import java.util.Optional;

/**
 * What has been folded so far, at each step along an axis, in O(n). Derivatives of scans are scans
 * the other way: those of products and extremes are linear recurrences, exact with zeros.
 *
 * @param exclusive without the element of the step itself
 * @param reverse from the end to the start
 */
record Scan(Kind kind, int axis, boolean exclusive, boolean reverse) implements Op {
  /** What is done at each step. */
  enum Kind {
    /** {@code carry + x} from 0. */
    SUM("cumulativeSum", 0),
    /** {@code carry * x} from 1. */
    PRODUCT("cumulativeProd", 1),
    /** The greater from -infinity; NaN stays. */
    MAX("cumulativeMax", Double.NEGATIVE_INFINITY),
    /** The smaller from infinity; NaN stays. */
    MIN("cumulativeMin", Double.POSITIVE_INFINITY),
    /** {@code log(exp(carry) + exp(x))} from -infinity, without overflow. */
    LOG_SUM_EXP("cumulativeLogSumExp", Double.NEGATIVE_INFINITY),
    /** {@code x}: exclusive, it is x moved by one step, with 0 first. */
    LAST("delay", 0),
    /** {@code a * carry + b} from 0, of two operands. */
    RECURRENCE("linearRecurrence", 0);

    private final String text;
    private final double initial;

    Kind(String text, double initial) {
      this.text = text;
      this.initial = initial;
    }

    /** Name of the function. */
    String text() {
      return text;
    }
  }

  @Override
  public String name() {
    return kind.text;
  }

  /** This of {@code operands}. */
  Expr of(Expr... operands) {
    return operands[0].recorder().apply(this, List.of(operands));
  }

  @Override
  public Type infer(List<Expr> operands, Unification dims) {
    Expr x = operands.getFirst();
    if (!x.dtype().isNumeric()) {
      throw new DTypeException(name() + ": takes numbers: " + Messages.describe(x));
    }
    if (kind == Kind.LOG_SUM_EXP) {
      ElementwiseFunctions.checkFloating(name(), x);
    }
    Broadcast.checkOneType(name(), operands);
    for (Expr operand : operands) {
      if (!dims.resolve(operand.shape()).equals(dims.resolve(x.shape()))) {
        throw new ShapeException(name() + ": shapes differ: " + Messages.describe(x, operand));
      }
    }
    return x.type();
  }

  @Override
  public Definition define(List<Type> operands, Type result) {
    return new Definition.Scan(axis, exclusive, reverse, kind.initial, (s, v) -> step(s, v));
  }

  private int step(Scalars s, int[] v) {
    return switch (kind) {
      case SUM -> s.apply(ScalarOp.ADD, v);
      case PRODUCT -> s.apply(ScalarOp.MULTIPLY, v);
      case MAX -> s.apply(ScalarOp.MAXIMUM, v);
      case MIN -> s.apply(ScalarOp.MINIMUM, v);
      case LOG_SUM_EXP -> logAddExp(s, v[0], v[1]);
      case LAST -> v[1];
      case RECURRENCE -> s.apply(ScalarOp.ADD, s.apply(ScalarOp.MULTIPLY, v[0], v[1]), v[2]);
    };
  }

  /**
   * {@code max(a, b) + log1p(exp(-|a - b|))}, and {@code a + log 2} where both are one infinity.
   */
  private static int logAddExp(Scalars s, int a, int b) {
    int distance = s.apply(ScalarOp.ABS, s.apply(ScalarOp.SUBTRACT, a, b));
    int tail = s.apply(ScalarOp.LOG1P, s.apply(ScalarOp.EXP, s.apply(ScalarOp.NEGATE, distance)));
    int sum = s.apply(ScalarOp.ADD, s.apply(ScalarOp.MAXIMUM, a, b), tail);
    int doubled = s.apply(ScalarOp.ADD, a, s.literalLike(a, Math.log(2)));
    return s.apply(ScalarOp.SELECT, s.apply(ScalarOp.EQUAL, a, b), doubled, sum);
  }

  @Override
  public Optional<Expr> vjp(int operand, Call call) {
    Expr dy = call.cotangent();
    Expr x = call.operand(0);
    Expr at = exclusive && kind != Kind.SUM && kind != Kind.LAST ? next(dy) : dy;
    return Optional.of(
        switch (kind) {
          case SUM, LAST -> new Scan(kind, axis, exclusive, !reverse).of(dy);
          case PRODUCT -> {
            Expr before = new Scan(Kind.PRODUCT, axis, true, reverse).of(x);
            yield before.times(backwards(next(x), at));
          }
          case MAX, MIN -> byExtremes(x, at);
          case LOG_SUM_EXP -> byLogSumExp(x, at);
          case RECURRENCE -> {
            Expr all = backwards(next(x), dy);
            yield operand == 1 ? all : all.times(previous(call.result()));
          }
        });
  }

  /** {@code r[i] = b[i] + a[i] * r[next i]}. */
  private Expr backwards(Expr a, Expr b) {
    return new Scan(Kind.RECURRENCE, axis, false, !reverse).of(a, b);
  }

  /** What the next step has; 0 at the last one. */
  private Expr next(Expr x) {
    return new Scan(Kind.LAST, axis, true, !reverse).of(x);
  }

  /** What the step before has; 0 at the first one. */
  private Expr previous(Expr x) {
    return new Scan(Kind.LAST, axis, true, reverse).of(x);
  }

  /** Each step's cotangent goes to the last element that was as extreme as all before it. */
  private Expr byExtremes(Expr x, Expr dy) {
    Expr before = new Scan(kind, axis, true, reverse).of(x);
    Expr isRecord =
        kind == Kind.MAX
            ? ElementwiseFunctions.greaterEqual(x, before)
            : ElementwiseFunctions.lessEqual(x, before);
    Expr lasts = next(isRecord.cast(x.dtype())).negate().plus(1);
    return ElementwiseFunctions.select(isRecord, backwards(lasts, dy), 0);
  }

  /** {@code exp(x[i] - y[i]) * r[i]} with {@code r[i] = dy[i] + exp(y[i] - y[i+1]) r[i+1]}. */
  private Expr byLogSumExp(Expr x, Expr dy) {
    Expr y = new Scan(kind, axis, false, reverse).of(x);
    Expr sums = backwards(ratio(y, next(y)), dy);
    return ratio(x, y).times(sums);
  }

  /**
   * {@code exp(a - b)}, also where both are -infinity; at most 1, as a step behind the last one
   * would otherwise not be.
   */
  private static Expr ratio(Expr a, Expr b) {
    Expr isNothing = a.equalTo(ElementwiseFunctions.like(a, Double.NEGATIVE_INFINITY));
    Expr distance = ElementwiseFunctions.select(isNothing, 0, a.minus(b));
    Expr below = ElementwiseFunctions.select(distance.greater(0), 0, distance);
    return ElementwiseFunctions.select(isNothing, 0, below.exp());
  }
}
