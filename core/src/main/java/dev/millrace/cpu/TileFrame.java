package dev.millrace.cpu;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.millrace.kernel.Index;
import dev.millrace.kernel.Statement.Contract;
import dev.millrace.kernel.Statement.Place;
import dev.millrace.tensor.Dim;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A tile's method while it is written. Its parameters are the arrays of left, right and target,
 * each followed by the position of the tile's first element in it, then the number of columns, then
 * the unknown sizes among the strides and the extent.
 */
final class TileFrame {
  private static final int COLUMNS = 6;
  private static final int EXTENT = 7;

  final CodeBuilder code;
  final Contract contract;
  private final Frame frame;

  TileFrame(CodeBuilder code, KernelClass owner, Contract contract) {
    this.code = code;
    this.contract = contract;
    this.frame = new Frame(code, owner, 0);
    int parameter = EXTENT + 1;
    for (Dim size : sizes(contract)) {
      frame.setSize(size, code.parameterSlot(parameter++));
    }
  }

  /** The unknown sizes that a tile needs, in the order of the parameters. */
  static Set<Dim> sizes(Contract contract) {
    int row = contract.row();
    int column = contract.column();
    int inner = contract.inner();
    var sizes = new LinkedHashSet<Dim>();
    for (Place place : List.of(contract.left(), contract.right(), contract.target())) {
      for (int variable : List.of(row, column, inner)) {
        sizes.add(place.index().factor(variable));
      }
    }
    sizes.removeIf(Dim::isKnown);
    return sizes;
  }

  /** Types of the parameters. */
  static MethodTypeDesc signature(Contract contract, boolean withPartials) {
    ClassDesc array = JvmType.of(contract.target().buffer().dtype()).array();
    var parameters =
        new ArrayList<>(List.of(array, CD_int, array, CD_int, array, CD_int, CD_int, CD_int));
    sizes(contract).forEach(size -> parameters.add(CD_int));
    if (withPartials) {
      parameters.add(array);
    }
    return MethodTypeDesc.of(CD_void, parameters);
  }

  JvmType type() {
    return JvmType.of(contract.target().buffer().dtype());
  }

  /** The local that holds the extent of the inner dim. */
  int extentLocal() {
    return code.parameterSlot(EXTENT);
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
    code.aload(code.parameterSlot(0));
  }

  void right() {
    code.aload(code.parameterSlot(2));
  }

  void target() {
    code.aload(code.parameterSlot(4));
  }

  /** Where left's rows of the tile begin: one new local each. */
  int[] leftRows(int height) {
    return starts(1, contract.left().index().factor(contract.row()), height);
  }

  /** Where right's columns of the tile begin: one new local each, {@code step} columns apart. */
  int[] rightColumns(int count, int step) {
    return starts(3, contract.right().index().factor(contract.column()).times(step), count);
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

  /** Pushes the position in target of an element of the tile. */
  void targetPosition(int row, int column) {
    Index index = contract.target().index();
    code.iload(code.parameterSlot(5));
    add(index.factor(contract.row()), row);
    add(index.factor(contract.column()), column);
  }

  private void add(Dim stride, int count) {
    Dim distance = stride.times(count);
    if (distance.isKnown()) {
      if (!distance.is(0)) {
        frame.size(distance);
        code.iadd();
      }
    } else {
      frame.size(stride);
      code.loadConstant(count).imul().iadd();
    }
  }

  /** Pushes the array of partial results. */
  void partials() {
    code.aload(code.parameterSlot(EXTENT + 1 + sizes(contract).size()));
  }

  /** Pushes the position of the tile's first element in right. */
  void rightStart() {
    code.iload(code.parameterSlot(3));
  }

  /** Pushes arrays and first positions of left, right and target. */
  void operands() {
    for (int parameter = 0; parameter < COLUMNS; parameter += 2) {
      code.aload(code.parameterSlot(parameter)).iload(code.parameterSlot(parameter + 1));
    }
  }

  /** Writes a loop over the inner dim, to below what is in the local {@code limit}. */
  void innerLoop(int limit, Runnable body) {
    int inner = newLocal(TypeKind.INT);
    frame.setIndex(contract.inner(), inner);
    Label next = code.newLabel();
    Label end = code.newLabel();
    code.iconst_0().istore(inner).labelBinding(next);
    code.iload(inner).iload(limit).if_icmpge(end);
    body.run();
    code.iinc(inner, 1).goto_(next).labelBinding(end);
  }

  /** Pushes {@code start + inner * stride} for the inner loop at hand. */
  void position(int start, Place place) {
    Dim stride = place.index().factor(contract.inner());
    code.iload(start);
    if (!stride.is(0)) {
      frame.indexVariable(contract.inner());
      if (!stride.is(1)) {
        frame.size(stride);
        code.imul();
      }
      code.iadd();
    }
  }
}
