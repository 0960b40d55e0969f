package dev.millrace.op;

import dev.millrace.kernel.ScalarOp;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Unification;
import java.util.List;
import java.util.Optional;

/**
 * One of a family of functions of single elements, each of which is the derivative of the one
 * before: dx = dy times the next one. {@code function} computes them all, from the number {@code
 * order} and the element.
 */
record Slopes(ScalarOp function, int order) implements Op {
  /** The second logarithmic derivative of the gamma function and so on; number 0 is digamma. */
  static Slopes polygamma(int order) {
    return new Slopes(ScalarOp.POLYGAMMA, order);
  }

  /** sin(pi x) / (pi x) and its derivatives. */
  static Slopes sinc(int order) {
    return new Slopes(ScalarOp.SINC, order);
  }

  @Override
  public String name() {
    return function == ScalarOp.SINC ? "sinc" : "polygamma";
  }

  @Override
  public Type infer(List<Expr> operands, Unification dims) {
    DType dtype = operands.getFirst().dtype();
    if (!dtype.isFloating()) {
      throw new DTypeException(
          name()
              + ": takes floating point: "
              + Messages.describe(operands.getFirst())
              + "; convert it with cast(x, FLOAT32)");
    }
    return operands.getFirst().type();
  }

  @Override
  public Definition define(List<Type> operands, Type result) {
    return new Definition.Pointwise((s, x) -> s.apply(function, s.literalLike(x[0], order), x[0]));
  }

  @Override
  public Optional<Expr> vjp(int operand, Call call) {
    Expr x = call.operand(0);
    Expr slope = x.recorder().apply(new Slopes(function, order + 1), List.of(x));
    return Optional.of(call.cotangent().times(slope));
  }
}
