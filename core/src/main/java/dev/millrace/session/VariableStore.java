package dev.millrace.session;

import dev.millrace.graph.Variable;
import java.lang.reflect.Array;
import java.util.HashMap;
import java.util.Map;

/**
 * What the variables of one session hold. Each has two arrays: its content, which runs read, and a
 * spare one, into which the next commit is computed; a commit swaps them. The owner of both is this
 * store; they are never handed out.
 */
final class VariableStore {
  /** One variable's arrays; no content before the first commit. */
  static final class Cell {
    private final Variable variable;
    private Object[] content = {};
    private Object spare;

    private Cell(Variable variable) {
      this.variable = variable;
      this.spare = variable.dtype().newArray(0);
    }

    /**
     * The content.
     *
     * @throws RunException if the variable has never been set
     */
    Object content() {
      if (content.length == 0) {
        throw new RunException(
            "run: variable '"
                + variable.name()
                + "' ("
                + variable.origin()
                + ") has no value yet; run graph.initializeAllVariables() in this session first, made"
                + " after the last variable (optimizers make some of their own)");
      }
      return content[0];
    }

    /** The array that the next commit will make the content. */
    Object spare(int size) {
      if (Array.getLength(spare) != size) {
        spare = variable.dtype().newArray(size);
      }
      return spare;
    }

    /** Makes the spare array the content. */
    void commit() {
      if (content.length == 0) {
        content = new Object[] {spare};
        spare = variable.dtype().newArray(0);
      } else {
        Object old = content[0];
        content[0] = spare;
        spare = old;
      }
    }
  }

  private final Map<Variable, Cell> cells = new HashMap<>();

  synchronized Cell cell(Variable variable) {
    return cells.computeIfAbsent(variable, Cell::new);
  }
}
