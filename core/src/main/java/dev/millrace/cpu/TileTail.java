package dev.millrace.cpu;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.millrace.tensor.Dim;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/**
 * The end of a tile of vectors that has fewer columns than lanes. It reads whole vectors from
 * right, whose other lanes hold what is next in memory and end in no result; only where a vector
 * would leave the array, which is in the last steps at most, the columns that there are get copied
 * to where a whole vector can be read.
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

  TileTail(TileFrame frame, int lanes) {
    this.frame = frame;
    this.code = frame.code;
    this.lanes = lanes;
  }

  /** A new local with the end of the steps up to {@code to} that can read whole vectors. */
  int limit(int right, int to) {
    int limit = frame.newLocal(TypeKind.INT);
    frame.right();
    code.arraylength().iload(right).isub().loadConstant(lanes).isub();
    frame.frame().size(frame.rightStep());
    code.iload(to);
    call("steps", MethodTypeDesc.of(CD_int, CD_int, CD_int, CD_int));
    code.istore(limit);
    return limit;
  }

  /** Copies the columns that there are of one step of right; row 0 is their place. */
  void copyRight(int right) {
    frame.right();
    frame.position(right, frame.contract.right());
    frame.partials();
    pushPlace(0);
    copyColumns();
  }

  /** Copies the columns that there are of a row of target to the place of {@code row}. */
  void copyTarget(int start, int row) {
    frame.target();
    code.iload(start);
    frame.partials();
    pushPlace(row);
    copyColumns();
  }

  /** Copies the columns that there are from the place of {@code row} to a row of target. */
  void copyBack(int start, int row) {
    frame.partials();
    pushPlace(row);
    frame.target();
    code.iload(start);
    copyColumns();
  }

  /**
   * How many rows of target a vector covers at most; more than there are where rows do not follow
   * one another, or are wider than the tail.
   */
  int rowsOfAVector() {
    Columns columns = Columns.of(frame.contract.columns());
    Dim stride = TileFrame.rowStride(frame.contract, frame.contract.target()).orElse(Dim.ZERO);
    boolean dense = columns.most() < lanes && columns.unit() == columns.most();
    return dense && stride.isKnown() && stride.value() == columns.most()
        ? Math.ceilDiv(lanes, (int) columns.most())
        : Integer.MAX_VALUE;
  }

  private void copyColumns() {
    ClassDesc array = frame.type().array();
    frame.columns();
    call("copy", MethodTypeDesc.of(CD_void, array, CD_int, array, CD_int, CD_int));
  }

  /** Pushes where in the partial results the vector of a row is. */
  void pushPlace(int row) {
    frame.place();
    if (row > 0) {
      code.loadConstant(row * lanes).iadd();
    }
  }

  private void call(String name, MethodTypeDesc signature) {
    code.invokestatic(ClassNames.of(TileTail.class), name, signature);
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

  static void copy(float[] from, int start, float[] to, int place, int count) {
    System.arraycopy(from, start, to, place, count);
  }

  static void copy(double[] from, int start, double[] to, int place, int count) {
    System.arraycopy(from, start, to, place, count);
  }
}
