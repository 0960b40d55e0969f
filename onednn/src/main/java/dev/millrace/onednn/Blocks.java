package dev.millrace.onednn;

/**
 * How a matrix product is cut into pieces of the target, which tasks compute side by side. It
 * depends on the sizes alone, so that results do not depend on the number of threads.
 *
 * @param rows rows of a piece, but the last
 * @param columns columns of a piece, but the last
 */
record Blocks(int m, int n, int rows, int columns) {
  /** Multiplications of a piece at least: a tenth of a millisecond or so. */
  private static final double PIECE = 1 << 22;

  /** Each piece has its own copies of what it reads; from so many on that costs too much. */
  private static final int PIECES = 4;

  /** Rows or columns of a piece, of which there may be any number. */
  private static final int WIDE = 256;

  /** Sizes of pieces are multiples of this, which suits the library's kernels. */
  private static final int UNIT = 64;

  static Blocks of(MatrixProduct product) {
    int m = product.m();
    int n = product.n();
    double work = (double) m * n * product.k();
    int pieces = (int) Math.clamp(work / PIECE, 1, Math.max(PIECES, Math.max(m, n) / WIDE));
    return m > n ? new Blocks(m, n, piece(m, pieces), n) : new Blocks(m, n, m, piece(n, pieces));
  }

  private static int piece(int extent, int pieces) {
    int units = Math.ceilDiv(extent, UNIT);
    return Math.min(extent, UNIT * Math.ceilDiv(units, pieces));
  }

  int across() {
    return Math.ceilDiv(n, columns);
  }

  int count() {
    return Math.ceilDiv(m, rows) * across();
  }

  int row(int piece) {
    return piece / across() * rows;
  }

  int column(int piece) {
    return piece % across() * columns;
  }

  int height(int piece) {
    return Math.min(rows, m - row(piece));
  }

  int width(int piece) {
    return Math.min(columns, n - column(piece));
  }
}
