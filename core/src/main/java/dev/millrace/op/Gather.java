package dev.millrace.op;

import dev.millrace.tensor.Unification;
import java.util.List;
import java.util.Optional;

/**
 * The elements of operand 0 that the indices of operand 1 pick out. An index outside of its axis
 * ends the run with an {@code IndexException}.
 */
record Gather(Addressing places) implements Op {
  @Override
  public String name() {
    return places.reading();
  }

  @Override
  public Type infer(List<Expr> operands, Unification dims) {
    Expr x = operands.get(0);
    Addressing.checkIndices(name(), operands.get(1));
    return new Type(x.dtype(), places.part(name(), x, operands.get(1), dims));
  }

  @Override
  public Definition define(List<Type> operands, Type result) {
    return new Definition.Lookup(
        places.coordinates(operands.get(0).shape(), operands.get(1).shape()));
  }

  @Override
  public Optional<Expr> vjp(int operand, Call call) {
    if (operand == 1) {
      return Optional.empty();
    }
    Expr zeros = Scatter.filled(call.operand(0), 0);
    return Optional.of(
        new Scatter(places, Combine.ADD).of(zeros, call.operand(1), call.cotangent()));
  }
}
