package dev.millrace.onednn;

import dev.millrace.provider.Contraction;
import dev.millrace.provider.Contraction.Loop;
import dev.millrace.provider.Contraction.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * Products of matrices, {@code [m, k] x [k, n] -> [m, n]}, one for each count of the {@code batch}
 * loops. The target's rows are contiguous; left and right may be transposed: then it is their
 * columns that are contiguous in memory.
 *
 * @param offset where the first matrices begin
 * @param rowStep distances between the contiguous rows, or columns, of the three matrices
 * @param swapped whether left is what the contraction calls right, and the other way round
 */
record MatrixProduct(
    List<Loop> batch,
    Position offset,
    int m,
    int n,
    int k,
    boolean leftTransposed,
    boolean rightTransposed,
    Position rowStep,
    boolean swapped) {
  private static final Loop ONCE = new Loop(1, new Position(0, 0, 0));

  /** The matrix product that {@code contraction} is; empty if it is none. */
  static Optional<MatrixProduct> of(Contraction contraction) {
    return of(contraction.loops(), contraction.offset(), false)
        .or(() ->
            of(
                contraction.loops().stream()
                    .map(loop -> new Loop(loop.extent(), swap(loop.step())))
                    .toList(),
                swap(contraction.offset()),
                true));
  }

  private static Position swap(Position position) {
    return new Position(position.right(), position.left(), position.target());
  }

  private static Optional<MatrixProduct> of(List<Loop> loops, Position offset, boolean swapped) {
    var batch = new ArrayList<Loop>();
    var rows = new ArrayList<Loop>();
    var columns = new ArrayList<Loop>();
    var inner = new ArrayList<Loop>();
    for (Loop loop : loops) {
      Position step = loop.step();
      if (loop.extent() > 1) {
        (step.target() == 0 ? inner : step.right() == 0 ? rows : step.left() == 0 ? columns : batch)
            .add(loop);
      }
    }
    merge(rows, step -> step.target());
    merge(columns, step -> step.target());
    merge(inner, step -> step.left());
    if (columns.size() > 1 || inner.size() > 1) {
      return Optional.empty();
    }
    Loop row = rows.isEmpty() ? ONCE : rows.removeLast();
    batch.addAll(rows);
    return of(batch, offset, row, first(columns), first(inner), swapped);
  }

  private static Loop first(List<Loop> loops) {
    return loops.isEmpty() ? ONCE : loops.getFirst();
  }

  /** Makes one loop of neighbours that walk on where the inner one ends. */
  private static void merge(List<Loop> loops, ToIntFunction<Position> order) {
    loops.sort(
        Comparator.comparingInt((Loop loop) -> Math.abs(order.applyAsInt(loop.step()))).reversed());
    for (int i = loops.size() - 2; i >= 0; i--) {
      Loop outer = loops.get(i);
      Loop next = loops.get(i + 1);
      Position step = next.step();
      var whole =
          new Position(
              step.left() * next.extent(),
              step.right() * next.extent(),
              step.target() * next.extent());
      if (outer.step().equals(whole)) {
        loops.set(i, new Loop(outer.extent() * next.extent(), step));
        loops.remove(i + 1);
      }
    }
  }

  private static Optional<MatrixProduct> of(
      List<Loop> batch, Position offset, Loop row, Loop column, Loop inner, boolean swapped) {
    int m = row.extent();
    int n = column.extent();
    int k = inner.extent();
    boolean leftPlain = isMatrix(row.step().left(), m, inner.step().left(), k);
    boolean rightPlain = isMatrix(inner.step().right(), k, column.step().right(), n);
    boolean leftTurned = isMatrix(inner.step().left(), k, row.step().left(), m);
    boolean rightTurned = isMatrix(column.step().right(), n, inner.step().right(), k);
    if (!(leftPlain || leftTurned)
        || !(rightPlain || rightTurned)
        || !isMatrix(row.step().target(), m, column.step().target(), n)) {
      return Optional.empty();
    }
    var rowStep =
        new Position(
            leftPlain ? Math.max(row.step().left(), k) : Math.max(inner.step().left(), m),
            rightPlain ? Math.max(inner.step().right(), n) : Math.max(column.step().right(), k),
            Math.max(row.step().target(), n));
    return Optional.of(
        new MatrixProduct(
            List.copyOf(batch), offset, m, n, k, !leftPlain, !rightPlain, rowStep, swapped));
  }

  /** Whether lines of {@code width} contiguous elements lie apart from each other. */
  private static boolean isMatrix(int rowStep, int rows, int step, int width) {
    return (width == 1 || step == 1) && (rows == 1 || rowStep >= width);
  }

  /** How many products there are. */
  int count() {
    return batch.stream().mapToInt(Loop::extent).reduce(1, Math::multiplyExact);
  }

  /** Where the matrices of product {@code number} begin. */
  Position start(int number) {
    int left = offset.left();
    int right = offset.right();
    int target = offset.target();
    int rest = number;
    for (Loop loop : batch.reversed()) {
      int count = rest % loop.extent();
      rest /= loop.extent();
      left += count * loop.step().left();
      right += count * loop.step().right();
      target += count * loop.step().target();
    }
    return new Position(left, right, target);
  }

  /** Where element (row, inner) of left lies. */
  int leftAt(int row, int inner) {
    return leftTransposed ? inner * rowStep.left() + row : row * rowStep.left() + inner;
  }

  /** Where element (inner, column) of right lies. */
  int rightAt(int inner, int column) {
    return rightTransposed ? column * rowStep.right() + inner : inner * rowStep.right() + column;
  }

  /** Elements of left from the first to the last one of a matrix. */
  int leftSpan() {
    return leftAt(m - 1, k - 1) + 1;
  }

  /** Elements of right from the first to the last one of a matrix. */
  int rightSpan() {
    return rightAt(k - 1, n - 1) + 1;
  }
}
