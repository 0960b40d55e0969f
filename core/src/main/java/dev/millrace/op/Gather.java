package dev.millrace.op;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Unification;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code result[a..., j..., b...] = x[a..., indices[j...], b...]}: slices of x along {@code axis}.
 * An index outside of the axis ends the run with an {@code IndexException}.
 */
record Gather(int axis) implements Op {
  @Override
  public String name() {
    return "gather";
  }

  @Override
  public Type infer(List<Expr> operands, Unification dims) {
    Shape x = operands.get(0).shape();
    checkIndices("gather", operands.get(1));
    var shape = new ArrayList<>(x.dims().subList(0, axis));
    shape.addAll(operands.get(1).shape().dims());
    shape.addAll(x.dims().subList(axis + 1, x.rank()));
    return new Type(operands.get(0).dtype(), Shape.of(shape));
  }

  static void checkIndices(String op, Expr indices) {
    if (indices.dtype() != DType.INT32 && indices.dtype() != DType.INT64) {
      throw new DTypeException(
          op + ": indices must be int32 or int64: " + Messages.describe(indices));
    }
  }

  @Override
  public Definition define(List<Type> operands, Type result) {
    return new Definition.Lookup(axis);
  }

  @Override
  public Optional<Expr> vjp(int operand, Call call) {
    if (operand == 1) {
      return Optional.empty();
    }
    Expr dy = call.cotangent();
    Op scatter = new ScatterAdd(axis, call.operand(0).shape().dim(axis));
    return Optional.of(dy.recorder().apply(scatter, List.of(call.operand(1), dy)));
  }

  /**
   * Zeros, to which {@code result[a..., indices[j...], b...] += updates[a..., j..., b...]} adds, in
   * the order of j: the same bits at any number of threads.
   */
  record ScatterAdd(int axis, Dim extent) implements Op {
    @Override
    public String name() {
      return "scatterAdd";
    }

    @Override
    public Type infer(List<Expr> operands, Unification dims) {
      checkIndices("scatterAdd", operands.get(0));
      if (!operands.get(1).dtype().isNumeric()) {
        throw new DTypeException(
            "scatterAdd: adds numbers: "
                + Messages.describe(operands.get(1))
                + "; convert it with cast(x, FLOAT32) first");
      }
      Shape indices = operands.get(0).shape();
      Shape updates = operands.get(1).shape();
      for (int i = 0; i < indices.rank(); i++) {
        if (updates.rank() <= axis + i
            || dims.unify(indices.dim(i), updates.dim(axis + i)).isEmpty()) {
          throw new ShapeException(
              "scatterAdd: the updates need a dim of "
                  + indices.dim(i)
                  + " for axis "
                  + i
                  + " of the indices: "
                  + Messages.describe(operands.get(0), operands.get(1)));
        }
      }
      var shape = new ArrayList<>(updates.dims().subList(0, axis));
      shape.add(extent);
      shape.addAll(updates.dims().subList(axis + indices.rank(), updates.rank()));
      return new Type(operands.get(1).dtype(), Shape.of(shape));
    }

    @Override
    public Definition define(List<Type> operands, Type result) {
      return new Definition.Accumulation(axis);
    }

    @Override
    public Optional<Expr> vjp(int operand, Call call) {
      if (operand == 0) {
        return Optional.empty();
      }
      Expr dy = call.cotangent();
      return Optional.of(dy.recorder().apply(new Gather(axis), List.of(dy, call.operand(0))));
    }
  }
}
