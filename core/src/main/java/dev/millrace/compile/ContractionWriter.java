package dev.millrace.compile;

import dev.millrace.graph.Value;
import dev.millrace.kernel.Buffer;
import dev.millrace.kernel.Index;
import dev.millrace.kernel.Kernel;
import dev.millrace.kernel.Statement.Axis;
import dev.millrace.kernel.Statement.Place;
import dev.millrace.kernel.Statement.Range;
import dev.millrace.op.Definition;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes the kernel of a contraction and of what works on its rows.
 *
 * <p>Axes of the result that the right operand does not depend on are its rows, numbered as one
 * even where they are several: the pixels of all images of a convolution. A task is a block of
 * rows, and of columns where what follows goes element by element. The other axes are loops around
 * the block, or within it where they come behind a row.
 */
final class ContractionWriter {
  /** Rows of a block whose rows are used as a whole: their result stays in the nearest cache. */
  private static final long WHOLE_ROWS = 16;

  /** Columns up to which a result counts as narrow. */
  private static final long NARROW = 64;

  private static final long NARROW_ROWS = 32;

  /** The number of blocks is a multiple of this, for threads to share. */
  private static final long SHARES = 4;

  private static final long TILE_ROWS = 8;
  private static final long WIDE_ROWS = 128;
  private static final long COLUMNS = 128;

  private final Layout layout;
  private final KernelBuilder builder;
  private final List<Member> members;
  private final Member head;
  private final RowWriter writer;
  private final Shape shape;
  private final int column;
  private final Index left;
  private final Index right;

  /** Axes of the result, in order: those before the rows, the rows, those within a block. */
  private final List<Integer> outer = new ArrayList<>();

  private final List<Integer> rows = new ArrayList<>();
  private final List<Integer> within = new ArrayList<>();

  private final long rowBlock;
  private final boolean hasColumnBlocks;

  /** Columns of a block in scratch memory, and elements of a row there. */
  private final Dim width;

  private final Dim rowSize;

  ContractionWriter(Layout layout, KernelBuilder builder, List<Member> members) {
    this.layout = layout;
    this.builder = builder;
    this.members = members;
    this.head = members.getFirst();
    this.shape = head.value().shape();
    this.column = shape.rank() - 1;
    this.writer = new RowWriter(layout, builder, members, column, false);
    var contraction = (Definition.Contraction) head.definition;
    this.left = position(head.equation.operands().getFirst(), contraction.left());
    this.right = position(head.equation.operands().getLast(), contraction.right());
    for (int axis = 0; axis < column; axis++) {
      boolean isRow = right.factor(axis).is(0);
      List<Integer> others = rows.isEmpty() ? outer : within;
      (isRow ? rows : others).add(axis);
    }
    Dim columns = shape.dim(column);
    boolean narrow = columns.isKnown() && columns.value() <= NARROW;
    boolean elementwise = members.stream().skip(1).allMatch(this::isElementwise);
    this.hasColumnBlocks = elementwise && !(columns.isKnown() && columns.value() <= COLUMNS);
    this.rowBlock = !elementwise ? WHOLE_ROWS : narrow ? narrowRows() : WIDE_ROWS;
    this.width = hasColumnBlocks ? Dim.of(COLUMNS) : columns;
    this.rowSize = within.stream().map(shape::dim).reduce(width, Dim::times);
  }

  /**
   * Rows of a narrow block. Where there is a known number of them, as in the gradient of a filter,
   * blocks are as tall as threads can share them: each block reads all of the right operand.
   */
  private long narrowRows() {
    Dim count = rowCount();
    if (!count.isKnown()) {
      return NARROW_ROWS;
    }
    long blocks = Math.ceilDiv(count.value(), WIDE_ROWS);
    blocks = Math.max(1, Math.ceilDiv(blocks, SHARES)) * SHARES;
    return Math.max(1, Math.ceilDiv(Math.ceilDiv(count.value(), blocks), TILE_ROWS)) * TILE_ROWS;
  }

  private Dim rowCount() {
    return rows.stream().map(shape::dim).reduce(Dim.ONE, Dim::times);
  }

  /** Position in memory of an operand's element in terms of the result's and the inner axes. */
  private Index position(Value operand, List<Index> map) {
    Access access = layout.access(operand);
    return Layout.linear(access.base().shape(), access.at(map));
  }

  /** Whether a column of the member depends on the same column of the others only. */
  private boolean isElementwise(Member member) {
    return member.definition instanceof Definition.Pointwise
        && member.inner.equals(List.of(shape.dim(column)))
        && member.equation.operands().stream()
            .map(layout::access)
            .allMatch(access -> access.isIdentity() || !isMember(access.base()));
  }

  private boolean isMember(Value value) {
    return members.stream().anyMatch(member -> member.value().equals(value));
  }

