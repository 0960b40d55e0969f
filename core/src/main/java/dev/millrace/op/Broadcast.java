package dev.millrace.op;

import dev.millrace.kernel.Index;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Promotion;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Unification;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The operand repeated along new leading axes and along axes of size 1, without a copy. Its
 * cotangent is the sum over the repeats.
 */
public record Broadcast(Shape target) implements Op {
  @Override
  public String name() {
    return "broadcastTo";
  }

  @Override
  public Type infer(List<Expr> operands, Unification dims) {
    Expr x = operands.getFirst();
    int lead = target.rank() - x.shape().rank();
    for (int axis = 0; axis < x.shape().rank(); axis++) {
      Dim dim = dims.resolve(x.shape().dim(axis));
      if (lead < 0 || !(dim.is(1) || dims.unify(dim, target.dim(lead + axis)).isPresent())) {
        throw new ShapeException(
            "broadcastTo: only dims of 1 can be repeated to give "
                + target
                + ": "
                + Messages.describe(x));
      }
    }
    if (lead < 0) {
      throw new ShapeException(
          "broadcastTo: " + target + " has fewer dims: " + Messages.describe(x));
    }
    return new Type(x.dtype(), target);
  }

  @Override
  public Definition define(List<Type> operands, Type result) {
    Shape from = operands.getFirst().shape();
    int lead = target.rank() - from.rank();
    var map = new ArrayList<Index>();
    for (int axis = 0; axis < from.rank(); axis++) {
      map.add(from.dim(axis).is(1) ? Index.ZERO : Index.ofVariable(lead + axis));
    }
    return new Definition.View(map);
  }

  @Override
  public Optional<Expr> vjp(int operand, Call call) {
    Shape from = call.operand(0).shape();
    int lead = target.rank() - from.rank();
    var repeated = new ArrayList<Integer>();
    var kept = new ArrayList<Integer>();
    for (int axis = 0; axis < target.rank(); axis++) {
      if (axis < lead) {
        repeated.add(axis);
      } else if (from.dim(axis - lead).is(1) && !call.result().shape().dim(axis).is(1)) {
        repeated.add(axis);
        kept.add(axis - lead);
      }
    }
    Expr sum = ReductionFunctions.sum(call.cotangent(), repeated);
    return Optional.of(MovementFunctions.expandDims(sum, kept));
  }

  /**
   * The shape that operands have in common once they are broadcast against one another, without
   * their last {@code trailing} dims: dims are aligned at the end, and a dim is repeated only if it
   * is known to be 1; otherwise dims must agree.
   */
  public static Shape common(String op, List<Expr> operands, int trailing, Unification dims) {
    int rank = operands.stream().mapToInt(operand -> operand.shape().rank()).max().orElseThrow();
    int mark = dims.mark();
    var shape = new ArrayList<Dim>();
    for (int fromEnd = rank; fromEnd > trailing; fromEnd--) {
      Optional<Dim> common = commonDim(operands, fromEnd, dims);
      if (common.isEmpty()) {
        // The message shows the operands as the user knows them, not half unified.
        dims.undo(mark);
        throw clash(op, operands, -fromEnd);
      }
      shape.add(common.get());
    }
    return Shape.of(shape);
  }

  private static Optional<Dim> commonDim(List<Expr> operands, int fromEnd, Unification dims) {
    Dim common = Dim.ONE;
    for (Expr operand : operands) {
      if (operand.shape().rank() >= fromEnd) {
        Dim dim = dims.resolve(operand.shape().dim(-fromEnd));
        if (common.is(1)) {
          common = dim;
        } else if (!dim.is(1)) {
          Optional<Dim> unified = dims.unify(common, dim);
          if (unified.isEmpty()) {
            return unified;
          }
          common = unified.get();
        }
      }
    }
    return Optional.of(common);
  }

  private static ShapeException clash(String op, List<Expr> operands, int axisFromEnd) {
    var text = new StringBuilder();
    for (Expr operand : operands) {
      if (-axisFromEnd <= operand.shape().rank()) {
        text.append(text.isEmpty() ? "" : " and ").append(operand.shape().dim(axisFromEnd));
      }
    }
    return new ShapeException(
        op
            + ": dims "
            + text
            + " differ at axis "
            + axisFromEnd
            + " (dims are aligned at the end; only a dim of 1 is repeated): "
            + Messages.describe(operands.toArray(Expr[]::new)));
  }

  /** Checks that operands have one type, for functions that broadcast. */
  static void checkOneType(String op, List<Expr> operands) {
    Expr first = operands.getFirst();
    for (Expr operand : operands) {
      if (operand.dtype() != first.dtype()) {
        throw new DTypeException(
            op
                + ": operands must have one type: "
                + Messages.describe(first, operand)
                + Promotion.advice(first.dtype(), operand.dtype()));
      }
    }
  }
}
