package dev.millrace.cpu;

import dev.millrace.kernel.Statement.Contract;
import dev.millrace.kernel.Statement.Place;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * A tile of vectors along the columns: each step of the inner dim loads one row of vectors of right
 * and multiplies it with one number of left for each row of the tile.
 *
 * @param lanes of a vector
 */
record VectorTile(int lanes, List<Integer> heights, List<Integer> widths) implements WrittenTile {
  /** Lanes of the widest vector that there is. */
  static final int WIDEST = 16;

  private static final int ROW_VECTORS = 8;

  /** The tile for a contraction; empty where columns do not lie side by side. */
  static Optional<Tile> of(Vectors vectors, Contract contract) {
    JvmType type = JvmType.of(contract.target().buffer().dtype());
    if ((type != JvmType.FLOAT && type != JvmType.DOUBLE)
        || !isContiguous(contract, contract.right())
        || !isContiguous(contract, contract.target())) {
      return Optional.empty();
    }
    int lanes = vectors.lanes(type);
    boolean narrow = Columns.of(contract.columns()).most() <= lanes;
    boolean many = vectors.floats() == WIDEST;
    // With 32 registers 16 sums leave room for operands; with 16 registers only 8 do. More than 8
    // rows are never faster, and the JVM's first compiler gives up on them.
    List<Integer> heights = many || narrow ? List.of(8, 4, 2, 1) : List.of(4, 2, 1);
    List<Integer> widths = narrow ? List.of(lanes) : List.of(2 * lanes, lanes);
    return Optional.of(new VectorTile(lanes, heights, widths));
  }

  private static boolean isContiguous(Contract contract, Place place) {
    return place.index().factor(contract.column()).is(1);
  }

  @Override
  public int rowWidth() {
    return widths.getFirst() > lanes ? ROW_VECTORS * lanes : 0;
  }

  @Override
  public int tail() {
    return lanes;
  }

  @Override
  public void write(TileFrame frame, int height, int width) {
    var writer = new Writer(frame, height, width / lanes);
    writer.start(row -> writer.loadFromTarget(row));
    frame.fold(writer.left, writer.right, writer::sum);
    writer.storeIntoTarget();
    frame.code.return_();
  }

  @Override
  public void writeTail(TileFrame frame, int height) {
    var tail = new TileTail(frame, lanes);
    var writer = new Writer(frame, height, 1);
    writer.start(row -> writer.loadCopy(tail, row));
    frame.fold(
        writer.left,
        writer.right,
        (left, right, from, to) -> writer.sumTail(tail, left, right, from, to));
    writer.storeTail(tail);
    frame.code.return_();
  }

  /** Writes one method. */
  private final class Writer {
    private final TileFrame frame;
    private final CodeBuilder code;
    private final VectorCode vectors;
    private final int count;
    private final int[] left;
    private final int[] right;
    private final int[] target;
    private final int[][] sums;

    Writer(TileFrame frame, int height, int count) {
      this.frame = frame;
      this.code = frame.code;
      this.vectors = new VectorCode(code, frame.type());
      this.count = count;
      TileFrame.Rows rows = frame.rows(height);
      this.left = rows.left();
      this.right = frame.rightColumns(count, lanes);
      this.target = rows.target();
      this.sums = new int[height][count];
    }

    /**
     * Zeros for the first stretch of the fold, and what the stretches before have left in target.
     */
    void start(IntConsumer load) {
      Label later = code.newLabel();
      Label done = code.newLabel();
      for (int[] row : sums) {
        for (int j = 0; j < count; j++) {
          row[j] = frame.newLocal(TypeKind.REFERENCE);
        }
      }
      frame.begin();
      code.ifgt(later);
      for (int[] row : sums) {
        for (int sum : row) {
          vectors.species();
          vectors.zero();
          code.astore(sum);
        }
      }
      code.goto_(done).labelBinding(later);
      for (int row = 0; row < sums.length; row++) {
        load.accept(row);
      }
      code.labelBinding(done);
    }

    void loadFromTarget(int row) {
      for (int j = 0; j < count; j++) {
        vectors.species();
        frame.target();
        frame.targetPosition(target[row], j * lanes);
        vectors.load();
        code.astore(sums[row][j]);
      }
    }

    void loadCopy(TileTail tail, int row) {
      tail.copyTarget(target[row], row);
      loadPlace(tail, row, sums[row][0]);
    }

    private void loadPlace(TileTail tail, int row, int local) {
      vectors.species();
      frame.partials();
      tail.pushPlace(row);
      vectors.load();
      code.astore(local);
    }

    void storeIntoTarget() {
      for (int row = 0; row < sums.length; row++) {
        for (int j = 0; j < count; j++) {
          code.aload(sums[row][j]);
          frame.target();
          frame.targetPosition(target[row], j * lanes);
          vectors.store();
        }
      }
    }

    /**
     * Rows that lie one behind the other are written as whole vectors, each over what the one
     * before has written too much; the others by way of a copy.
     */
    void storeTail(TileTail tail) {
      int whole = Math.max(0, sums.length + 1 - tail.rowsOfAVector());
      for (int row = 0; row < sums.length; row++) {
        code.aload(sums[row][0]);
        if (row < whole) {
          frame.target();
          frame.targetPosition(target[row], 0);
        } else {
          frame.partials();
          tail.pushPlace(row);
        }
        vectors.store();
      }
      for (int row = whole; row < sums.length; row++) {
        tail.copyBack(target[row], row);
      }
    }

    void sum(int[] leftAt, int[] rightAt, int from, int to) {
      frame.innermostLoop(from, to, () -> step(leftAt, rightAt));
    }

    void step(int[] leftAt, int[] rightAt) {
      var factors = new int[count];
      for (int j = 0; j < count; j++) {
        factors[j] = frame.newLocal(TypeKind.REFERENCE);
        loadRight(rightAt[j], factors[j]);
      }
      multiply(leftAt, factors);
    }

    void sumTail(TileTail tail, int[] leftAt, int[] rightAt, int from, int to) {
      int limit = tail.limit(rightAt[0], to);
      int factor = frame.newLocal(TypeKind.REFERENCE);
      frame.innermostLoop(
          from,
          limit,
          () -> {
            loadRight(rightAt[0], factor);
            multiply(leftAt, new int[] {factor});
          });
      code.iload(from).iload(limit);
      frame.frame().intCall("max");
      code.istore(limit);
      frame.innermostLoop(
          limit,
          to,
          () -> {
            tail.copyRight(rightAt[0]);
            loadPlace(tail, 0, factor);
            multiply(leftAt, new int[] {factor});
          });
    }

    private void loadRight(int start, int local) {
      vectors.species();
      frame.right();
      frame.position(start, frame.contract.right());
      vectors.load();
      code.astore(local);
    }

    private void multiply(int[] leftAt, int[] factors) {
      for (int row = 0; row < sums.length; row++) {
        int factor = frame.newLocal(TypeKind.REFERENCE);
        vectors.species();
        frame.left();
        frame.position(leftAt[row], frame.contract.left());
        code.arrayLoad(frame.type().element());
        vectors.broadcast();
        code.astore(factor);
        for (int j = 0; j < count; j++) {
          code.aload(factor).aload(factors[j]).aload(sums[row][j]);
          vectors.fma();
          code.astore(sums[row][j]);
        }
      }
    }
  }
}
