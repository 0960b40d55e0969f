package dev.millrace.op;

import dev.millrace.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * Formulas that are recorded in another form than they were written, because the written one
 * overflows or cancels where the other doesn't. It happens while the graph is built, so derivatives
 * of any order are those of the stable form.
 *
 * <pre>
 * log(exp(u) / v)     u - log(v)         log of a softmax, whose v is a sum of exp(u)
 * log(logistic(x))    -softplus(-x)
 * log(1 - logistic(x)) -softplus(x)
 * log(1 + exp(x))     softplus(x)
 * log1p(exp(x))       softplus(x)
 * 1 / (1 + exp(x))    logistic(-x)
 * x * log(x)          xlogy(x, x)        0 at 0
 * </pre>
 */
public final class StableForms {
  private static final Optional<Expr> NONE = Optional.empty();

  private StableForms() {}

  /** The stable form of {@code op(operands)}, where there is one. */
  public static Optional<Expr> of(Op op, List<Expr> operands) {
    if (op == Elementwise.LOGARITHM) {
      return logOf(operands.getFirst());
    }
    if (op == Elementwise.LOGARITHM_1P) {
      return operandOf(Elementwise.EXPONENTIAL, operands.getFirst())
          .map(ElementwiseFunctions::softplus);
    }
    if (op == Elementwise.DIV && isOne(operands.getFirst())) {
      return onePlusExp(operands.getLast()).map(x -> x.negate().logistic());
    }
    if (op == Elementwise.MUL) {
      Expr x = operands.getFirst();
      Expr y = operands.getLast();
      return xLogX(x, y).or(() -> xLogX(y, x));
    }
    return Optional.empty();
  }

  private static Optional<Expr> logOf(Expr x) {
    if (x.op().equals(Optional.of(Elementwise.DIV))) {
      return operandOf(Elementwise.EXPONENTIAL, x.operands().getFirst())
          .map(u -> u.minus(withoutBroadcast(x.operands().getLast()).log()));
    }
    return operandOf(Elementwise.LOGISTIC, x)
        .map(u -> ElementwiseFunctions.softplus(u.negate()).negate())
        .or(() -> onePlusExp(x).map(ElementwiseFunctions::softplus))
        .or(() -> oneMinusLogistic(x).map(u -> ElementwiseFunctions.softplus(u).negate()));
  }

  /** The x of {@code 1 - logistic(x)}, written as a difference or as {@code -logistic(x) + 1}. */
  private static Optional<Expr> oneMinusLogistic(Expr difference) {
    if (difference.op().equals(Optional.of(Elementwise.SUB))
        && isOne(difference.operands().getFirst())) {
      return operandOf(Elementwise.LOGISTIC, difference.operands().getLast());
    }
    if (difference.op().equals(Optional.of(Elementwise.ADD))) {
      Expr left = difference.operands().getFirst();
      Expr right = difference.operands().getLast();
      return isOne(right) ? minusLogistic(left) : isOne(left) ? minusLogistic(right) : NONE;
    }
    return NONE;
  }

  private static Optional<Expr> minusLogistic(Expr x) {
    return operandOf(Elementwise.NEG, x).flatMap(y -> operandOf(Elementwise.LOGISTIC, y));
  }

  /** The x of {@code 1 + exp(x)} or {@code exp(x) + 1}. */
  private static Optional<Expr> onePlusExp(Expr sum) {
    if (!sum.op().equals(Optional.of(Elementwise.ADD))) {
      return Optional.empty();
    }
    Expr left = sum.operands().getFirst();
    Expr right = sum.operands().getLast();
    return isOne(left)
        ? operandOf(Elementwise.EXPONENTIAL, right)
        : isOne(right) ? operandOf(Elementwise.EXPONENTIAL, left) : Optional.empty();
  }

  private static Optional<Expr> xLogX(Expr x, Expr log) {
    return operandOf(Elementwise.LOGARITHM, log)
        .filter(argument -> argument == x)
        .map(argument -> ElementwiseFunctions.xlogy(x, x));
  }

  private static Optional<Expr> operandOf(Op op, Expr x) {
    return x.op().filter(op::equals).map(found -> x.operands().getFirst());
  }

  private static boolean isOne(Expr x) {
    return withoutBroadcast(x)
        .constant()
        .filter(value -> value.shape().equals(Shape.SCALAR) && value.getDouble() == 1)
        .isPresent();
  }

  /** What {@code x} repeats, if it is a broadcast: it broadcasts again where it is used. */
  private static Expr withoutBroadcast(Expr x) {
    return x.op().filter(Broadcast.class::isInstance).isPresent() ? x.operands().getFirst() : x;
  }
}
