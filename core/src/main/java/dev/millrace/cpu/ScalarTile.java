package dev.millrace.cpu;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;

import dev.millrace.kernel.Statement.Contract;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.util.List;

/** A tile of scalars: as many as there are registers for, so that loads are shared. */
record ScalarTile(List<Integer> heights, List<Integer> widths) implements WrittenTile {
  private static final int HEIGHT = 4;
  private static final int WIDTH = 4;

  static ScalarTile of(Contract contract) {
    boolean byFives = Columns.of(contract.columns()).unit() % (WIDTH + 1) == 0;
    return new ScalarTile(List.of(HEIGHT, 1), List.of(byFives ? WIDTH + 1 : WIDTH, 1));
  }

  @Override
  public int rowWidth() {
    return 0;
  }

  @Override
  public int tail() {
    return 0;
  }

  @Override
  public void writeTail(TileFrame frame, int height) {
    throw new AssertionError("one column is a whole tile");
  }

  @Override
  public void write(TileFrame frame, int height, int width) {
    CodeBuilder code = frame.code;
    JvmType type = frame.type();
    TileFrame.Rows rows = frame.rows(height);
    int[] left = rows.left();
    int[] right = frame.rightColumns(width, 1);
    int[] target = rows.target();
    int[][] sums = start(frame, target, width);
    frame.fold(
        left,
        right,
        (leftAt, rightAt, from, to) ->
            frame.innermostLoop(from, to, () -> step(frame, leftAt, rightAt, sums)));
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        frame.target();
        frame.targetPosition(target[row], column);
        code.loadLocal(type.local(), sums[row][column]).arrayStore(type.element());
      }
    }
    code.return_();
  }

  /** Zeros for the first stretch of the fold, and what the stretches before have left in target. */
  private static int[][] start(TileFrame frame, int[] target, int width) {
    CodeBuilder code = frame.code;
    JvmType type = frame.type();
    var sums = new int[target.length][width];
    Label later = code.newLabel();
    Label done = code.newLabel();
    frame.begin();
    code.ifgt(later);
    for (int[] row : sums) {
      for (int column = 0; column < width; column++) {
        row[column] = frame.newLocal(type.local());
        frame.frame().zero(type);
        code.storeLocal(type.local(), row[column]);
      }
    }
    code.goto_(done).labelBinding(later);
    for (int row = 0; row < target.length; row++) {
      for (int column = 0; column < width; column++) {
        frame.target();
        frame.targetPosition(target[row], column);
        code.arrayLoad(type.element()).storeLocal(type.local(), sums[row][column]);
      }
    }
    code.labelBinding(done);
    return sums;
  }

  private static void step(TileFrame frame, int[] left, int[] right, int[][] sums) {
    JvmType type = frame.type();
    var factors = new int[right.length];
    for (int column = 0; column < right.length; column++) {
      frame.right();
      frame.position(right[column], frame.contract.right());
      factors[column] = load(frame, type);
    }
    for (int row = 0; row < left.length; row++) {
      frame.left();
      frame.position(left[row], frame.contract.left());
      int factor = load(frame, type);
      for (int column = 0; column < right.length; column++) {
        multiplyAdd(frame, factor, factors[column], sums[row][column]);
      }
    }
  }

  private static int load(TileFrame frame, JvmType type) {
    int local = frame.newLocal(type.local());
    frame.code.arrayLoad(type.element());
    frame.code.storeLocal(type.local(), local);
    return local;
  }

  /** uint8 needs no mask here: the sum's low bits are right, and only those are stored. */
  private static void multiplyAdd(TileFrame frame, int a, int b, int sum) {
    CodeBuilder code = frame.code;
    var kind = frame.type().local();
    code.loadLocal(kind, a).loadLocal(kind, b);
    switch (frame.type()) {
      case FLOAT -> {
        code.fload(sum);
        ScalarWriter.call(code, ClassNames.MATH, "fma", CD_float, 3);
      }
      case DOUBLE -> {
        code.dload(sum);
        ScalarWriter.call(code, ClassNames.MATH, "fma", CD_double, 3);
      }
      case LONG -> code.lmul().lload(sum).ladd();
      case INT, BYTE -> code.imul().iload(sum).iadd();
      case SIGNED_BYTE, SHORT, HALF, UNSIGNED_INT, UNSIGNED_LONG ->
          throw new AssertionError(frame.type());
    }
    code.storeLocal(kind, sum);
  }
}
