package dev.millrace.op;

import dev.millrace.kernel.Index;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Unification;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Elements {@code [.., i, .., i + offset, ..]} of two axes, {@code first < second}, as a new last
 * axis, without a copy; a negative offset moves the other axis.
 */
record Diagonal(int first, int second, long offset) implements Op {
  @Override
  public String name() {
    return "diagonal";
  }

  @Override
  public Type infer(List<Expr> operands, Unification dims) {
    Expr x = operands.getFirst();
    Dim rows = dims.resolve(x.shape().dim(first)).plus(-below());
    Dim columns = dims.resolve(x.shape().dim(second)).plus(-above());
    Dim length;
    if (rows.isKnown() && columns.isKnown()) {
      length = Dim.of(Math.max(0, Math.min(rows.value(), columns.value())));
    } else if (offset == 0 && dims.unify(rows, columns).isPresent()) {
      length = dims.resolve(rows);
    } else if (rows.plus(below()).equals(columns.plus(above()))) {
      length = rows.plus(below()).plus(-Math.abs(offset));
    } else {
      throw new ShapeException(
          name()
              + ": the dims of axes "
              + first
              + " and "
              + second
              + " must be known or equal: "
              + Messages.describe(x));
    }
    var shape = new ArrayList<>(x.shape().without(second).without(first).dims());
    shape.add(length);
    return new Type(x.dtype(), Shape.of(shape));
  }

  private long below() {
    return Math.max(0, -offset);
  }

  private long above() {
    return Math.max(0, offset);
  }

  @Override
  public List<Requirement> requirements(List<Type> operands) {
    Dim length = operands.getFirst().shape().dim(first).plus(-Math.abs(offset));
    return operands.getFirst().shape().dim(first).isKnown()
        ? List.of()
        : List.of(new Requirement(length, Dim.ONE, "the offset must lie inside of the matrix"));
  }

  /** Where in a tensor with one more axis than {@code rank} an element of the diagonal is. */
  private List<Index> map(int rank) {
    Index along = Index.ofVariable(rank - 1);
    var map = new ArrayList<>(Axes.identity(rank - 1));
    map.add(first, along.plus(Dim.of(below())));
    map.add(second, along.plus(Dim.of(above())));
    return map;
  }

  @Override
  public Definition define(List<Type> operands, Type result) {
    return new Definition.View(map(result.shape().rank()));
  }

  @Override
  public Optional<Expr> vjp(int operand, Call call) {
    Expr dy = call.cotangent();
    Op place = new OnDiagonal(this, call.operand(0).shape());
    return Optional.of(dy.recorder().apply(place, List.of(dy)));
  }

  /** Zeros of shape {@code target}, with the operand where {@link Diagonal} takes it from. */
  record OnDiagonal(Diagonal diagonal, Shape target) implements Op {
    @Override
    public String name() {
      return "diag";
    }

    @Override
    public Type infer(List<Expr> operands, Unification dims) {
      return new Type(operands.getFirst().dtype(), target);
    }

    @Override
    public Definition define(List<Type> operands, Type result) {
      List<Index> place = diagonal.map(operands.getFirst().shape().rank());
      return new Definition.Assembly(0, false, List.of(place));
    }

    @Override
    public Optional<Expr> vjp(int operand, Call call) {
      Expr dy = call.cotangent();
      return Optional.of(dy.recorder().apply(diagonal, List.of(dy)));
    }
  }
}
