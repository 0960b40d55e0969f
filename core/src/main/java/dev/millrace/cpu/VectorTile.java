package dev.millrace.cpu;

import dev.millrace.kernel.Statement.Contract;
import dev.millrace.kernel.Statement.Place;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.util.List;
import java.util.Optional;

/**
 * A tile of vectors along the columns: each step of the inner dim loads one row of vectors of right
 * and multiplies it with one number of left for each row of the tile.
 *
 * @param lanes of a vector
 */
record VectorTile(int lanes, List<Integer> heights, List<Integer> widths) implements Tile {
  private static final int WIDE_VECTOR = 16;

  /** The tile for a contraction; empty where columns do not lie side by side. */
  static Optional<Tile> of(Vectors vectors, Contract contract) {
    JvmType type = JvmType.of(contract.target().buffer().dtype());
    if ((type != JvmType.FLOAT && type != JvmType.DOUBLE)
        || !isContiguous(contract, contract.right())
        || !isContiguous(contract, contract.target())) {
      return Optional.empty();
    }
    int lanes = vectors.lanes(type);
    boolean narrow = contract.columns().isKnown() && contract.columns().value() <= lanes;
    // With 32 registers 16 sums leave room for operands; with 16 registers only 8 do.
    boolean many = vectors.floats() == WIDE_VECTOR;
    List<Integer> heights = narrow == many ? List.of(8, 4, 2, 1) : List.of(4, 2, 1);
    if (narrow && many) {
      heights = List.of(16, 8, 4, 2, 1);
    } else if (many) {
      heights = List.of(8, 4, 2, 1);
    }
    List<Integer> widths = narrow ? List.of(lanes) : List.of(2 * lanes, lanes);
    return Optional.of(new VectorTile(lanes, heights, widths));
  }

  private static boolean isContiguous(Contract contract, Place place) {
    return place.index().factor(contract.column()).is(1);
  }

  @Override
  public int tail() {
    return lanes;
  }

  @Override
  public void write(TileFrame frame, int height, int width) {
    new Writer(frame, height, width / lanes, -1).write();
  }

  @Override
  public void writeTail(TileFrame frame, int height) {
    CodeBuilder code = frame.code;
    int mask = frame.newLocal(TypeKind.REFERENCE);
    var vectors = new VectorCode(code, frame.type());
    vectors.species();
    code.lconst_1();
    frame.columns();
    code.lshl().lconst_1().lsub();
    vectors.maskFromBits();
    code.astore(mask);
    new Writer(frame, height, 1, mask).write();
  }

  /** Writes one method; {@code mask} is a local, or -1 for whole vectors. */
  private final class Writer {
    private final TileFrame frame;
    private final CodeBuilder code;
    private final VectorCode vectors;
    private final int height;
    private final int count;
    private final int mask;
    private final int[] left;
    private final int[] right;
    private final int[][] sums;

    Writer(TileFrame frame, int height, int count, int mask) {
      this.frame = frame;
      this.code = frame.code;
      this.vectors = new VectorCode(code, frame.type());
      this.height = height;
      this.count = count;
      this.mask = mask;
      this.left = frame.leftRows(height);
      this.right = frame.rightColumns(count, lanes);
      this.sums = new int[height][count];
    }

    void write() {
      for (int[] row : sums) {
        for (int j = 0; j < count; j++) {
          row[j] = frame.newLocal(TypeKind.REFERENCE);
          vectors.species();
          vectors.zero();
          code.astore(row[j]);
        }
      }
      frame.innerLoop(this::step);
      for (int row = 0; row < height; row++) {
        for (int j = 0; j < count; j++) {
          code.aload(sums[row][j]);
          frame.target();
          frame.targetPosition(row, j * lanes);
          store();
        }
      }
      code.return_();
    }

    private void step() {
      var factors = new int[count];
      for (int j = 0; j < count; j++) {
        factors[j] = frame.newLocal(TypeKind.REFERENCE);
        vectors.species();
        frame.right();
        frame.position(right[j], frame.contract.right());
        load();
        code.astore(factors[j]);
      }
      for (int row = 0; row < height; row++) {
        int factor = frame.newLocal(TypeKind.REFERENCE);
        vectors.species();
        frame.left();
        frame.position(left[row], frame.contract.left());
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

    private void load() {
      if (mask < 0) {
        vectors.load();
      } else {
        code.aload(mask);
        vectors.loadMasked();
      }
    }

    private void store() {
      if (mask < 0) {
        vectors.store();
      } else {
        code.aload(mask);
        vectors.storeMasked();
      }
    }
  }
}
