package dev.millrace.cpu;

import static dev.millrace.tensor.DType.FLOAT32;
import static dev.millrace.tensor.DType.FLOAT64;
import static dev.millrace.tensor.DType.INT32;

import dev.millrace.kernel.Buffer;
import dev.millrace.kernel.Buffer.Role;
import dev.millrace.kernel.Index;
import dev.millrace.kernel.Kernel;
import dev.millrace.kernel.KernelSketch;
import dev.millrace.kernel.Statement.Axis;
import dev.millrace.kernel.Statement.Contract;
import dev.millrace.kernel.Statement.Place;
import dev.millrace.kernel.Statement.Range;
import dev.millrace.kernel.Statement.Split;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Random contractions with several row and inner axes, as convolutions and their gradients have
 * them: windows that overlap, rows and columns in blocks, known and unknown extents.
 */
final class RandomContractions {
  private static final int[] ROWS = {1, 2, 3, 5, 8, 9};
  private static final int[] INNER = {1, 2, 3, 5, 7, 60};

  /** More steps than there are in a stretch. */
  private static final int LONG = 1100;

  private static final int[] COLUMNS = {1, 3, 7, 8, 10, 16, 17, 31, 32, 33, 40, 50, 64, 300};

  private final Random random;
  private final KernelSketch sketch = new KernelSketch();
  private final List<Integer> arguments = new ArrayList<>();
  private final List<Axis> rows = new ArrayList<>();
  private final List<Axis> inner = new ArrayList<>();

  /** An extent of a buffer and the variables that walk along it, with their steps. */
  private record Side(Dim extent, Index position) {}

  /** A kernel and its dim arguments. */
  record Case(Kernel kernel, int[] dims) {}

  private RandomContractions(long seed) {
    this.random = new Random(seed);
  }

  static Case of(long seed) {
    return new RandomContractions(seed).write();
  }

  private Case write() {
    DType[] types = {FLOAT32, FLOAT32, FLOAT32, FLOAT64, INT32};
    DType dtype = types[random.nextInt(types.length)];
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      rows.add(new Axis(sketch.variable(), extent(ROWS)));
    }
    boolean single = random.nextInt(3) == 0;
    if (single && random.nextInt(4) == 0) {
      inner.add(new Axis(sketch.variable(), Dim.of(LONG)));
    }
    for (int i = single ? 1 - inner.size() : random.nextInt(1, 4); i > 0; i--) {
      inner.add(new Axis(sketch.variable(), extent(INNER)));
    }
    Axis column = new Axis(sketch.variable(), extent(COLUMNS));
    Place left = place(Role.INPUT, dtype, leftSides());
    Place right = place(Role.INPUT, dtype, sides(inner, column));
    Place target = place(Role.OUTPUT, dtype, sides(rows, column));
    Dim count = rows.stream().map(Axis::extent).reduce(Dim.ONE, Dim::times);
    int rowBlock = random.nextInt(1, 30);
    int columnBlock = random.nextInt(3) == 0 ? 16 : random.nextInt(1, 80);
    Axis rowTask = new Axis(sketch.variable(), blocks(count, rowBlock));
    Axis columnTask = new Axis(sketch.variable(), blocks(column.extent(), columnBlock));
    sketch.add(new Split(List.of(rowTask, columnTask), Index.ofVariable(Kernel.TASK)));
    sketch.add(
        new Contract(
            List.copyOf(rows),
            block(rowTask, rowBlock, count),
            column.variable(),
            block(columnTask, columnBlock, column.extent()),
            List.copyOf(inner),
            left,
            right,
            target));
    Dim tasks = rowTask.extent().times(columnTask.extent());
    return new Case(
        sketch.kernel(arguments.size(), tasks),
        arguments.stream().mapToInt(Integer::intValue).toArray());
  }

  private Dim extent(int[] choice) {
    int value = choice[random.nextInt(choice.length)];
    if (random.nextInt(3) > 0) {
      return Dim.of(value);
    }
    arguments.add(value);
    return Kernel.dim(arguments.size() - 1);
  }

  private static Dim blocks(Dim count, int block) {
    return count.plus(block - 1).floorDividedBy(block);
  }

  private static Range block(Axis task, int block, Dim count) {
    if (count.isKnown() && count.value() <= block) {
      return Range.upTo(count);
    }
    Index begin = Index.ofVariable(task.variable()).times(Dim.of(block));
    return new Range(begin, List.of(begin.plus(Dim.of(block)), Index.of(count)));
  }

  /** Rows and inner axes, some of them together as a window that moves. */
  private List<Side> leftSides() {
    var free = new ArrayList<>(inner);
    Collections.shuffle(free, random);
    var sides = new ArrayList<Side>();
    for (Axis row : rows) {
      if (free.isEmpty() || random.nextBoolean()) {
        sides.add(side(row));
      } else {
        sides.add(window(row, free.removeLast()));
      }
    }
    free.forEach(axis -> sides.add(side(axis)));
    return sides;
  }

  private Side window(Axis row, Axis axis) {
    Dim stride = Dim.of(random.nextInt(1, 4));
    Dim dilation = Dim.of(random.nextInt(1, 3));
    Dim last = row.extent().plus(-1).times(stride).plus(axis.extent().plus(-1).times(dilation));
    Index position =
        Index.ofVariable(row.variable())
            .times(stride)
            .plus(Index.ofVariable(axis.variable()).times(dilation));
    return new Side(last.plus(1), position);
  }

  private List<Side> sides(List<Axis> axes, Axis column) {
    var sides = new ArrayList<Side>();
    axes.forEach(axis -> sides.add(side(axis)));
    if (random.nextInt(4) == 0) {
      Collections.shuffle(sides, random);
    }
    sides.add(random.nextInt(8) == 0 ? 0 : sides.size(), side(column));
    return sides;
  }

  private Side side(Axis axis) {
    Index position = Index.ofVariable(axis.variable());
    if (random.nextInt(10) > 0) {
      return new Side(axis.extent(), position);
    }
    return new Side(
        axis.extent(), Index.of(axis.extent().plus(-1)).plus(position.times(Dim.of(-1))));
  }

  private Place place(Role role, DType dtype, List<Side> sides) {
    if (role == Role.INPUT && random.nextInt(4) == 0) {
      Collections.shuffle(sides.subList(0, sides.size() - 1), random);
    }
    Dim stride = Dim.ONE;
    Index index = Index.ZERO;
    for (Side side : sides.reversed()) {
      index = index.plus(side.position().times(stride));
      stride = stride.times(side.extent());
    }
    Buffer buffer = sketch.buffer(role, dtype, stride);
    return new Place(buffer, index);
  }
}
