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
  private final String name;
  private final Consumer<Place> operand;
  private final Tile tile;
  private final Columns columns;

  /**
   * @param name of the methods, before what tells forms apart
   * @param operand pushes array and position of the tile at hand in a place
   */
  TileWriter(
      Frame frame, Contract contract, TileLocals locals, String name, Consumer<Place> operand) {
    this.frame = frame;
    this.code = frame.code;
    this.contract = contract;
    this.locals = locals;
    this.name = name;
    this.operand = operand;
    this.columns = Columns.of(contract.columns());
    this.tile =
        frame
            .owner
            .vectors()
            .flatMap(vectors -> VectorTile.of(vectors, contract))
            .orElseGet(() -> ScalarTile.of(contract));
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
    rows("x" + width, heights, end, height -> m -> tile.write(tileFrame(m), height, width));
    code.iload(locals.column).loadConstant(width).iadd().istore(locals.column);
    code.goto_(next).labelBinding(done);
  }

  private void tail(int end) {
    Label done = code.newLabel();
    code.iload(locals.column).iload(end).if_icmpge(done);
    rows("tail", tile.heights(), end, height -> m -> tile.writeTail(tileFrame(m), height));
    code.labelBinding(done);
  }

  private TileFrame tileFrame(CodeBuilder method) {
    return new TileFrame(method, frame.owner, contract);
  }

  private interface Bodies {
    Consumer<CodeBuilder> of(int height);
  }

  private void rows(String width, List<Integer> heights, int end, Bodies bodies) {
    code.iload(locals.begin).istore(locals.row);
    for (int height : heights) {
      Label next = code.newLabel();
      Label done = code.newLabel();
      code.labelBinding(next).iload(locals.row).loadConstant(height).iadd();
      code.iload(locals.end).if_icmpgt(done);
      call(name + "of" + height + width, end, bodies.of(height));
      code.iload(locals.row).loadConstant(height).iadd().istore(locals.row);
      code.goto_(next).labelBinding(done);
    }
  }

  private void call(String method, int end, Consumer<CodeBuilder> body) {
    List.of(contract.left(), contract.right(), contract.target()).forEach(operand);
    code.iload(end).iload(locals.column).isub();
    code.iload(locals.row).iload(locals.from).iload(locals.to);
    TileFrame.sizes(contract).forEach(frame::size);
    if (tile.tail() > 0) {
      frame.partials(JvmType.of(contract.target().buffer().dtype()));
    }
    var signature = TileFrame.signature(contract, tile.tail() > 0);
    frame.owner.method(method, signature, body);
    code.invokestatic(KernelClass.NAME, method, signature);
  }
}
