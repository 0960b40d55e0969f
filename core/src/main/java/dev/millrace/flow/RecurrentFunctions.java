package dev.millrace.flow;

import dev.millrace.op.Expr;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Recurrent cells and layers. Weights are arguments, laid out as PyTorch's (see {@link
 * CellWeights}); layers are loops over time, so their length may be unknown and their code does not
 * grow with it.
 */
public class RecurrentFunctions extends FlowFunctions {
  private static final RecurrentLayers GRU = gru("gru", true);
  private static final RecurrentLayers GRU_BEFORE = gru("gru", false);
  private static final RecurrentLayers LSTM =
      new RecurrentLayers(
          "lstm",
          4,
          2,
          (input, states, weights) -> lstmStep(input, states.get(0), states.get(1), weights));

  /** For the class that gathers all functions. */
  protected RecurrentFunctions() {}

  private static RecurrentLayers rnn(String op, UnaryOperator<Expr> activation) {
    return new RecurrentLayers(
        op,
        1,
        1,
        (input, states, weights) ->
            List.of(activation.apply(input.plus(fromState(states.getFirst(), weights)))));
  }

  private static RecurrentLayers gru(String op, boolean resetAfter) {
    return new RecurrentLayers(
        op,
        3,
        1,
        (input, states, weights) ->
            List.of(gruStep(input, states.getFirst(), weights, resetAfter)));
  }

  /**
   * {@code tanh(x Wi' + bi + h Wh' + bh)}, {@code [batch, in] x [batch, hidden] -> [batch,
   * hidden]}.
   *
   * @throws ShapeException if weights or state do not fit
   */
  public static Expr rnnCell(Expr x, Expr h, CellWeights weights) {
    return rnnCell(x, h, weights, Expr::tanh);
  }

  /** {@link #rnnCell(Expr, Expr, CellWeights)} with another function than tanh. */
  public static Expr rnnCell(Expr x, Expr h, CellWeights weights, UnaryOperator<Expr> activation) {
    return step(rnn("rnnCell", activation), x, List.of(h), weights).getFirst();
  }

  /** {@link #gruCell(Expr, Expr, CellWeights, boolean)} with the reset after the product. */
  public static Expr gruCell(Expr x, Expr h, CellWeights weights) {
    return gruCell(x, h, weights, true);
  }

  /**
   * {@code (1 - z) n + z h} with {@code r, z = logistic(...)} and n a tanh of the input and of what
   * the reset gate r leaves of h, {@code [batch, in] x [batch, hidden] -> [batch, hidden]}. Source:
   * Cho et al., "Learning phrase representations using RNN encoder-decoder", 2014.
   *
   * @param resetAfter whether the reset is applied to the product, {@code r * (h Wn' + bn)}, as in
   *     PyTorch (in ONNX: linear_before_reset 1), or to the state, {@code (r * h) Wn' + bn}
   * @throws ShapeException if weights or state do not fit
   */
  public static Expr gruCell(Expr x, Expr h, CellWeights weights, boolean resetAfter) {
    return step(gru("gruCell", resetAfter), x, List.of(h), weights).getFirst();
  }

  /**
   * {@code c' = f c + i g, h' = o tanh(c')} with gates i, f, o by logistic and g by tanh. Source:
   * Hochreiter and Schmidhuber, "Long short-term memory", 1997, with the forget gate of Gers et al.
   *
   * @throws ShapeException if weights or state do not fit
   */
  public static LstmState lstmCell(Expr x, LstmState state, CellWeights weights) {
    RecurrentLayers one = new RecurrentLayers("lstmCell", 4, 2, LSTM.step());
    List<Expr> next = step(one, x, List.of(state.h(), state.c()), weights);
    return new LstmState(next.get(0), next.get(1));
  }

  private static List<Expr> step(
      RecurrentLayers layers, Expr x, List<Expr> states, CellWeights weights) {
    if (x.shape().rank() != 2) {
      throw new ShapeException(
          layers.op() + ": the input must be [batch, in]: " + Messages.describe(x));
    }
    layers.check(x, weights);
    states.forEach(state -> layers.checkState(x, state, weights));
    return layers.step().next(project(x, weights.input(), weights.inputBias()), states, weights);
  }

  /** One forward layer of {@link #rnnCell}. */
  public static RecurrentOutput rnn(Expr x, CellWeights weights) {
    return rnn(x, List.of(weights), Recurrence.FORWARD);
  }

  /**
   * Layers of {@link #rnnCell} over {@code [time, batch, in]}, each over the results of the one
   * before.
   *
   * @param weights for each layer; for two ways forward, then reverse
   * @throws ShapeException if weights, states or lengths do not fit
   */
  public static RecurrentOutput rnn(Expr x, List<CellWeights> weights, Recurrence how) {
    return rnn(x, weights, how, Expr::tanh);
  }

