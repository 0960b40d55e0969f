package dev.millrace.op;

import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Unification;
import java.util.List;
import java.util.Optional;

/** The operand as it is, with the condition that {@code axis} divides into {@code parts}. */
record EqualParts(int axis, long parts) implements Op {
  @Override
  public String name() {
    return "split";
  }

  @Override
  public Type infer(List<Expr> operands, Unification dims) {
    return operands.getFirst().type();
  }

  @Override
  public List<Requirement> requirements(List<Type> operands) {
    Dim extent = operands.getFirst().shape().dim(axis);
    Dim covered = extent.floorDividedBy(parts).times(parts);
    String rule = "dim " + axis + " must divide into " + parts + " equal parts";
    return List.of(new Requirement(covered.minus(extent), Dim.ONE, rule));
  }

  @Override
  public Definition define(List<Type> operands, Type result) {
    return new Definition.View(Axes.identity(result.shape().rank()));
  }

  @Override
  public Optional<Expr> vjp(int operand, Call call) {
    return Optional.of(call.cotangent());
  }
}
