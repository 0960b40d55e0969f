package dev.millrace.op;

import dev.millrace.tensor.Unification;
import java.util.List;
import java.util.Optional;

/**
 * A primitive operation: one record whose components are its attributes, and whose methods are all
 * that the rest of the system knows of it - its rule for types, its definition as loops, its
 * derivative.
 *
 * <p>Two ops that are {@link Object#equals equal} compute the same from the same operands.
 */
public interface Op {
  /** Name in messages and in the text form of graphs. */
  String name();

  /**
   * Type of the result, which also checks the operands.
   *
   * @param dims where dims that must agree are made the same
   * @throws dev.millrace.tensor.MillraceException if the operands break a rule; the message names
   *     it
   */
  Type infer(List<Expr> operands, Unification dims);

  /** What the result's elements are, for operands and a result of these types. */
  Definition define(List<Type> operands, Type result);

  /**
   * Vector-Jacobian product: the cotangent of operand number {@code operand}, of that operand's
   * type, as an expression. Empty where the result does not depend on it smoothly (indices,
   * comparisons, rounding).
   */
  Optional<Expr> vjp(int operand, Call call);

  /**
   * Whether the result is linear in all operands together: then the op applied to tangents gives
   * the tangent of the result. Other ops' tangents follow from {@link #vjp}.
   */
  default boolean isLinear() {
    return false;
  }

  /** What the op needs of dims that are unknown before a run; nothing for most ops. */
  default List<Requirement> requirements(List<Type> operands) {
    return List.of();
  }

  /** Whether {@link #vjp} gives something for floating-point operands. */
  default boolean isDifferentiable() {
    return true;
  }

  /**
   * One application of an op while it is differentiated.
   *
   * @param cotangent derivative of the final scalar with respect to {@code result}
   */
  record Call(List<Expr> operands, Expr result, Expr cotangent) {
    /** Operand number {@code number}. */
    public Expr operand(int number) {
      return operands.get(number);
    }
  }
}
