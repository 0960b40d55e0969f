package dev.millrace.flow;

import dev.millrace.op.Expr;
import java.util.List;

/**
 * What recurrent layers give.
 *
 * @param y of the last layer at each step, {@code [time, batch, ways * hidden]}; 0 behind the end
 *     of a sequence
 * @param states after each sequence's end, {@code [layers * ways, batch, hidden]}: h, and c of an
 *     LSTM
 */
public record RecurrentOutput(Expr y, List<Expr> states) {
  public RecurrentOutput {
    states = List.copyOf(states);
  }

  /** The last h of each layer and way, {@code [layers * ways, batch, hidden]}. */
  public Expr h() {
    return states.getFirst();
  }

  /** The last c of each layer and way of an LSTM, {@code [layers * ways, batch, hidden]}. */
  public Expr c() {
    return states.get(1);
  }
}
