package dev.millrace.cpu;

import dev.millrace.kernel.Statement.Contract;
import dev.millrace.kernel.Statement.Place;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes the tiles of a contraction from the column at hand on: for each tile of columns, tiles of
 * rows. Tiles of one form are a method, which has {@link Tile} for its body.
 */
final class TileWriter {
  private final Frame frame;
  private final CodeBuilder code;
  private final Contract contract;
  private final TileLocals locals;
  private final TileKind.Open open;
  private final Consumer<Place> operand;
  private final Tile tile;
  private final Columns columns;

  /**
   * @param operand pushes array and position of the tile at hand in a place
   */
  TileWriter(Frame frame, Contract contract, TileLocals locals, Consumer<Place> operand) {
    this.frame = frame;
    this.code = frame.code;
    this.contract = contract;
    this.locals = locals;
    this.operand = operand;
    this.columns = Columns.of(contract.columns());
    this.open = TileKind.open(contract);
    this.tile =
        frame
            .owner
            .vectors()
            .flatMap(vectors -> VectorTile.of(vectors, contract))
            .orElseGet(() -> RowTile.of(contract).orElseGet(() -> ScalarTile.of(contract)));
  }

  /** Writes down the sizes that the code of the tiles needs. */
  void writeSizes() {
    for (int i = 0; i < open.sizes().size(); i++) {
      frame.partials(JvmType.INT);
      code.loadConstant(PartialLayout.sizes() + i);
      frame.size(open.sizes().get(i));
      code.iastore();
    }
  }

  /** Writes tiles up to the column in the local {@code end}. */
  void write(int end) {
    long rest = columns.most();
    boolean exact = contract.columns().ends().size() == 1 && rest < Long.MAX_VALUE;
    for (int width : tile.widths()) {
      if (width <= rest) {
        wholeTiles(width, tile.heights(), end);
        boolean even = columns.unit() % width == 0;
        rest = exact ? rest % width : even ? 0 : width - 1;
      }
    }
    if (tile.tail() > 0 && rest > 0) {
      tail(end);
    }
  }

  /** Where there is one row only, wide tiles first: a narrow one would wait for its own sums. */
  void writeSingleRows(int end) {
    int width = tile.rowWidth();
    if (width == 0 || columns.most() < width) {
      return;
    }
    Label several = code.newLabel();
    locals.rows();
    code.iconst_1().if_icmpgt(several);
    wholeTiles(width, List.of(1), end);
    code.labelBinding(several);
  }

  /** Tiles of this width, while there are as many columns. */
  private void wholeTiles(int width, List<Integer> heights, int end) {
    Label next = code.newLabel();
    Label done = code.newLabel();
    code.labelBinding(next).iload(locals.column).loadConstant(width).iadd();
    code.iload(end).if_icmpgt(done);
    rows(width, heights, end);
    code.iload(locals.column).loadConstant(width).iadd().istore(locals.column);
    code.goto_(next).labelBinding(done);
  }

  private void tail(int end) {
    Label done = code.newLabel();
    code.iload(locals.column).iload(end).if_icmpge(done);
    rows(0, tile.heights(), end);
    code.labelBinding(done);
  }

  /** Tiles of one width, 0 for the tail, for all rows. */
  private void rows(int width, List<Integer> heights, int end) {
    code.iload(locals.begin).istore(locals.row);
    for (int height : heights) {
      Label next = code.newLabel();
      Label done = code.newLabel();
      code.labelBinding(next).iload(locals.row).loadConstant(height).iadd();
      code.iload(locals.end).if_icmpgt(done);
      call(new TileKind(tile, open.contract(), height, width), end);
      code.iload(locals.row).loadConstant(height).iadd().istore(locals.row);
      code.goto_(next).labelBinding(done);
    }
  }

  private void call(TileKind kind, int end) {
    frame.owner.shared(code, kind);
    List.of(contract.left(), contract.right(), contract.target()).forEach(operand);
    code.iload(end).iload(locals.column).isub();
    code.iload(locals.row).iload(locals.from).iload(locals.to);
    JvmType type = JvmType.of(contract.target().buffer().dtype());
    frame.partials(JvmType.INT);
    if (tile instanceof VectorTile) {
      frame.owner.useVectors();
      frame.partials(type);
      code.loadConstant(frame.owner.partials().block(type));
    } else {
      code.aconst_null().iconst_0();
    }
    code.invokeinterface(ClassNames.of(TileCode.class), "run", TileClass.RUN);
  }
}
