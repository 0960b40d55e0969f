package dev.millrace.reference;

import static dev.millrace.Ops.*;
import static dev.millrace.reference.Operands.size;

import dev.millrace.op.AttentionWeights;
import dev.millrace.op.Expr;

/** Small graphs of several operations. */
final class NeuralCases {
  private NeuralCases() {}

  static void addTo(CaseTable table) {
    addGraphs(table);
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

  private static Expr transformerBlock(Operands in) {
    Expr x = in.x();
    Expr first = layerNorm(x, in.get("g1"), in.get("b1"), in.number("eps"));
    var weights = AttentionWeights.of(in.get("wq"), in.get("wk"), in.get("wv"), in.get("wo"));
    Expr attended = x.plus(multiHeadAttention(first, weights, in.integer("heads", 1)));
    Expr second = layerNorm(attended, in.get("g2"), in.get("b2"), in.number("eps"));
    return attended.plus(matmul(gelu(matmul(second, in.get("w1"))), in.get("w2")));
  }
}
