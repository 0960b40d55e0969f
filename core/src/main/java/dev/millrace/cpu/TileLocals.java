package dev.millrace.cpu;

import dev.millrace.kernel.Statement.Contract;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;

/** The JVM locals in which a contraction keeps how far it is. */
final class TileLocals {
  /** First row and column of the tile at hand. */
  final int row;

  final int column;

  /** The stretch of the outermost inner axis. */
  final int from;

  final int to;

  /** The ranges of rows and columns. */
  final int begin;

  final int end;
  final int endColumn;
  private final CodeBuilder code;

  TileLocals(Frame frame) {
    this.code = frame.code;
    this.row = frame.newLocal(TypeKind.INT);
    this.column = frame.newLocal(TypeKind.INT);
    this.from = frame.newLocal(TypeKind.INT);
    this.to = frame.newLocal(TypeKind.INT);
    this.begin = frame.newLocal(TypeKind.INT);
    this.end = frame.newLocal(TypeKind.INT);
    this.endColumn = frame.newLocal(TypeKind.INT);
  }

  /** Computes the ranges. */
  void set(Frame frame, Contract contract) {
    frame.index(contract.rows().begin());
    code.istore(begin);
    LoopWriter.pushEnd(frame, contract.rows());
    code.istore(end);
    LoopWriter.pushEnd(frame, contract.columns());
    code.istore(endColumn);
  }

  /** Pushes how many rows there are. */
  void rows() {
    code.iload(end).iload(begin).isub();
  }
}
