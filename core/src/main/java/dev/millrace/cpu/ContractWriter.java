package dev.millrace.cpu;

import dev.millrace.kernel.Index;
import dev.millrace.kernel.Statement.Axis;
import dev.millrace.kernel.Statement.Contract;
import dev.millrace.kernel.Statement.Place;
import dev.millrace.kernel.Statement.Range;
import dev.millrace.tensor.Dim;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Writes a contraction: stretches of the outermost inner axis, short enough for what they read to
 * stay in the caches; tiles of columns and rows within. Sums of one stretch go on in the next, so
 * the order of the fold is as if there were one.
 */
final class ContractWriter {
  private final Frame frame;
  private final CodeBuilder code;
  private final Contract contract;
  private final JvmType type;
  private final TileLocals locals;

  ContractWriter(Frame frame, Contract contract) {
    this.frame = frame;
    this.code = frame.code;
    this.contract = contract;
    this.type = JvmType.of(contract.target().buffer().dtype());
    this.locals = new TileLocals(frame);
  }

  void write() {
    Optional<Contract> exchanged = frame.owner.vectors().isEmpty() ? exchanged() : Optional.empty();
    if (exchanged.isEmpty()) {
      frame.scope(List.of(), this::stretches);
      return;
    }
    Label few = code.newLabel();
    Label done = code.newLabel();
    locals.set(frame, contract);
    locals.rows();
    code.loadConstant(RowTile.WORTH_COLUMNS).if_icmplt(few);
    var writer = new ContractWriter(frame, exchanged.get());
    frame.scope(List.of(), writer::stretches);
    code.goto_(done).labelBinding(few);
    frame.scope(List.of(), this::stretches);
    code.labelBinding(done);
  }

  /**
   * The contraction with rows and columns exchanged, where columns are few and rows are many: loops
   * over rows are long then.
   */
  private Optional<Contract> exchanged() {
    if (contract.row().size() > 1 || RowTile.of(contract).isPresent()) {
      return Optional.empty();
    }
    Range rows = contract.columns();
    Range columns = contract.rows();
    Place left = contract.right();
    Place right = contract.left();
    var exchanged =
        new Contract(
            List.of(new Axis(contract.column(), Dim.ONE)),
            rows,
            contract.row().getFirst().variable(),
            columns,
            contract.inner(),
            left,
            right,
            contract.target());
    return Optional.of(exchanged).filter(other -> RowTile.of(other).isPresent());
  }

  private void stretches() {
    locals.set(frame, contract);
    Dim extent = contract.inner().getFirst().extent();
    long stretch = stretch();
    code.iconst_0().istore(locals.from);
    if (extent.isKnown() && extent.value() <= stretch) {
      frame.size(extent);
      code.istore(locals.to);
      stretchOfColumns();
      return;
    }
    Label next = code.newLabel();
    code.labelBinding(next).iload(locals.from).loadConstant((int) stretch).iadd();
    frame.size(extent);
    frame.intCall("min");
    code.istore(locals.to);
    stretchOfColumns();
    code.iload(locals.to).istore(locals.from).iload(locals.from);
    frame.size(extent);
    code.if_icmplt(next);
  }

  /** Numbers of the outermost inner axis in one stretch. */
  private long stretch() {
    long steps = 1;
    for (Axis axis : contract.inner().subList(1, contract.inner().size())) {
      long extent = axis.extent().isKnown() ? axis.extent().value() : 16;
      steps *= Math.clamp(extent, 1, Panels.STRETCH);
    }
    return Math.max(1, Panels.STRETCH / steps);
  }

  private void stretchOfColumns() {
    frame.index(contract.columns().begin());
    code.istore(locals.column);
    // A tile of long rows makes copies of its own.
    boolean copies = frame.owner.vectors().isEmpty() && RowTile.of(contract).isPresent();
    if (copies || !Panels.areWorthIt(contract)) {
      direct();
      return;
    }
    Label done = code.newLabel();
    if (!Panels.isStrided(contract)) {
      Label many = code.newLabel();
      locals.rows();
      code.loadConstant(Panels.WORTH_ROWS).if_icmpge(many);
      direct();
      code.goto_(done).labelBinding(many);
    }
    panels();
    code.labelBinding(done);
  }

  private void direct() {
    var tiles = new TileWriter(frame, contract, locals, this::place);
    tiles.writeSizes();
    tiles.writeSingleRows(locals.endColumn);
    tiles.write(locals.endColumn);
  }

  /** Panel after panel of right: copies it, then tiles that read the copy. */
  private void panels() {
    int start = frame.newLocal(TypeKind.INT);
    int end = frame.newLocal(TypeKind.INT);
    int width = Panels.width(type);
    var tiles =
        new TileWriter(frame, Panels.reading(contract), locals, place -> panelOr(place, start));
    tiles.writeSizes();
    Label next = code.newLabel();
    Label done = code.newLabel();
    code.labelBinding(next).iload(locals.column).iload(locals.endColumn).if_icmpge(done);
    code.iload(locals.column).istore(start);
    code.iload(start).loadConstant(width).iadd().iload(locals.endColumn);
    frame.intCall("min");
    code.istore(end);
    copyPanel(start, end);
    tiles.write(end);
    code.iload(end).istore(locals.column).goto_(next).labelBinding(done);
  }

  private void copyPanel(int start, int end) {
    Place right = contract.right();
    Dim step = right.index().factor(contract.inner().getFirst().variable());
    Dim between = right.index().factor(contract.column());
    Optional<Vectors> vectors = frame.owner.vectors();
    boolean transposes = vectors.isPresent() && step.is(1);
    if (transposes) {
      frame.owner.useVectors();
      frame.owner.shared(code, new Transposition(type, vectors.get().lanes(type)));
    }
    frame.array(right.buffer());
    frame.index(outside(right.index()));
    add(start, between);
    add(locals.from, step);
    if (!transposes) {
      frame.size(step);
    }
    frame.size(between);
    frame.partials(type);
    code.loadConstant(frame.owner.partials().panel(type)).loadConstant(Panels.width(type));
    code.iload(locals.to).iload(locals.from).isub();
    code.iload(end).iload(start).isub();
    if (transposes) {
      code.invokeinterface(ClassNames.of(TransposeCode.class), "run", TransposeWriter.RUN);
    } else {
      Class<?> copier = vectors.isPresent() ? VectorPanels.class : Panels.class;
      code.invokestatic(ClassNames.of(copier), "copy", Panels.signature(type));
    }
  }

  /** Pushes array and position of a place, where right is the panel that begins at a column. */
  private void panelOr(Place place, int start) {
    boolean isRight =
        place.buffer().equals(contract.right().buffer())
            && !place.index().factor(contract.column()).is(0);
    if (!isRight) {
      place(place);
      return;
    }
    frame.partials(type);
    code.loadConstant(frame.owner.partials().panel(type));
    code.iload(locals.column).iload(start).isub().iadd();
    code.iload(locals.from).loadConstant(Panels.width(type)).imul().isub();
  }

  /** Pushes array and position of the tile's first element but for rows that are not even. */
  private void place(Place place) {
    frame.array(place.buffer());
    frame.index(outside(place.index()));
    add(locals.column, place.index().factor(contract.column()));
    if (TileKind.hasEvenRows(contract)) {
      add(locals.row, TileFrame.rowStride(contract, place).orElseThrow());
    }
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
