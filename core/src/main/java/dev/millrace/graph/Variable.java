package dev.millrace.graph;

import dev.millrace.op.Expr;
import dev.millrace.op.Type;

/**
 * A value that a session keeps from run to run. As an operand it is its content at the start of the
 * run; {@link #assign} makes the action that changes it at the end.
 */
public final class Variable extends Value {
  private final Value initial;

  Variable(Graph graph, int id, Type type, Value initial, String name) {
    super(graph, id, Kind.VARIABLE, type, initial, name);
    this.initial = initial;
  }

  /** What {@link Graph#initializeAllVariables} sets it to. */
  public Value initial() {
    return initial;
  }

  /**
   * The action that sets this variable to {@code value}.
   *
   * @throws dev.millrace.tensor.MillraceException if the type or shape differs
   */
  public Action assign(Expr value) {
    return Action.of(this, value);
  }

  @Override
  public Variable named(String newName) {
    super.named(newName);
    return this;
  }
}
