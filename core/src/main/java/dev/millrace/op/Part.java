package dev.millrace.op;

import dev.millrace.tensor.Unification;
import java.util.List;
import java.util.Optional;

/** Result {@code number} of the bundle that is the operand, which {@code of} computes. */
public record Part(Bundle of, int number) implements Op {
  @Override
  public String name() {
    return of.name();
  }

  @Override
  public Type infer(List<Expr> operands, Unification dims) {
    Type type = of.part(number, operands.getFirst().operands());
    return new Type(type.dtype(), dims.resolve(type.shape()));
  }

  @Override
  public Definition define(List<Type> operands, Type result) {
    return new Definition.Part(number);
  }

  /** Derivatives go through all parts at once: see {@link Bundle#pullBack}. */
  @Override
  public Optional<Expr> vjp(int operand, Call call) {
    return Optional.empty();
  }

  @Override
  public boolean isDifferentiable() {
    return of.isDifferentiable();
  }

  @Override
  public String toString() {
    return "part " + number + " of";
  }
}
