package dev.millrace.cpu;

import dev.millrace.kernel.Index;
import dev.millrace.kernel.Statement.Axis;
import dev.millrace.kernel.Statement.Contract;
import dev.millrace.kernel.Statement.Place;
import dev.millrace.tensor.Dim;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Writes a contraction: stretches of the outermost inner axis, short enough for what they read to
 * stay in the caches; tiles of columns within; tiles of rows within those. Sums of one stretch go
 * on in the next, so the order of the fold is as if there were one.
 */
final class ContractWriter {
  /** Steps of the inner axes in one stretch: a panel of right of so many rows fits into L2. */
  private static final long STRETCH = 1024;

  private final Frame frame;
  private final CodeBuilder code;
  private final Contract contract;
  private final Tile tile;
  private final Columns columns;
  private final int column;
  private final int row;
  private final int from;
  private final int to;
  private int begin;
  private int end;
  private int endColumn;

  ContractWriter(Frame frame, Contract contract, Tile tile) {
    this.frame = frame;
    this.code = frame.code;
    this.contract = contract;
    this.tile = tile;
    this.columns = Columns.of(contract.columns());
    this.column = frame.newLocal(TypeKind.INT);
    this.row = frame.newLocal(TypeKind.INT);
    this.from = frame.newLocal(TypeKind.INT);
    this.to = frame.newLocal(TypeKind.INT);
  }

  void write() {
    frame.scope(List.of(), this::stretches);
  }

  private void stretches() {
    begin = LoopWriter.begin(frame, contract.rows());
    end = LoopWriter.end(frame, contract.rows());
    endColumn = LoopWriter.end(frame, contract.columns());
    Dim extent = contract.inner().getFirst().extent();
    long stretch = stretch();
    code.iconst_0().istore(from);
    if (extent.isKnown() && extent.value() <= stretch) {
      frame.size(extent);
      code.istore(to);
      tiles();
      return;
    }
    Label next = code.newLabel();
    code.labelBinding(next).iload(from).loadConstant((int) stretch).iadd();
    frame.size(extent);
    frame.intCall("min");
    code.istore(to);
    tiles();
    code.iload(to).istore(from).iload(from);
    frame.size(extent);
    code.if_icmplt(next);
  }

  /** Numbers of the outermost inner axis in one stretch. */
  private long stretch() {
    long steps = 1;
    for (Axis axis : contract.inner().subList(1, contract.inner().size())) {
      steps *= axis.extent().isKnown() ? Math.max(1, Math.min(STRETCH, axis.extent().value())) : 16;
    }
    return Math.max(1, STRETCH / steps);
  }

  private void tiles() {
    frame.index(contract.columns().begin());
    code.istore(column);
    long rest = columns.most();
    boolean exact = contract.columns().ends().size() == 1 && rest < Long.MAX_VALUE;
    for (int width : tile.widths()) {
      if (width <= rest) {
        wholeTiles(width);
        boolean even = columns.unit() % width == 0;
        rest = exact ? rest % width : even ? 0 : width - 1;
      }
    }
    if (tile.tail() > 0 && rest > 0) {
      tail();
    }
  }

  /** Tiles of this width, while there are as many columns. */
  private void wholeTiles(int width) {
    Label next = code.newLabel();
    Label done = code.newLabel();
    code.labelBinding(next).iload(column).loadConstant(width).iadd();
    code.iload(endColumn).if_icmpgt(done);
    rows("x" + width, height -> method -> tile.write(tileFrame(method), height, width));
    code.iload(column).loadConstant(width).iadd().istore(column).goto_(next).labelBinding(done);
  }

  private void tail() {
    Label done = code.newLabel();
    code.iload(column).iload(endColumn).if_icmpge(done);
    rows("tail", height -> method -> tile.writeTail(tileFrame(method), height));
    code.labelBinding(done);
  }

  private TileFrame tileFrame(CodeBuilder method) {
    return new TileFrame(method, frame.owner, contract);
  }

  private interface Bodies {
    Consumer<CodeBuilder> of(int height);
  }

  private void rows(String width, Bodies bodies) {
    code.iload(begin).istore(row);
    for (int height : tile.heights()) {
      Label next = code.newLabel();
      Label done = code.newLabel();
      code.labelBinding(next).iload(row).loadConstant(height).iadd().iload(end).if_icmpgt(done);
      call("tile" + contract.column() + "of" + height + width, bodies.of(height));
      code.iload(row).loadConstant(height).iadd().istore(row).goto_(next).labelBinding(done);
    }
  }

  private void call(String name, Consumer<CodeBuilder> body) {
    for (Place place : List.of(contract.left(), contract.right(), contract.target())) {
      frame.array(place.buffer());
      position(place);
    }
    code.iload(endColumn).iload(column).isub();
    code.iload(row).iload(from).iload(to);
    TileFrame.sizes(contract).forEach(frame::size);
    if (tile.tail() > 0) {
      frame.partials(JvmType.of(contract.target().buffer().dtype()));
    }
    var signature = TileFrame.signature(contract, tile.tail() > 0);
    frame.owner.method(name, signature, body);
    code.invokestatic(KernelClass.NAME, name, signature);
  }

  /** Pushes where the tile begins in {@code place}, but for rows that are not equally far apart. */
  private void position(Place place) {
    frame.index(outside(place.index()));
    add(column, place.index().factor(contract.column()));
    Optional<Dim> stride = TileFrame.rowStride(contract, place);
    stride.ifPresent(known -> add(row, known));
  }

  private void add(int local, Dim factor) {
    if (!factor.is(0)) {
      code.iload(local);
      if (!factor.is(1)) {
        frame.size(factor);
        code.imul();
      }
      code.iadd();
    }
  }

  /** The part of a position that does not change within the contraction. */
  private Index outside(Index index) {
    Set<Integer> inside = new HashSet<>(Set.of(contract.column()));
    contract.row().forEach(axis -> inside.add(axis.variable()));
    contract.inner().forEach(axis -> inside.add(axis.variable()));
    return new Index(
        index.offset(),
        index.terms().stream().filter(term -> !inside.contains(term.variable())).toList());
  }
}
