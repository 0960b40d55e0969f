package dev.millrace.op;

import dev.millrace.kernel.Index;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Unification;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Matrix product {@code [batch..., m, k] x [batch..., k, n] -> [batch..., m, n]} with equal batch
 * dims; da = dy b', db = a' dy.
 */
record MatMul() implements Op {
  @Override
  public String name() {
    return "matmul";
  }

  @Override
  public Type infer(List<Expr> operands, Unification dims) {
    Expr a = operands.get(0);
    Expr b = operands.get(1);
    if (a.dtype() != b.dtype() || !a.dtype().isNumeric()) {
      throw new DTypeException(
          "matmul: operands must be numbers of one type: "
              + Messages.describe(a, b)
              + "; convert one with cast(x, FLOAT32)");
    }
    int rank = a.shape().rank();
    if (fitsOnlySwapped(a, b) || dims.unify(a.shape().dim(-1), b.shape().dim(-2)).isEmpty()) {
      throw innerMismatch(a, b, dims);
    }
    var batch = new ArrayList<Dim>();
    for (int axis = 0; axis < rank - 2; axis++) {
      batch.add(
          dims.unify(a.shape().dim(axis), b.shape().dim(axis))
              .orElseThrow(() ->
                  new ShapeException("matmul: batch dims must agree: " + Messages.describe(a, b))));
    }
    batch.add(a.shape().dim(-2));
    batch.add(b.shape().dim(-1));
    return new Type(a.dtype(), Shape.of(batch));
  }

  private static ShapeException innerMismatch(Expr a, Expr b, Unification dims) {
    Dim columns = a.shape().dim(-1);
    Dim rows = b.shape().dim(-2);
    String fix = "";
    if (fits(b.shape().dim(-1), a.shape().dim(-2), dims)) {
      fix = "; the operands may be swapped: matmul(" + b.name() + ", " + a.name() + ") fits";
    } else if (fits(columns, b.shape().dim(-1), dims)) {
      fix = "; matmul(" + a.name() + ", transpose(" + b.name() + ")) fits";
    } else if (fits(a.shape().dim(-2), rows, dims)) {
      fix = "; matmul(transpose(" + a.name() + "), " + b.name() + ") fits";
    }
    return new ShapeException(
        "matmul: the columns of the left operand must be as many as the rows of the right one: "
            + columns
            + " columns and "
            + rows
            + " rows: "
            + Messages.describe(a, b)
            + fix);
  }

  /**
   * Whether the inner dims agree only if an unknown one is fixed for ever, while the other order
   * agrees as it is: {@code matmul(W, x)} of {@code [784, 10]} and {@code [?, 784]} is a slip.
   */
  private static boolean fitsOnlySwapped(Expr a, Expr b) {
    return a.shape().dim(-1).isKnown() != b.shape().dim(-2).isKnown()
        && b.shape().dim(-1).isKnown()
        && b.shape().dim(-1).equals(a.shape().dim(-2));
  }

  private static boolean fits(Dim left, Dim right, Unification dims) {
    int mark = dims.mark();
    boolean fits = dims.unify(left, right).isPresent();
    dims.undo(mark);
    return fits;
  }

  @Override
  public Definition define(List<Type> operands, Type result) {
    int rank = result.shape().rank();
    List<Index> left = Axes.identity(rank);
    left.set(rank - 1, Index.ofVariable(rank));
    List<Index> right = Axes.identity(rank);
    right.set(rank - 2, Index.ofVariable(rank));
    return new Definition.Contraction(List.of(operands.getFirst().shape().dim(-1)), left, right);
  }

  @Override
  public Optional<Expr> vjp(int operand, Call call) {
    Expr dy = call.cotangent();
    return Optional.of(
        operand == 0
            ? dy.matmul(call.operand(1).transpose())
            : call.operand(0).transpose().matmul(dy));
  }
}
