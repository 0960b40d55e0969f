package dev.millrace.cpu;

import dev.millrace.kernel.Index;
import dev.millrace.kernel.Statement.Axis;
import dev.millrace.kernel.Statement.Place;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs a tile of vectors on a little data of its own until the JVM has compiled it. Many short
 * calls get there much sooner than a kernel's long ones: the JVM counts calls, and interprets each
 * step of vectors slowly.
 */
final class TileWarmUp {
  private static final Set<TileKind> DONE = ConcurrentHashMap.newKeySet();

  /** Value of every size that a kind leaves open. */
  private static final int SIZE = 3;

  private static final int STEPS = 7;

  /** Extent of the innermost axis of several, so that the JVM takes it for a long loop. */
  private static final int INNER = 64;

  private static final int TAIL = 3;
  private static final int CALLS = 100;
  private static final long MOST_NANOS = 1_000_000_000L;

  /** Nanoseconds of a multiplication of vectors above which it is not compiled yet. */
  private static final double COMPILED = 8;

  private static final int FAST_ROUNDS = 3;

  private final TileKind kind;
  private final TileCode code;
  private final Object left;
  private final Object right;
  private final Object target;
  private final Object partials;
  private final int[] sizes;
  private final double multiplications;

  /** Rows until all axes but the outermost are where they began. */
  private final int rows;

  private int calls;

  TileWarmUp(TileKind kind) {
    this.kind = kind;
    this.code = kind.code();
    this.sizes = new int[PartialLayout.sizes() + TileFrame.sizes(kind.contract()).size()];
    Arrays.fill(sizes, SIZE);
    List<Axis> inner = kind.contract().inner();
    if (inner.size() > 1 && !inner.getLast().extent().isKnown()) {
      sizes[PartialLayout.sizes() + TileFrame.number(inner.getLast().extent())] = INNER;
    }
    this.left = array(kind.contract().left(), 1);
    this.right = array(kind.contract().right(), columns());
    this.target = array(kind.contract().target(), columns());
    this.partials = dtype().newArray(TileTail.MOST_SUMS);
    this.rows = period();
    double steps = steps();
    for (Axis axis : inner.subList(1, inner.size())) {
      steps *= extent(axis);
    }
    this.multiplications = steps * kind.height();
  }

  /** Returns when the tile is compiled, or does not seem to get compiled. */
  static void run(TileKind kind) {
    if (DONE.add(kind)) {
      new TileWarmUp(kind).run();
    }
  }

  private void run() {
    long begin = System.nanoTime();
    int fast = 0;
    while (fast < FAST_ROUNDS && System.nanoTime() - begin < MOST_NANOS) {
      long start = System.nanoTime();
      for (int i = 0; i < CALLS; i++) {
        call();
      }
      double nanos = (double) (System.nanoTime() - start) / CALLS;
      fast = nanos < COMPILED * multiplications ? fast + 1 : 0;
    }
  }

  /**
   * Computes the tile; every other time its sums go on, and it begins at another row each time:
   * branches that were never taken are not compiled.
   */
  void call() {
    calls++;
    int from = calls & 1;
    code.run(
        left, 0, right, 0, target, 0, columns(), calls % rows, from, steps(), sizes, partials, 0);
  }

  /** Columns of the tile; of a tail that relies on their number, that number. */
  private int columns() {
    long most = Columns.of(kind.contract().columns()).most();
    boolean isTail = kind.width() == 0;
    return !isTail ? kind.width() : (int) (most < VectorTile.WIDEST ? most : TAIL);
  }

  private DType dtype() {
    return kind.contract().target().buffer().dtype();
  }

  /** An array that ends with the last element, as an operand's may. */
  private Object array(Place place, int columns) {
    Index index = place.index();
    long last = columns - 1L;
    for (var axis : kind.contract().row()) {
      boolean isOnly = kind.contract().row().size() == 1;
      last += (long) value(index.factor(axis.variable())) * (isOnly ? kind.height() - 1 : SIZE);
    }
    for (var axis : kind.contract().inner()) {
      boolean isOuter = axis.equals(kind.contract().inner().getFirst());
      int extent = isOuter ? steps() : extent(axis);
      last += (long) value(index.factor(axis.variable())) * (extent - 1);
    }
    return place.buffer().dtype().newArray((int) last + 1);
  }

  private int period() {
    int period = 1;
    for (Axis axis : kind.contract().row().subList(1, kind.contract().row().size())) {
      period *= value(axis.extent());
    }
    return period;
  }

  private int steps() {
    return kind.contract().inner().size() > 1 ? SIZE : STEPS;
  }

  private int extent(Axis axis) {
    return valueOr(axis.equals(kind.contract().inner().getLast()) ? INNER : SIZE, axis.extent());
  }

  private static int value(Dim dim) {
    return valueOr(SIZE, dim);
  }

  private static int valueOr(int open, Dim dim) {
    return dim.isKnown() ? (int) dim.value() : open;
  }
}
