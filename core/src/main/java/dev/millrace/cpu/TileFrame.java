package dev.millrace.cpu;

import dev.millrace.kernel.Index;
import dev.millrace.kernel.Statement.Axis;
import dev.millrace.kernel.Statement.Contract;
import dev.millrace.kernel.Statement.Place;
import dev.millrace.tensor.Dim;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A tile's method while it is written: {@link TileCode#run}, whose arrays and sizes are put into
 * locals first.
 */
final class TileFrame {
  private static final int LEFT = 0;
  private static final int RIGHT = 2;
  private static final int TARGET = 4;
  private static final int COLUMNS = 6;
  private static final int ROW = 7;
  private static final int BEGIN = 8;
  private static final int END = 9;
  private static final int SIZES = 10;
  private static final int PARTIALS = 11;
  private static final int PLACE = 12;

  final CodeBuilder code;
  final Contract contract;
  private final Frame frame;
  private final Map<Integer, Integer> arrays = new HashMap<>();

  TileFrame(CodeBuilder code, KernelClass owner, Contract contract) {
    this.code = code;
    this.contract = contract;
    this.frame = new Frame(code, owner, 0);
    for (int parameter : List.of(LEFT, RIGHT, TARGET, PARTIALS)) {
      int local = newLocal(TypeKind.REFERENCE);
      code.aload(code.parameterSlot(parameter)).checkcast(type().array()).astore(local);
      arrays.put(parameter, local);
    }
    for (Dim size : sizes(contract)) {
      int local = newLocal(TypeKind.INT);
      code.aload(code.parameterSlot(SIZES))
          .loadConstant(PartialLayout.sizes() + number(size))
          .iaload();
      code.istore(local);
      frame.setSize(size, local);
    }
  }

  /** The number of a size that is open. */
  static int number(Dim size) {
    return Extent.number(size.symbols().iterator().next());
  }

  /** The sizes of a contraction that are not known. */
  static Set<Dim> sizes(Contract contract) {
    var sizes = new LinkedHashSet<Dim>();
    var variables = new ArrayList<Integer>(List.of(contract.column()));
    for (List<Axis> axes : List.of(contract.row(), contract.inner())) {
      for (Axis axis : axes) {
        variables.add(axis.variable());
        sizes.add(axis.extent());
      }
    }
    for (Place place : List.of(contract.left(), contract.right(), contract.target())) {
      variables.forEach(variable -> sizes.add(place.index().factor(variable)));
    }
    sizes.removeIf(Dim::isKnown);
    return sizes;
  }

  /** How far apart neighbouring rows are in {@code place}; empty if that differs between rows. */
  static Optional<Dim> rowStride(Contract contract, Place place) {
    List<Axis> axes = contract.row();
    for (int i = 1; i < axes.size(); i++) {
      Dim inner = place.index().factor(axes.get(i).variable()).times(axes.get(i).extent());
      if (!place.index().factor(axes.get(i - 1).variable()).equals(inner)) {
        return Optional.empty();
      }
    }
    return Optional.of(place.index().factor(axes.getLast().variable()));
  }

  JvmType type() {
    return JvmType.of(contract.target().buffer().dtype());
  }

  int newLocal(TypeKind kind) {
    return frame.newLocal(kind);
  }

  Frame frame() {
    return frame;
  }

  /** Pushes the number of columns of a tail. */
  void columns() {
    code.iload(code.parameterSlot(COLUMNS));
  }

  void left() {
    array(LEFT);
  }

  void right() {
    array(RIGHT);
  }

  void target() {
    array(TARGET);
  }

  /** Pushes the array of partial results. */
  void partials() {
    array(PARTIALS);
  }

  /** Pushes where in the partial results a tile may keep its own. */
  void place() {
    code.iload(code.parameterSlot(PLACE));
  }

  private void array(int parameter) {
    code.aload(Objects.requireNonNull(arrays.get(parameter)));
  }

