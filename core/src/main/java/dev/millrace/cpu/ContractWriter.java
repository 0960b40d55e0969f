package dev.millrace.cpu;

import dev.millrace.kernel.Index;
import dev.millrace.kernel.Statement.Contract;
import dev.millrace.kernel.Statement.Place;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.util.List;

/** Writes a contraction: loops over tiles of columns, and of rows within. */
final class ContractWriter {
  private final Frame frame;
  private final CodeBuilder code;
  private final Contract contract;
  private final Tile tile;
  private final int column;
  private final int row;
  private int begin;
  private int end;

  ContractWriter(Frame frame, Contract contract, Tile tile) {
    this.frame = frame;
    this.code = frame.code;
    this.contract = contract;
    this.tile = tile;
    this.column = frame.newLocal(TypeKind.INT);
    this.row = frame.newLocal(TypeKind.INT);
  }

  void write() {
    frame.scope(List.of(), this::tiles);
  }

  private void tiles() {
    begin = LoopWriter.begin(frame, contract.rows());
    end = LoopWriter.end(frame, contract.rows());
    frame.setIndex(contract.row(), row);
    frame.setIndex(contract.column(), column);
    code.iconst_0().istore(column);
    int rest = contract.columns().isKnown() ? (int) contract.columns().value() : Integer.MAX_VALUE;
    for (int width : tile.widths()) {
      if (width <= rest) {
        wholeTiles(width);
        rest = contract.columns().isKnown() ? rest % width : width - 1;
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
    frame.size(contract.columns());
    code.if_icmpgt(done);
    rows("x" + width, height -> new Tiling(width, height)::write);
    code.iload(column).loadConstant(width).iadd().istore(column).goto_(next).labelBinding(done);
  }

  private void tail() {
    Label done = code.newLabel();
    code.iload(column);
    frame.size(contract.columns());
    code.if_icmpge(done);
    rows("tail", height -> new Tiling(0, height)::write);
    code.labelBinding(done);
  }

  /** What a tile's method consists of; width 0 is the tail. */
  private final class Tiling {
    private final int width;
    private final int height;

    Tiling(int width, int height) {
      this.width = width;
      this.height = height;
    }

    void write(CodeBuilder method) {
      var tileFrame = new TileFrame(method, frame.owner, contract);
      if (width == 0) {
        tile.writeTail(tileFrame, height);
      } else {
        tile.write(tileFrame, height, width);
      }
    }
  }

  private interface Bodies {
    java.util.function.Consumer<CodeBuilder> of(int height);
  }

  private void rows(String width, Bodies bodies) {
    code.iload(begin).istore(row);
    for (int height : tile.heights()) {
      Label next = code.newLabel();
      Label done = code.newLabel();
      code.labelBinding(next).iload(row).loadConstant(height).iadd().iload(end).if_icmpgt(done);
      call("tile" + contract.row() + "of" + height + width, bodies.of(height));
      code.iload(row).loadConstant(height).iadd().istore(row).goto_(next).labelBinding(done);
    }
  }

  private void call(String name, java.util.function.Consumer<CodeBuilder> body) {
    for (Place place : List.of(contract.left(), contract.right(), contract.target())) {
      frame.array(place.buffer());
      frame.index(withoutInner(place.index()));
    }
    frame.size(contract.columns());
    code.iload(column).isub();
    frame.size(contract.extent());
    TileFrame.sizes(contract).forEach(frame::size);
    if (tile.tail() > 0) {
      frame.partials(JvmType.of(contract.target().buffer().dtype()));
    }
    var signature = TileFrame.signature(contract, tile.tail() > 0);
    frame.owner.method(name, signature, body);
    code.invokestatic(KernelClass.NAME, name, signature);
  }

  private Index withoutInner(Index index) {
    int inner = contract.inner();
    return new Index(
        index.offset(), index.terms().stream().filter(term -> term.variable() != inner).toList());
  }
}
