package dev.millrace.flow;

import dev.millrace.op.Expr;
import java.util.Optional;

/**
 * The weights of a recurrent cell; its gates are blocks of rows, as in PyTorch: one for an RNN;
 * reset, update, new for a GRU; input, forget, cell, output for an LSTM.
 *
 * @param input what the input is multiplied by, {@code [gates * hidden, in]}
 * @param hidden what the state is multiplied by, {@code [gates * hidden, hidden]}
 * @param inputBias added to the first product, {@code [gates * hidden]}
 * @param hiddenBias added to the second one, {@code [gates * hidden]}
 */
public record CellWeights(
    Expr input, Expr hidden, Optional<Expr> inputBias, Optional<Expr> hiddenBias) {
  /** Weights without biases. */
  public static CellWeights of(Expr input, Expr hidden) {
    return new CellWeights(input, hidden, Optional.empty(), Optional.empty());
  }

  /** Weights and both biases. */
  public static CellWeights of(Expr input, Expr hidden, Expr inputBias, Expr hiddenBias) {
    return new CellWeights(input, hidden, Optional.of(inputBias), Optional.of(hiddenBias));
  }
}