  /** Pushes where the stretch of the outermost inner axis begins; 0 for the first one. */
  void begin() {
    code.iload(code.parameterSlot(BEGIN));
  }

  /** Where left's and target's rows of the tile begin: one new local each. */
  record Rows(int[] left, int[] target) {}

  /** Writes the code that finds the rows of a tile. */
  Rows rows(int height) {
    if (contract.row().size() > 1) {
      return splitRows(height);
    }
    return new Rows(
        starts(LEFT + 1, rowStride(contract, contract.left()).orElseThrow(), height),
        starts(TARGET + 1, rowStride(contract, contract.target()).orElseThrow(), height));
  }

  /** Where right's columns of the tile begin: one new local each, {@code step} columns apart. */
  int[] rightColumns(int count, int step) {
    return starts(RIGHT + 1, contract.right().index().factor(contract.column()).times(step), count);
  }

  private int[] starts(int parameter, Dim stride, int count) {
    var starts = new int[count];
    for (int i = 0; i < count; i++) {
      starts[i] = newLocal(TypeKind.INT);
      code.iload(i == 0 ? code.parameterSlot(parameter) : starts[i - 1]);
      if (i > 0) {
        frame.size(stride);
        code.iadd();
      }
      code.istore(starts[i]);
    }
    return starts;
  }

  /** Rows that are not equally far apart: the first from its coordinates, then step by step. */
  private Rows splitRows(int height) {
    int[] counters = coordinates();
    int left = firstRow(LEFT + 1, contract.left(), counters);
    int target = firstRow(TARGET + 1, contract.target(), counters);
    var rows = new Rows(new int[height], new int[height]);
    for (int i = 0; i < height; i++) {
      rows.left[i] = copy(left);
      rows.target[i] = copy(target);
      if (i < height - 1) {
        Label done = code.newLabel();
        var walk = new Walk(counters, done);
        walk.add(contract.left(), left);
        walk.add(contract.target(), target);
        walk.advance(contract.row().size() - 1);
        code.labelBinding(done);
      }
    }
    return rows;
  }

  private int copy(int local) {
    int copy = newLocal(TypeKind.INT);
    code.iload(local).istore(copy);
    return copy;
  }

  /** New locals with the coordinates of the tile's first row. */
  private int[] coordinates() {
    List<Axis> axes = contract.row();
    var counters = new int[axes.size()];
    code.iload(code.parameterSlot(ROW));
    for (int i = axes.size() - 1; i > 0; i--) {
      counters[i] = newLocal(TypeKind.INT);
      code.dup();
      frame.size(axes.get(i).extent());
      code.irem().istore(counters[i]);
      frame.size(axes.get(i).extent());
      code.idiv();
    }
    counters[0] = newLocal(TypeKind.INT);
    code.istore(counters[0]);
    return counters;
  }

  private int firstRow(int parameter, Place place, int[] counters) {
    int local = newLocal(TypeKind.INT);
    code.iload(code.parameterSlot(parameter));
    for (int i = 0; i < counters.length; i++) {
      code.iload(counters[i]);
      addTimes(place.index().factor(contract.row().get(i).variable()));
    }
    code.istore(local);
    return local;
  }

  /** Moves positions from a row to the next one, whose coordinates are in locals. */
  private final class Walk {
    private final int[] counters;
    private final Label done;
    private final Map<Place, Integer> positions = new LinkedHashMap<>();

    /**
     * @param done where to go after a step
     */
    Walk(int[] counters, Label done) {
      this.counters = counters;
      this.done = done;
    }

    /** Says that the position in {@code place} is in this local. */
    void add(Place place, int local) {
      positions.put(place, local);
    }

