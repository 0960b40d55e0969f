package dev.millrace.reference;

import static dev.millrace.Ops.*;
import static dev.millrace.reference.Operands.size;

import dev.millrace.op.Expr;
import dev.millrace.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Attention, recurrent cells and small graphs. */
final class NeuralCases {
  private NeuralCases() {}

  static void addTo(CaseTable table) {
    addGraphs(table);
    table.put("attention_cross", in -> attention(in.get("q"), in.get("k"), in.get("v")));
    table.put("rotary_embedding", NeuralCases::rotary);
    table.putAll("gru_seq", in -> recurrent(in, NeuralCases::gru, "").outputs());
    table.putAll("gru_bidirectional", NeuralCases::bidirectionalGru);
    table.putAll("lstm_seq", in -> recurrent(in, NeuralCases::lstm, "").outputs());
  }

  private static void addGraphs(CaseTable table) {
    table.put(
        "fan_out",
        in -> {
          Expr y = matmul(in.x(), in.get("w"));
          return tanh(y).plus(y.times(logistic(y))).sum(0);
        });
    table.put(
        "weight_tying",
        in -> {
          Expr e = in.get("e");
          Expr logits = matmul(tanh(gather(e, in.get("i"), 0)), transpose(e));
          Expr labels = cast(oneHot(in.get("i"), size(e, 0)), in.dtype());
          return softmaxCrossEntropy(labels, logits).mean();
        });
    table.put("transformer_block", NeuralCases::transformerBlock);
  }

  /** {@code [batch, heads, queries, d]} against keys and values. */
  private static Expr attention(Expr q, Expr k, Expr v) {
    Expr scores = matmul(q, transpose(k)).dividedBy(Math.sqrt(size(q, -1)));
    return matmul(softmax(scores), v);
  }

  private static Expr transformerBlock(Operands in) {
    Expr x = in.x();
    Expr first = layerNorm(x, in.get("g1"), in.get("b1"), in.number("eps"));
    Expr heads =
        attention(
            heads(in, matmul(first, in.get("wq"))),
            heads(in, matmul(first, in.get("wk"))),
            heads(in, matmul(first, in.get("wv"))));
    Expr joined = reshape(transpose(heads, 0, 2, 1, 3), x.shape());
    Expr attended = x.plus(matmul(joined, in.get("wo")));
    Expr second = layerNorm(attended, in.get("g2"), in.get("b2"), in.number("eps"));
    return attended.plus(matmul(gelu(matmul(second, in.get("w1"))), in.get("w2")));
  }

  private static Expr heads(Operands in, Expr x) {
    int heads = (int) in.number("heads");
    Expr split = reshape(x, size(x, 0), size(x, 1), heads, size(x, 2) / heads);
    return transpose(split, 0, 2, 1, 3);
  }

  private static Expr rotary(Operands in) {
    int length = size(in.x(), 2);
    int half = size(in.x(), 3) / 2;
    double[] frequencies = new double[half];
    for (int i = 0; i < half; i++) {
      frequencies[i] = Math.pow(in.number("base"), -(double) i / half);
    }
    Expr positions = reshape(in.vector(length, i -> i), length, 1);
    Expr angles = positions.times(in.constant(Shape.of(half), frequencies));
    Expr x1 = slice(in.x(), 3, 0, half);
    Expr x2 = slice(in.x(), 3, half, 2L * half);
    return concat(
        3,
        x1.times(cos(angles)).minus(x2.times(sin(angles))),
        x2.times(cos(angles)).plus(x1.times(sin(angles))));
  }

  /** The state of a recurrent cell: what it gives, and what else it keeps. */
  private record State(Expr h, Expr c) {}

  /** One step: products of the input and of the state before with their weights, biases added. */
  @FunctionalInterface
  private interface Cell {
    State step(Expr input, Expr hidden, State before);
  }

  /** What a layer gives at each time, and the last state. */
  private record Layer(Expr y, State last, boolean hasCell) {
    List<Expr> outputs() {
      return hasCell
          ? List.of(y, expandDims(last.h, 0), expandDims(last.c, 0))
          : List.of(y, expandDims(last.h, 0));
    }
  }

  private static Layer recurrent(Operands in, Cell cell, String direction) {
    int hidden = (int) in.number("hidden");
    int batch = size(in.x(), 1);
    int length = size(in.x(), 0);
    Expr zeros = reshape(in.vector(batch * hidden, i -> 0), batch, hidden);
    State state = new State(zeros, zeros);
    var outputs = new ArrayList<Expr>();
    for (int i = 0; i < length; i++) {
      int t = direction.isEmpty() ? i : length - 1 - i;
      Expr x = squeeze(slice(in.x(), 0, t, t + 1), 0);
      Expr input =
          matmul(x, transpose(in.get("w_ih_l0" + direction))).plus(in.get("b_ih_l0" + direction));
      Expr before =
          matmul(state.h, transpose(in.get("w_hh_l0" + direction)))
              .plus(in.get("b_hh_l0" + direction));
      state = cell.step(input, before, state);
      outputs.add(state.h);
    }
    if (!direction.isEmpty()) {
      Collections.reverse(outputs);
    }
    boolean hasCell = size(in.get("w_ih_l0" + direction), 0) == 4 * hidden;
    return new Layer(stack(0, outputs.toArray(Expr[]::new)), state, hasCell);
  }

  private static Expr part(Expr gates, int number, int parts) {
    int hidden = size(gates, 1) / parts;
    return slice(gates, 1, (long) number * hidden, (number + 1L) * hidden);
  }

  private static State gru(Expr input, Expr hidden, State before) {
    Expr r = logistic(part(input, 0, 3).plus(part(hidden, 0, 3)));
    Expr z = logistic(part(input, 1, 3).plus(part(hidden, 1, 3)));
    Expr n = tanh(part(input, 2, 3).plus(r.times(part(hidden, 2, 3))));
    Expr h = z.negate().plus(1).times(n).plus(z.times(before.h));
    return new State(h, h);
  }

  private static State lstm(Expr input, Expr hidden, State before) {
    Expr gates = input.plus(hidden);
    Expr kept = logistic(part(gates, 1, 4)).times(before.c);
    Expr c = kept.plus(logistic(part(gates, 0, 4)).times(tanh(part(gates, 2, 4))));
    return new State(logistic(part(gates, 3, 4)).times(tanh(c)), c);
  }

  private static List<Expr> bidirectionalGru(Operands in) {
    Layer forward = recurrent(in, NeuralCases::gru, "");
    Layer backward = recurrent(in, NeuralCases::gru, "_reverse");
    return List.of(concat(2, forward.y, backward.y), stack(0, forward.last.h, backward.last.h));
  }
}
