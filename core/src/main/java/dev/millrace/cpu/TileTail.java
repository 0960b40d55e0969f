package dev.millrace.cpu;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.millrace.kernel.Index;
import dev.millrace.kernel.Statement.Contract;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/**
 * The end of a tile of vectors that has fewer columns than lanes. It reads whole vectors from
 * right, whose other lanes hold what is next in memory and end in no result; only where a vector
 * would leave the array, which is in the last steps of the inner dim at most, the rest is added
 * number by number.
 *
 * <p>Masks would do it too, but masked access compiles to five times as much code, with a slow path
 * that the last row of a matrix takes: the JVM compiles the method three times until it is fast.
 */
final class TileTail {
  /** Greatest number of sums in a tile that has a tail. */
  static final int MOST_SUMS = 256;

  private final TileFrame frame;
  private final CodeBuilder code;
  private final int lanes;
  private final int limit;

  /** Writes how many steps of the inner dim can read whole vectors. */
  TileTail(TileFrame frame, int lanes) {
    this.frame = frame;
    this.code = frame.code;
    this.lanes = lanes;
    this.limit = frame.newLocal(TypeKind.INT);
    frame.right();
    code.arraylength();
    frame.rightStart();
    code.isub().loadConstant(lanes).isub();
    frame.frame().size(frame.contract.right().index().factor(frame.contract.inner()));
    code.iload(frame.extentLocal());
    code.invokestatic(
        ClassNames.of(TileTail.class), "steps", MethodTypeDesc.of(CD_int, CD_int, CD_int, CD_int));
    code.istore(limit);
  }

  /** The local with the number of those steps. */
  int limit() {
    return limit;
  }

  /** Adds the other steps to the partial results and writes the columns that there are. */
  void finish(int height) {
    Contract contract = frame.contract;
    Index left = contract.left().index();
    frame.partials();
    code.loadConstant(frame.frame().owner.partials().block(frame.type())).loadConstant(lanes);
    frame.operands();
    frame.frame().size(left.factor(contract.row()));
    frame.frame().size(left.factor(contract.inner()));
    frame.frame().size(contract.right().index().factor(contract.inner()));
    frame.frame().size(contract.target().index().factor(contract.row()));
    code.loadConstant(height);
    frame.columns();
    code.iload(limit).iload(frame.extentLocal());
    ClassDesc array = frame.type().array();
    var signature =
        MethodTypeDesc.of(
            CD_void, array, CD_int, CD_int, array, CD_int, array, CD_int, array, CD_int, CD_int,
            CD_int, CD_int, CD_int, CD_int, CD_int, CD_int, CD_int);
    code.invokestatic(ClassNames.of(TileTail.class), "finish", signature);
  }

  /**
   * Steps from the first one that stay inside an array.
   *
   * @param room elements between the end of the first step's vector and that of the array
   * @param stride between steps
   */
  static int steps(int room, int stride, int extent) {
    if (room < 0) {
      return 0;
    }
    return stride <= 0 ? extent : Math.min(extent, room / stride + 1);
  }

  static void finish(
      float[] sums,
      int sum,
      int lanes,
      float[] left,
      int leftStart,
      float[] right,
      int rightStart,
      float[] target,
      int targetStart,
      int leftRow,
      int leftInner,
      int rightInner,
      int targetRow,
      int rows,
      int columns,
      int begin,
      int end) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        float s = sums[sum + i * lanes + j];
        for (int k = begin; k < end; k++) {
          float a = left[leftStart + i * leftRow + k * leftInner];
          s = Math.fma(a, right[rightStart + k * rightInner + j], s);
        }
        target[targetStart + i * targetRow + j] = s;
      }
    }
  }

  static void finish(
      double[] sums,
      int sum,
      int lanes,
      double[] left,
      int leftStart,
      double[] right,
      int rightStart,
      double[] target,
      int targetStart,
      int leftRow,
      int leftInner,
      int rightInner,
      int targetRow,
      int rows,
      int columns,
      int begin,
      int end) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        double s = sums[sum + i * lanes + j];
        for (int k = begin; k < end; k++) {
          double a = left[leftStart + i * leftRow + k * leftInner];
          s = Math.fma(a, right[rightStart + k * rightInner + j], s);
        }
        target[targetStart + i * targetRow + j] = s;
      }
    }
  }
}
