package dev.millrace.flow;

import dev.millrace.op.Expr;
import java.util.List;
import java.util.Optional;

/**
 * How recurrent layers go through time.
 *
 * @param lengths how many steps of each sequence count, int64 {@code [batch]}; all if absent
 * @param initial first states, {@code [layers * ways, batch, hidden]} each: h, and c of an LSTM;
 *     zeros if there are none
 */
public record Recurrence(Direction direction, Optional<Expr> lengths, List<Expr> initial) {
  /** Forward over all steps, from states of 0. */
  public static final Recurrence FORWARD = of(Direction.FORWARD);

  public Recurrence {
    initial = List.copyOf(initial);
  }

  /** Over all steps, from states of 0. */
  public static Recurrence of(Direction direction) {
    return new Recurrence(direction, Optional.empty(), List.of());
  }

  /**
   * Over the first {@code lengths} steps of each sequence: behind them y is 0, and states stay as
   * they are.
   */
  public Recurrence lengths(Expr lengths) {
    return new Recurrence(direction, Optional.of(lengths), initial);
  }

  /** From these states on. */
  public Recurrence initial(Expr... states) {
    return new Recurrence(direction, lengths, List.of(states));
  }
}
