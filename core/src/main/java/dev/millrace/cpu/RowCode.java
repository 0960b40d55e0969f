package dev.millrace.cpu;

import dev.millrace.kernel.Statement.Axis;
import dev.millrace.kernel.Statement.Place;
import dev.millrace.tensor.Dim;
import java.util.List;

/** The code of a {@link RowTile}: finds the rows, and hands the steps to {@link RowLoops}. */
final class RowCode implements TileCode {
  private final int height;
  private final Size[] rowExtents;
  private final Size[] leftRows;
  private final Size[] targetRows;
  private final Size[] innerExtents;
  private final Size[] leftSteps;
  private final Size[] rightSteps;
  private final Size rightColumn;
  private final Size targetColumn;
  private final ThreadLocal<RowLoops> loops;

  /** A size of a tile: where it is in the array of sizes, or, below 0, what it is. */
  private record Size(int number, int known) {
    static Size of(Dim dim) {
      return dim.isKnown()
          ? new Size(-1, (int) dim.value())
          : new Size(PartialLayout.sizes() + TileFrame.number(dim), 0);
    }

    int in(int[] sizes) {
      return number < 0 ? known : sizes[number];
    }
  }

  RowCode(TileKind kind, ThreadLocal<RowLoops> loops) {
    var contract = kind.contract();
    this.height = kind.height();
    this.rowExtents = extents(contract.row());
    this.leftRows = factors(contract.left(), contract.row());
    this.targetRows = factors(contract.target(), contract.row());
    this.innerExtents = extents(contract.inner());
    this.leftSteps = factors(contract.left(), contract.inner());
    this.rightSteps = factors(contract.right(), contract.inner());
    this.rightColumn = Size.of(contract.right().index().factor(contract.column()));
    this.targetColumn = Size.of(contract.target().index().factor(contract.column()));
    this.loops = loops;
  }

  private static Size[] extents(List<Axis> axes) {
    return axes.stream().map(axis -> Size.of(axis.extent())).toArray(Size[]::new);
  }

  private static Size[] factors(Place place, List<Axis> axes) {
    return axes.stream()
        .map(axis -> Size.of(place.index().factor(axis.variable())))
        .toArray(Size[]::new);
  }

  @Override
  public void run(
      Object left,
      int leftStart,
      Object right,
      int rightStart,
      Object target,
      int targetStart,
      int columns,
      int row,
      int from,
      int to,
      int[] sizes,
      Object partials,
      int place) {
    RowLoops rows = loops.get();
    int count = Math.min(columns, RowTile.WIDTH);
    rows.open(left, right, target);
    rows.height = height;
    rows.columns = count;
    rows.rightColumn = rightColumn.in(sizes);
    rows.targetColumn = targetColumn.in(sizes);
    place(rows.leftStarts, leftRows, leftStart, row, sizes);
    place(rows.targetStarts, targetRows, targetStart, row, sizes);
    rows.start(from > 0);
    fold(rows, 0, from, to, 0, rightStart, sizes);
    rows.finish();
  }

  /** Where the rows begin: even ones one behind the other, others by their coordinates. */
  private void place(int[] starts, Size[] factors, int start, int row, int[] sizes) {
    for (int i = 0; i < height; i++) {
      int rest = factors.length > 1 ? row + i : i;
      int position = start;
      for (int axis = factors.length - 1; axis > 0; axis--) {
        int extent = rowExtents[axis].in(sizes);
        position += rest % extent * factors[axis].in(sizes);
        rest /= extent;
      }
      starts[i] = position + rest * factors[0].in(sizes);
    }
  }

  private void fold(RowLoops rows, int axis, int from, int to, int left, int right, int[] sizes) {
    int leftStep = leftSteps[axis].in(sizes);
    int rightStep = rightSteps[axis].in(sizes);
    if (axis == innerExtents.length - 1) {
      rows.steps(to - from, left + from * leftStep, leftStep, right + from * rightStep, rightStep);
      return;
    }
    int extent = innerExtents[axis + 1].in(sizes);
    for (int i = from; i < to; i++) {
      fold(rows, axis + 1, 0, extent, left + i * leftStep, right + i * rightStep, sizes);
    }
  }
}
