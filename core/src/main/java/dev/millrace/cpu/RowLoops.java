package dev.millrace.cpu;

/**
 * The loops of a {@link RowTile} for one type of elements, and the arrays that they run over. Each
 * row has an array of its own, from its beginning on: the JVM makes vectors only of loops in which
 * all positions are the same.
 */
abstract sealed class RowLoops permits FloatRows, DoubleRows {
  /** Rows of sums in one loop, and rows of right. */
  static final int ROWS = 4;

  /** Rows of right that are copied at once: where its columns are far apart, a line's worth. */
  static final int COPIED = 16;

  /** Where each row begins in left and in target. */
  final int[] leftStarts = new int[RowTile.HEIGHT];

  final int[] targetStarts = new int[RowTile.HEIGHT];

  /** Number of rows and of columns of the tile at hand. */
  int height;

  int columns;

  /** How far apart neighbouring columns are in right and in target. */
  int rightColumn;

  int targetColumn;

  /** Sets what the tile at hand reads and writes. */
  abstract void open(Object left, Object right, Object target);

  /** Sets the sums to 0, or to what target holds. */
  abstract void start(boolean goesOn);

  /**
   * Adds products to the sums.
   *
   * @param left what is to be added to the beginnings of left's rows
   * @param right where right's first row begins
   */
  final void steps(int count, int left, int leftStep, int right, int rightStep) {
    for (int begin = 0; begin < count; begin += COPIED) {
      int length = Math.min(COPIED, count - begin);
      copy(length, right + begin * rightStep, rightStep);
      int k = 0;
      for (; k + ROWS <= length; k += ROWS) {
        four(k, left + (begin + k) * leftStep, leftStep);
      }
      for (; k < length; k++) {
        one(k, left + (begin + k) * leftStep);
      }
    }
  }

  /** Copies so many rows of right, the first of which begins at {@code from}. */
  abstract void copy(int count, int from, int step);

  /** Adds the products with four copied rows to each sum. */
  abstract void four(int row, int left, int leftStep);

  /** Adds the products with one copied row to each sum. */
  abstract void one(int row, int left);

  /** Writes the sums into target. */
  abstract void finish();
}