  /** {@link #rnn(Expr, List, Recurrence)} with another function than tanh. */
  public static RecurrentOutput rnn(
      Expr x, List<CellWeights> weights, Recurrence how, UnaryOperator<Expr> activation) {
    return rnn("rnn", activation).of(x, weights, how);
  }

  /** One forward layer of {@link #gruCell}, with the reset after the product. */
  public static RecurrentOutput gru(Expr x, CellWeights weights) {
    return gru(x, List.of(weights), Recurrence.FORWARD);
  }

  /** {@link #gru(Expr, List, Recurrence, boolean)} with the reset after the product. */
  public static RecurrentOutput gru(Expr x, List<CellWeights> weights, Recurrence how) {
    return gru(x, weights, how, true);
  }

  /**
   * Layers of {@link #gruCell} over {@code [time, batch, in]}.
   *
   * @param weights for each layer; for two ways forward, then reverse
   * @throws ShapeException if weights, states or lengths do not fit
   */
  public static RecurrentOutput gru(
      Expr x, List<CellWeights> weights, Recurrence how, boolean resetAfter) {
    return (resetAfter ? GRU : GRU_BEFORE).of(x, weights, how);
  }

  /** One forward layer of {@link #lstmCell}. */
  public static RecurrentOutput lstm(Expr x, CellWeights weights) {
    return lstm(x, List.of(weights), Recurrence.FORWARD);
  }

  /**
   * Layers of {@link #lstmCell} over {@code [time, batch, in]}; the states are h and c.
   *
   * @param weights for each layer; for two ways forward, then reverse
   * @throws ShapeException if weights, states or lengths do not fit
   */
  public static RecurrentOutput lstm(Expr x, List<CellWeights> weights, Recurrence how) {
    return LSTM.of(x, weights, how);
  }

  /** {@code x w' + bias}. */
  static Expr project(Expr x, Expr w, Optional<Expr> bias) {
    Expr product = matmul(x, transpose(w));
    return bias.map(product::plus).orElse(product);
  }

  private static Expr fromState(Expr h, CellWeights weights) {
    return project(h, weights.hidden(), weights.hiddenBias());
  }

  /** Blocks {@code from} to below {@code to} of rows or columns along {@code axis}. */
  private static Expr blocks(Expr x, int axis, int gates, int from, int to, Dim hidden) {
    var split = new ArrayList<>(x.shape().dims());
    split.set(axis, Dim.of(gates));
    split.add(axis + 1, hidden);
    Expr cut = slice(reshape(x, Shape.of(split)), axis, from, to);
    var joined = new ArrayList<>(x.shape().dims());
    joined.set(axis, hidden.times(to - from));
    return reshape(cut, Shape.of(joined));
  }

  private static Expr gate(Expr gates, int number, int count, Expr state) {
    return blocks(gates, 1, count, number, number + 1, state.shape().dim(1));
  }

  private static Expr gruStep(Expr input, Expr h, CellWeights weights, boolean resetAfter) {
    Expr forReset = resetAfter ? fromState(h, weights) : fromState(h, rows(weights, 0, 2));
    int count = resetAfter ? 3 : 2;
    Expr r = logistic(gate(input, 0, 3, h).plus(gate(forReset, 0, count, h)));
    Expr z = logistic(gate(input, 1, 3, h).plus(gate(forReset, 1, count, h)));
    Expr kept =
        resetAfter ? r.times(gate(forReset, 2, 3, h)) : fromState(r.times(h), rows(weights, 2, 3));
    Expr n = tanh(gate(input, 2, 3, h).plus(kept));
    return n.plus(z.times(h.minus(n)));
  }

  /** The weights and bias of the state for some gates of a GRU. */
  private static CellWeights rows(CellWeights weights, int from, int to) {
    Dim hidden = weights.hidden().shape().dim(1);
    return new CellWeights(
        weights.input(),
        blocks(weights.hidden(), 0, 3, from, to, hidden),
        weights.inputBias(),
        weights.hiddenBias().map(bias -> blocks(bias, 0, 3, from, to, hidden)));
  }

  private static List<Expr> lstmStep(Expr input, Expr h, Expr c, CellWeights weights) {
    Expr gates = input.plus(fromState(h, weights));
    Expr fresh = logistic(gate(gates, 0, 4, h)).times(tanh(gate(gates, 2, 4, h)));
    Expr next = logistic(gate(gates, 1, 4, h)).times(c).plus(fresh);
    return List.of(logistic(gate(gates, 3, 4, h)).times(tanh(next)), next);
  }
}
