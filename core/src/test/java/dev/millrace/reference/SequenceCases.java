package dev.millrace.reference;

import static dev.millrace.Ops.*;

import dev.millrace.flow.CellWeights;
import dev.millrace.flow.Direction;
import dev.millrace.flow.LstmState;
import dev.millrace.flow.Recurrence;
import dev.millrace.flow.RecurrentOutput;
import dev.millrace.op.Attention;
import dev.millrace.op.AttentionWeights;
import dev.millrace.op.Expr;
import java.util.ArrayList;
import java.util.List;

/** Recurrent cells and layers, attention. */
final class SequenceCases {
  private SequenceCases() {}

  static void addTo(CaseTable table) {
    table.op("rnn_cell", in -> rnnCell(in.x(), in.get("h"), cell(in)));
    table.op(
        "gru_cell", in -> gruCell(in.x(), in.get("h"), cell(in), in.flag("linear_before_reset")));
    table.opAll("lstm_cell", SequenceCases::lstmStep);
    table.opAll("gru", in -> outputs(gru(in.x(), layers(in), how(in))));
    table.opAll("lstm", in -> outputs(lstm(in.x(), layers(in), how(in))));
    table.op("scaled_dot_product_attention", SequenceCases::attended);
    table.op(
        "multi_head_attention",
        in ->
            multiHeadAttention(
                in.x(),
                AttentionWeights.of(in.get("wq"), in.get("wk"), in.get("wv"), in.get("wo")),
                in.integer("heads", 1)));
    table.op(
        "rotary_embedding",
        in -> rotaryEmbedding(in.x(), in.number("base", 10_000), in.flag("interleaved")));
  }

  private static CellWeights cell(Operands in) {
    return CellWeights.of(in.get("w_ih"), in.get("w_hh"), in.get("b_ih"), in.get("b_hh"));
  }

  private static List<Expr> lstmStep(Operands in) {
    LstmState next = lstmCell(in.x(), new LstmState(in.get("h"), in.get("c")), cell(in));
    return List.of(next.h(), next.c());
  }

  private static Recurrence how(Operands in) {
    return Recurrence.of(in.flag("bidirectional") ? Direction.BIDIRECTIONAL : Direction.FORWARD);
  }

  private static List<CellWeights> layers(Operands in) {
    var layers = new ArrayList<CellWeights>();
    for (int layer = 0; layer < in.integer("layers", 1); layer++) {
      layers.add(layer(in, "_l" + layer));
      if (in.flag("bidirectional")) {
        layers.add(layer(in, "_l" + layer + "_reverse"));
      }
    }
    return layers;
  }

  private static CellWeights layer(Operands in, String suffix) {
    return CellWeights.of(
        in.get("w_ih" + suffix),
        in.get("w_hh" + suffix),
        in.get("b_ih" + suffix),
        in.get("b_hh" + suffix));
  }

  private static List<Expr> outputs(RecurrentOutput output) {
    var all = new ArrayList<Expr>(List.of(output.y()));
    all.addAll(output.states());
    return all;
  }

  private static Expr attended(Operands in) {
    Attention how = in.flag("causal") ? Attention.CAUSAL : Attention.FULL;
    if (in.has("m")) {
      how = how.mask(in.get("m"));
    }
    return scaledDotProductAttention(in.get("q"), in.get("k"), in.get("v"), how);
  }
}