  /** Writes the body of a task and returns how many tasks there are. */
  Dim write() {
    Dim rowCount = rowCount();
    Dim blocks = KernelBuilder.blocks(rowCount, rowBlock);
    Dim columnBlocks = hasColumnBlocks ? KernelBuilder.blocks(shape.dim(column), COLUMNS) : Dim.ONE;
    var dims = new ArrayList<Dim>();
    outer.forEach(axis -> dims.add(shape.dim(axis)));
    dims.add(blocks);
    dims.add(columnBlocks);
    tasks(
        dims,
        coordinates -> {
          var at = new Index[column];
          for (int i = 0; i < outer.size(); i++) {
            at[outer.get(i)] = coordinates.get(i);
          }
          Index block = coordinates.get(outer.size());
          Index columnBlock = coordinates.get(outer.size() + 1);
          Range blockRows = builder.blockOf(block, rowBlock, rowCount);
          Range columns =
              hasColumnBlocks
                  ? builder.blockOf(columnBlock, COLUMNS, shape.dim(column))
                  : builder.upTo(shape.dim(column));
          block(at, blockRows, columns);
        });
    return dims.stream().reduce(Dim.ONE, Dim::times);
  }

  private interface Coordinates {
    void use(List<Index> coordinates);
  }

  /** The task's number as coordinates in {@code dims}; 0 where a dim is 1. */
  private void tasks(List<Dim> dims, Coordinates body) {
    List<Axis> axes = dims.stream().filter(dim -> !dim.is(1)).map(builder::axis).toList();
    Index task = Index.ofVariable(Kernel.TASK);
    if (axes.size() < 2) {
      body.use(dims.stream().map(dim -> dim.is(1) ? Index.ZERO : task).toList());
      return;
    }
    var coordinates = new ArrayList<Index>();
    int next = 0;
    for (Dim dim : dims) {
      coordinates.add(dim.is(1) ? Index.ZERO : Index.ofVariable(axes.get(next++).variable()));
    }
    builder.split(axes, task, () -> body.use(coordinates));
  }

  /** One block: the contraction for each index of the axes within, then the rows. */
  private void block(Index[] at, Range blockRows, Range columns) {
    if (head.memory.isEmpty()) {
      head.memory = Optional.of(builder.scratch(head.value().dtype(), rowSize.times(rowBlock)));
    }
    loopsWithin(0, at, () -> contract(at, blockRows, columns));
    if (members.size() > 1) {
      int row = builder.newVariable(DType.INT32);
      builder.loop(row, blockRows, () -> row(at, Index.ofVariable(row), blockRows, columns));
    }
  }

  /** What works on row number {@code flat}. */
  private void row(Index[] at, Index flat, Range blockRows, Range columns) {
    Optional<Range> part = hasColumnBlocks ? Optional.of(columns) : Optional.empty();
    Runnable write =
        () -> {
          writer.setHeadRow(scratchRow(at, flat, blockRows, columns));
          writer.write(List.of(at), part);
        };
    rowCoordinates(at, flat, () -> loopsWithin(0, at, write));
  }

  /** Where row number {@code flat} begins in scratch memory, less the position of column 0. */
  private Index scratchRow(Index[] at, Index flat, Range blockRows, Range columns) {
    Index local = flat.plus(blockRows.begin().times(Dim.of(-1)));
    return local.times(rowSize).plus(withinPosition(at)).plus(columns.begin().times(Dim.of(-1)));
  }

  private void rowCoordinates(Index[] at, Index flat, Runnable body) {
    if (rows.size() == 1) {
      at[rows.getFirst()] = flat;
      body.run();
      return;
    }
    if (rows.isEmpty()) {
      body.run();
      return;
    }
    List<Axis> axes = rows.stream().map(axis -> builder.axis(shape.dim(axis))).toList();
    for (int i = 0; i < axes.size(); i++) {
      at[rows.get(i)] = Index.ofVariable(axes.get(i).variable());
    }
    builder.split(axes, flat, body);
  }

  private void loopsWithin(int depth, Index[] at, Runnable body) {
    if (depth == within.size()) {
      body.run();
      return;
    }
    int variable = builder.newVariable(DType.INT32);
    at[within.get(depth)] = Index.ofVariable(variable);
    builder.loop(
        variable,
        builder.upTo(shape.dim(within.get(depth))),
        () -> loopsWithin(depth + 1, at, body));
  }

  /** Where the axes within begin in a row of scratch memory. */
  private Index withinPosition(Index[] at) {
    Index position = Index.ZERO;
    for (int axis : within) {
      position = position.times(shape.dim(axis)).plus(at[axis]);
    }
    return position.times(width);
  }

  private void contract(Index[] at, Range blockRows, Range columns) {
    var nest = new ContractionNest(builder);
    List<Index> coordinates = new ArrayList<>();
    for (int axis = 0; axis < column; axis++) {
      coordinates.add(rows.contains(axis) ? nest.row(shape.dim(axis)) : at[axis]);
    }
    int columnVariable = builder.newVariable(DType.INT32);
    coordinates.add(Index.ofVariable(columnVariable));
    Index target =
        head.stored
            ? Layout.linear(shape, coordinates)
            : scratchRow(at, nest.flatRow(), blockRows, columns)
                .plus(Index.ofVariable(columnVariable));
    for (Dim dim : ((Definition.Contraction) head.definition).inner()) {
      coordinates.add(nest.inner(dim));
    }
    Buffer memory = head.memory.orElseThrow();
    builder.add(
        nest.contract(
            blockRows,
            columnVariable,
            columns,
            new Place(operand(0), left.at(coordinates)),
            new Place(operand(1), right.at(coordinates)),
            new Place(memory, target)));
  }

  private Buffer operand(int number) {
    Value base = layout.access(head.equation.operands().get(number)).base();
    return builder.input(layout.memoryOf(base));
  }
}
