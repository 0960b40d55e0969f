package dev.millrace.op;

import static dev.millrace.op.Combine.ADD;
import static dev.millrace.op.Combine.MAX;
import static dev.millrace.op.Combine.MIN;
import static dev.millrace.op.Combine.MULTIPLY;
import static dev.millrace.op.Combine.SET;
import static dev.millrace.op.OpList.entry;
import static dev.millrace.op.OpList.indices;
import static dev.millrace.op.OpList.places;
import static dev.millrace.tensor.Shape.ANY;

import dev.millrace.op.OpList.Operand;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import java.util.List;

/** The lines of {@link OpList} for look-ups, scatters, scans, sorting, windows and diagonals. */
final class IndexingEntries {
  private IndexingEntries() {}

  static List<OpList.Entry> all() {
    return List.of(
        entry("gather", (t, x) -> gather(0, 0), values(3, 4), indices(ANY, 2)),
        entry("gather", (t, x) -> gather(1, 0), values(ANY, 3, 2), indices(4)),
        entry("gather", (t, x) -> gather(1, 1), values(2, 3, ANY), indices(2, 4)),
        entry("takeAlongAxis", (t, x) -> take(0), values(3, ANY), indices(4, ANY)),
        entry("takeAlongAxis", (t, x) -> take(1), values(ANY, 3), indices(ANY, 2)),
        entry("gatherNd", (t, x) -> nd(0), values(3, 4, ANY), indices(5, 2)),
        entry("gatherNd", (t, x) -> nd(1), values(ANY, 3, 2), indices(ANY, 4, 1)),
        entry("dynamicSlice", (t, x) -> block(x.get(0)), values(4, ANY, 5), places(3)),
        entry("scatterSet", (t, x) -> put(0, SET), values(3, ANY), indices(5), values(5, ANY)),
        entry("scatterAdd", (t, x) -> put(0, ADD), values(3, ANY), indices(5), values(5, ANY)),
        entry("scatterAdd", (t, x) -> put(1, ADD), values(ANY, 3), indices(4), values(ANY, 4)),
        entry("scatterMultiply", (t, x) -> put(0, MULTIPLY), values(3), indices(5), values(5)),
        entry("scatterMax", (t, x) -> put(0, MAX), values(3, ANY), indices(5), values(5, ANY)),
        entry("scatterMin", (t, x) -> put(0, MIN), values(3, ANY), indices(5), values(5, ANY)),
        entry(
            "scatterElementsAdd",
            (t, x) -> new Scatter(new Addressing.Elements(1), ADD),
            values(ANY, 3),
            indices(ANY, 4),
            values(ANY, 4)),
        entry(
            "scatterNdSet",
            (t, x) -> new Scatter(new Addressing.Tuples(0), SET),
            values(3, 4, ANY),
            indices(3, 2),
            values(3, ANY)),
        entry(
            "dynamicUpdateSliceSet",
            (t, x) -> new Scatter(new Addressing.Block(x.get(2).shape().dims()), SET),
            values(4, ANY),
            places(2),
            values(2, ANY)),
        scan(Scan.Kind.SUM, 1, false, false, values(3, ANY)),
        scan(Scan.Kind.SUM, 0, true, true, values(ANY, 3)),
        scan(Scan.Kind.PRODUCT, 1, false, true, values(2, ANY, 3)),
        scan(Scan.Kind.PRODUCT, 0, true, false, values(ANY)),
        scan(Scan.Kind.MAX, 1, false, false, values(2, ANY)),
        scan(Scan.Kind.MAX, 0, false, true, values(ANY, 2)),
        scan(Scan.Kind.MIN, 0, false, true, values(ANY, 2)),
        scan(Scan.Kind.LOG_SUM_EXP, 1, false, false, values(2, ANY)),
        scan(Scan.Kind.LOG_SUM_EXP, 0, false, true, values(ANY, 2)),
        scan(Scan.Kind.LAST, 0, true, false, values(ANY, 2)),
        scan(Scan.Kind.RECURRENCE, 0, false, false, values(ANY, 2), values(ANY, 2)),
        scan(Scan.Kind.RECURRENCE, 1, false, true, values(2, ANY), values(2, ANY)),
        entry("slidingWindow", (t, x) -> new Windows(1, 3, 2, 2), values(ANY, 9, 2)),
        entry("slidingWindow", (t, x) -> new Windows(0, 2, 1, 1), values(4, ANY)),
        entry("overlapAdd", (t, x) -> adding(0, 3), values(7, ANY), values(3, 3, ANY)),
        entry("overlapAdd", (t, x) -> adding(1, 2), values(ANY, 4), values(ANY, 2, 2)),
        entry("diagonal", (t, x) -> new Diagonal(0, 1, 0), values(ANY, ANY)),
        entry("diagonal", (t, x) -> new Diagonal(0, 2, -1), values(4, ANY, 3)),
        entry("split", (t, x) -> new EqualParts(0, 1), values(ANY, 3)),
        entry("diag", (t, x) -> diag(x.get(0)), values(2, ANY)),
        entry("argSort", (t, x) -> new ArgSort(false), values(2, ANY)),
        entry("argSort", (t, x) -> new ArgSort(true), values(ANY, 5)));
  }

  private static Operand values(long... dims) {
    return OpList.values(dims);
  }

  private static Op gather(int axis, int batch) {
    return new Gather(new Addressing.Slices(axis, batch));
  }

  private static Op take(int axis) {
    return new Gather(new Addressing.Elements(axis));
  }

  private static Op nd(int batch) {
    return new Gather(new Addressing.Tuples(batch));
  }

  /** A block of 2 along the first and last axis, and of all of axis 1. */
  private static Op block(Expr x) {
    return new Gather(new Addressing.Block(x.shape().with(0, Dim.of(2)).with(2, Dim.of(2)).dims()));
  }

  private static Op put(int axis, Combine how) {
    return new Scatter(new Addressing.Slices(axis, 0), how);
  }

  /** Windows of {@code size}, 2 apart, with elements next to each other. */
  private static Op adding(int axis, long size) {
    return new Windows.OverlapAdd(new Windows(axis, size, 2, 1));
  }

  /** Above the main diagonal of matrices. */
  private static Op diag(Expr x) {
    Dim size = x.shape().dim(1).plus(1);
    return new Diagonal.OnDiagonal(new Diagonal(1, 2, 1), Shape.of(x.shape().dim(0), size, size));
  }

  private static OpList.Entry scan(
      Scan.Kind kind, int axis, boolean exclusive, boolean reverse, Operand... operands) {
    Op scan = new Scan(kind, axis, exclusive, reverse);
    return entry(scan.name(), (t, x) -> scan, operands);
  }
}