    /** Moves on along an axis, and at its end back to its begin and on along the one around it. */
    void advance(int number) {
      Axis axis = contract.row().get(number);
      positions.forEach((place, local) -> {
        code.iload(local);
        frame.size(place.index().factor(axis.variable()));
        code.iadd().istore(local);
      });
      code.iinc(counters[number], 1);
      if (number > 0) {
        code.iload(counters[number]);
        frame.size(axis.extent());
        code.if_icmplt(done);
        code.iconst_0().istore(counters[number]);
        positions.forEach((place, local) -> {
          code.iload(local);
          frame.size(place.index().factor(axis.variable()));
          frame.size(axis.extent());
          code.imul().isub().istore(local);
        });
        advance(number - 1);
      }
    }
  }

  /** Pops a sum and a number and pushes {@code sum + number * factor}. */
  private void addTimes(Dim factor) {
    frame.size(factor);
    code.imul().iadd();
  }

  /** Pushes the position in target of an element of the row that begins at {@code start}. */
  void targetPosition(int start, int column) {
    code.iload(start);
    if (column > 0) {
      code.loadConstant(column);
      addTimes(contract.target().index().factor(contract.column()));
    }
  }

  /** Writes the loop over the innermost axis. */
  interface Innermost {
    /**
     * Writes it.
     *
     * @param left locals with left's positions at 0 of the innermost axis
     * @param right the same of right
     * @param from local with the axis' first number
     * @param to local with its end
     */
    void write(int[] left, int[] right, int from, int to);
  }

  /** Writes the loops over the inner axes but the innermost, which {@code body} writes. */
  void fold(int[] left, int[] right, Innermost body) {
    fold(0, left, right, body);
  }

  private void fold(int depth, int[] left, int[] right, Innermost body) {
    Axis axis = contract.inner().get(depth);
    int local = newLocal(TypeKind.INT);
    frame.setIndex(axis.variable(), local);
    int from = depth == 0 ? code.parameterSlot(BEGIN) : constant(Dim.ZERO);
    int to = depth == 0 ? code.parameterSlot(END) : constant(axis.extent());
    if (depth == contract.inner().size() - 1) {
      body.write(left, right, from, to);
    } else {
      loop(
          axis.variable(),
          from,
          to,
          () -> {
            int[] movedLeft = moved(left, contract.left(), axis);
            int[] movedRight = moved(right, contract.right(), axis);
            fold(depth + 1, movedLeft, movedRight, body);
          });
    }
  }

  private int constant(Dim dim) {
    int local = newLocal(TypeKind.INT);
    frame.size(dim);
    code.istore(local);
    return local;
  }

  /** New locals with the positions moved along the loop over {@code axis}. */
  private int[] moved(int[] positions, Place place, Axis axis) {
    Dim stride = place.index().factor(axis.variable());
    if (stride.is(0)) {
      return positions;
    }
    var moved = new int[positions.length];
    for (int i = 0; i < positions.length; i++) {
      position(positions[i], place, axis);
      moved[i] = newLocal(TypeKind.INT);
      code.istore(moved[i]);
    }
    return moved;
  }

  /** Writes the loop over the innermost axis between two locals. */
  void innermostLoop(int from, int to, Runnable body) {
    loop(contract.inner().getLast().variable(), from, to, body);
  }

  private void loop(int variable, int from, int to, Runnable body) {
    int local = frame.indexLocal(variable);
    Label next = code.newLabel();
    Label end = code.newLabel();
    code.iload(from).istore(local).labelBinding(next);
    code.iload(local).iload(to).if_icmpge(end);
    body.run();
    code.iinc(local, 1).goto_(next).labelBinding(end);
  }

  /** Pushes the position of the step at hand in the innermost loop. */
  void position(int start, Place place) {
    position(start, place, contract.inner().getLast());
  }

  private void position(int start, Place place, Axis axis) {
    Dim stride = place.index().factor(axis.variable());
    code.iload(start);
    if (!stride.is(0)) {
      frame.indexVariable(axis.variable());
      if (!stride.is(1)) {
        frame.size(stride);
        code.imul();
      }
      code.iadd();
    }
  }

  /** Distance between steps of the innermost axis in right. */
  Dim rightStep() {
    Index index = contract.right().index();
    return index.factor(contract.inner().getLast().variable());
  }
}
