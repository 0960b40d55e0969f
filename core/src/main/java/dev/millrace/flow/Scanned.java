package dev.millrace.flow;

import dev.millrace.op.Expr;
import java.util.List;

/**
 * What an iteration of a scan gives, or a whole scan: states, and outputs beside them.
 *
 * @param states the next states; of a whole scan, the last ones
 * @param outputs of the iteration; of a whole scan, all of them one after another along axis 0
 */
public record Scanned(List<Expr> states, List<Expr> outputs) {
  public Scanned {
    states = List.copyOf(states);
    outputs = List.copyOf(outputs);
  }

  /** One state, and the outputs. */
  public static Scanned of(Expr state, Expr... outputs) {
    return new Scanned(List.of(state), List.of(outputs));
  }

  /** State number {@code number}. */
  public Expr state(int number) {
    return states.get(number);
  }

  /** Output number {@code number}. */
  public Expr output(int number) {
    return outputs.get(number);
  }
}
