package dev.millrace.op;

import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.ShapeException;
import java.util.List;
import java.util.Optional;

/** Operand 0, which a user's function computed from the others and differentiates by them. */
record CustomGradient(Derivative derivative) implements KnownDerivative {
  /** The derivative of a function of users. */
  @FunctionalInterface
  interface Derivative {
    /** The cotangent of each of {@code xs} if {@code dy} is that of {@code y}. */
    List<Expr> of(List<Expr> xs, Expr y, Expr dy);
  }

  @Override
  public String name() {
    return "customGradient";
  }

  @Override
  public Optional<Expr> vjp(int operand, Call call) {
    if (operand == 0) {
      return Optional.empty();
    }
    List<Expr> xs = call.operands().subList(1, call.operands().size());
    List<Expr> found = derivative.of(xs, call.result(), call.cotangent());
    if (found.size() != xs.size()) {
      throw new ShapeException(
          "customGradient: takes a derivative for each of "
              + xs.size()
              + " operands, found "
              + found.size()
              + ": "
              + Messages.describe(call.result()));
    }
    return Optional.of(checked(xs.get(operand - 1), found.get(operand - 1)));
  }

  private static Expr checked(Expr x, Expr dx) {
    if (dx.dtype() != x.dtype()) {
      throw new DTypeException(
          "customGradient: the derivative must have the operand's type: "
              + Messages.describe(dx, x));
    }
    if (dx.shape().rank() != x.shape().rank()) {
      throw new ShapeException(
          "customGradient: the derivative must have the operand's shape: "
              + Messages.describe(dx, x));
    }
    return dx.broadcastTo(x.shape());
  }
}
