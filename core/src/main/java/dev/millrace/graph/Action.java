package dev.millrace.graph;

import dev.millrace.op.Expr;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.ShapeException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run does to variables: new contents for some of them, all computed from what they were
 * before the run, and committed together at its end.
 */
public final class Action {
  private static final Action NONE = new Action(new LinkedHashMap<>());

  private final Map<Variable, Value> assignments;

  private Action(Map<Variable, Value> assignments) {
    this.assignments = Collections.unmodifiableMap(assignments);
  }

  /** The action that does nothing. */
  public static Action none() {
    return NONE;
  }

  static Action of(Variable variable, Expr expression) {
    Value value = variable.graph().own("assign", expression);
    if (value.dtype() != variable.dtype()) {
      throw new DTypeException(
          "assign: the value has another type than the variable: " + value + ", " + variable);
    }
    if (value.shape().rank() != variable.shape().rank()
        || !variable.graph().unify(value.shape(), variable.shape())) {
      throw new ShapeException(
          "assign: the value has another shape than the variable: " + value + ", " + variable);
    }
    var assignments = new LinkedHashMap<Variable, Value>();
    assignments.put(variable, value);
    return new Action(assignments);
  }

  /**
   * All of these at once.
   *
   * @throws GraphException if two of them set one variable
   */
  public static Action all(Iterable<Action> actions) {
    var all = new LinkedHashMap<Variable, Value>();
    for (Action action : actions) {
      action.assignments.forEach((variable, value) -> {
        if (all.put(variable, value) != null) {
          throw new GraphException(
              "action: variable '"
                  + variable.name()
                  + "' is set twice in one run; all"
                  + " assignments of a run happen at once, so keep one of them");
        }
      });
    }
    return new Action(all);
  }

  /**
   * Both at once; for many actions {@link #all} is faster.
   *
   * @throws GraphException if both set one variable
   */
  public Action and(Action other) {
    return all(List.of(this, other));
  }

  /** The new content of each variable that changes, in a fixed order. */
  public Map<Variable, Value> assignments() {
    return assignments;
  }
}
