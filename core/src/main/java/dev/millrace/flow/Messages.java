package dev.millrace.flow;

import dev.millrace.graph.GraphException;
import dev.millrace.op.Expr;
import dev.millrace.op.Region;

/** Words of error messages of control flow. */
final class Messages {
  private Messages() {}

  /** {@code 'x' is FLOAT32 [3] (Main.java:9)}. */
  static String describe(Expr value) {
    return "'" + value.name() + "' is " + value.type() + " (" + value.origin() + ")";
  }

  static GraphException unbounded(String op, Region body) {
    return new GraphException(
        op
            + ": a derivative of reverse mode needs the state of each iteration, and there is no"
            + " limit to their number: "
            + describe(body.results().getFirst())
            + "; give the most iterations that there may be as the last argument, or use jvp");
  }
}
