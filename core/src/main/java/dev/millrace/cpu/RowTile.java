package dev.millrace.cpu;

import dev.millrace.kernel.Statement.Contract;
import java.util.List;
import java.util.Optional;

/**
 * A tile of long rows: loops over the columns, in Java, that the JVM makes vectors of by itself.
 * That takes it a tenth of the time that it needs for code on the Vector API, and gets half of the
 * speed: what a program needs in its first seconds.
 */
record RowTile() implements Tile {
  /** Rows that share a copy of right's row. */
  static final int HEIGHT = 32;

  /** Columns whose sums stay in L1. */
  static final int WIDTH = 256;

  /** Columns below which the ends of the loops take longer than their middle. */
  static final int WORTH_COLUMNS = 48;

  /** Arrays for the sums of one tile at a time. */
  private static final ThreadLocal<RowLoops> FLOATS = ThreadLocal.withInitial(FloatRows::new);

  private static final ThreadLocal<RowLoops> DOUBLES = ThreadLocal.withInitial(DoubleRows::new);

  /** The tile for a contraction; empty where rows are short. */
  static Optional<Tile> of(Contract contract) {
    JvmType type = JvmType.of(contract.target().buffer().dtype());
    Columns columns = Columns.of(contract.columns());
    boolean isLong = columns.most() >= WORTH_COLUMNS && columns.most() < Long.MAX_VALUE;
    boolean sharesLeft = contract.left().index().factor(contract.column()).is(0);
    boolean floating = type == JvmType.FLOAT || type == JvmType.DOUBLE;
    return floating && isLong && sharesLeft ? Optional.of(new RowTile()) : Optional.empty();
  }

  @Override
  public List<Integer> heights() {
    return List.of(HEIGHT, 16, 8, 4, 2, 1);
  }

  @Override
  public List<Integer> widths() {
    return List.of(WIDTH);
  }

  @Override
  public int rowWidth() {
    return 0;
  }

  @Override
  public int tail() {
    return WIDTH;
  }

  @Override
  public TileCode load(TileKind kind) {
    JvmType type = JvmType.of(kind.contract().target().buffer().dtype());
    return new RowCode(kind, type == JvmType.FLOAT ? FLOATS : DOUBLES);
  }
}
