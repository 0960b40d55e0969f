package dev.millrace.flow;

import dev.millrace.graph.Value;
import dev.millrace.op.Bundle;
import dev.millrace.op.Definition;
import dev.millrace.op.Expr;
import dev.millrace.op.Region;
import dev.millrace.op.Type;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Unification;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A loop, as {@link Definition.Iteration} describes it. Its derivatives are loops again: backwards
 * one that goes the other way through the stacks of states and computes each iteration once more,
 * forwards one that carries tangents beside the states. So there are derivatives of any order.
 *
 * @param name of the function that the user called, for messages
 */
record Loop(
    String name,
    Region body,
    Region condition,
    int states,
    int elements,
    boolean counted,
    Optional<Dim> length,
    boolean backward)
    implements Bundle {
  /** How many outputs an iteration has. */
  int outputs() {
    return body.results().size() - states;
  }

  @Override
  public int parts() {
    return 2 * states + outputs() + 1;
  }

  /** Number of the part that is the stack of state {@code state}. */
  int stack(int state) {
    return states + outputs() + state;
  }

  /** Number of the part that is the number of iterations. */
  int count() {
    return parts() - 1;
  }

  @Override
  public Type infer(List<Expr> operands, Unification dims) {
    return new Type(DType.BOOL, Shape.SCALAR);
  }

  @Override
  public Type part(int number, List<Expr> operands) {
    if (number < states) {
      return parameter(number).type();
    }
    if (number == count()) {
      return new Type(DType.INT64, Shape.SCALAR);
    }
    Type slice =
        number < states + outputs()
            ? body.results().get(number).type()
            : parameter(number - states - outputs()).type();
    var dims = new ArrayList<Dim>(slice.shape().dims());
    dims.addFirst(length.orElseThrow(() -> Messages.unbounded(name, body)));
    return new Type(slice.dtype(), Shape.of(dims));
  }

  /** The parameter of state or element {@code number}. */
  Value parameter(int number) {
    return (Value) body.parameters().get(1 + number);
  }

  /** The parameter that is the number of the iteration. */
  Value iteration() {
    return (Value) body.parameters().getFirst();
  }

  /** Position of the first state among the operands. */
  int firstState() {
    return counted ? 1 : 0;
  }

  /** Position of the first capture among the operands. */
  int firstCapture() {
    return firstState() + states + elements;
  }

  @Override
  public Definition define(List<Type> operands, Type result) {
    return new Definition.Iteration(body, condition, states, elements, counted, length, backward);
  }

  @Override
  public List<Optional<Expr>> pullBack(Flow flow) {
    return new LoopPullBack(this, flow).record();
  }

  @Override
  public List<Optional<Expr>> pushForward(Expr bundle, List<Optional<Expr>> tangents) {
    return new LoopPushForward(this, bundle, tangents).record();
  }

  @Override
  public String toString() {
    return name + " " + body;
  }
}
