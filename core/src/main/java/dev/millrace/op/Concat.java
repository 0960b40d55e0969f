package dev.millrace.op;

import dev.millrace.kernel.Index;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Unification;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Operands one after another along {@code axis}; their other dims agree. */
record Concat(int axis) implements Op {
  @Override
  public String name() {
    return "concat";
  }

  @Override
  public Type infer(List<Expr> operands, Unification dims) {
    Broadcast.checkOneType("concat", operands);
    Expr first = operands.getFirst();
    Dim length = Dim.ZERO;
    for (Expr operand : operands) {
      if (operand.shape().rank() != first.shape().rank()) {
        throw mismatch("ranks differ", first, operand);
      }
      for (int other = 0; other < first.shape().rank(); other++) {
        if (other != axis
            && dims.unify(first.shape().dim(other), operand.shape().dim(other)).isEmpty()) {
          throw mismatch("dims other than axis " + axis + " must agree", first, operand);
        }
      }
      length = length.plus(dims.resolve(operand.shape().dim(axis)));
    }
    return new Type(first.dtype(), dims.resolve(first.shape()).with(axis, length));
  }

  private static ShapeException mismatch(String rule, Expr first, Expr operand) {
    return new ShapeException("concat: " + rule + ": " + Messages.describe(first, operand));
  }

  @Override
  public Definition define(List<Type> operands, Type result) {
    var places = new ArrayList<List<Index>>();
    Dim start = Dim.ZERO;
    for (Type operand : operands) {
      List<Index> place = Axes.identity(result.shape().rank());
      place.set(axis, place.get(axis).plus(start));
      places.add(List.copyOf(place));
      start = start.plus(operand.shape().dim(axis));
    }
    return new Definition.Assembly(0, true, places);
  }

  @Override
  public Optional<Expr> vjp(int operand, Call call) {
    Shape part = call.operand(operand).shape();
    var starts = new ArrayList<>(Collections.nCopies(part.rank(), Dim.ZERO));
    Dim start = Dim.ZERO;
    for (Expr before : call.operands().subList(0, operand)) {
      start = start.plus(before.shape().dim(axis));
    }
    starts.set(axis, start);
    Op slice =
        new Views.Slice(List.copyOf(starts), part.dims(), Collections.nCopies(part.rank(), 1L));
    return Optional.of(call.cotangent().recorder().apply(slice, List.of(call.cotangent())));
  }

  /** The tangent as a sum of padded operands, which vjp would lead to, were as long as all. */
  @Override
  public boolean isLinear() {
    return true;
  }
}
