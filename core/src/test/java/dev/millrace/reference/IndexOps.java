package dev.millrace.reference;

import static dev.millrace.Ops.*;

import dev.millrace.op.Combine;
import dev.millrace.op.Expr;
import dev.millrace.op.SortFunctions.TopK;
import java.util.List;

/** Look-ups, scatters, sorting, scans. */
final class IndexOps {
  private IndexOps() {}

  static void addTo(CaseTable table) {
    addLookups(table);
    addScans(table);
  }

  private static void addLookups(CaseTable table) {
    table.op("embedding", IndexOps::embedded);
    table.op("gather", in -> gather(in.x(), in.get("i"), in.integer("axis", 0)));
    table.op("gather_elements", in -> takeAlongAxis(in.x(), in.get("i"), in.integer("axis", 0)));
    table.op("gather_nd", in -> gatherNd(in.x(), in.get("i")));
    table.op("index_add", in -> indexAdd(in.x(), in.get("i"), in.get("u"), in.integer("axis", 0)));
    table.op(
        "scatter_elements",
        in -> scatterElements(how(in), in.x(), in.get("i"), in.get("u"), in.integer("axis", 0)));
    table.op("scatter_nd", in -> scatterNd(how(in), in.x(), in.get("i"), in.get("u")));
    table.op("masked_select", in -> maskedSelect(in.x(), in.get("m"), found(in), 0));
    table.op("segment_sum", in -> segmentSum(in.x(), in.get("i"), (long) in.number("segments")));
  }

  private static Expr embedded(Operands in) {
    Json padding = in.attributes().get("padding_idx");
    return padding.isAbsent()
        ? embedding(in.get("w"), in.get("i"))
        : embedding(in.get("w"), in.get("i"), (long) padding.number());
  }

  /** How many elements the case gives. */
  private static long found(Operands in) {
    return (long) in.outputs().list().getFirst().get("shape").numbers()[0];
  }

  private static Combine how(Operands in) {
    return switch (in.word("reduction", "none")) {
      case "none" -> Combine.SET;
      case "add", "sum" -> Combine.ADD;
      case "mul", "prod" -> Combine.MULTIPLY;
      case "max", "amax" -> Combine.MAX;
      case "min", "amin" -> Combine.MIN;
      default -> throw new IllegalArgumentException("reduction " + in.word("reduction", ""));
    };
  }

  private static void addScans(CaseTable table) {
    table.op(
        "cumsum",
        in ->
            cumulativeSum(in.x(), in.integer("axis", 0), in.flag("exclusive"), in.flag("reverse")));
    table.op("cumprod", in -> cumulativeProd(in.x(), in.integer("axis", 0)));
    table.op("logcumsumexp", in -> cumulativeLogSumExp(in.x(), in.integer("axis", 0)));
    table.op("sort", in -> sort(in.x(), in.integer("axis", -1), in.flag("descending")));
    table.opAll("topk", IndexOps::greatest);
  }

  private static List<Expr> greatest(Operands in) {
    TopK top =
        topK(
            in.x(),
            in.integer("k", 1),
            in.integer("axis", -1),
            in.attributes().get("largest").isAbsent() || in.flag("largest"));
    return List.of(top.values(), top.indices());
  }
}
