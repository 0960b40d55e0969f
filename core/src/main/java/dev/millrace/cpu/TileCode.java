package dev.millrace.cpu;

/** The code of one form of tile, which all contractions of the same structure share. */
interface TileCode {
  /**
   * Computes one tile, or goes on with it.
   *
   * @param left array of the left operand; {@code leftStart} is where the tile begins in it, but
   *     for its rows where those are not equally far apart; likewise right and target
   * @param columns of a tile that has fewer than lanes
   * @param row number of the first row
   * @param from first number of the outermost inner axis; sums go on if it is not 0
   * @param to its end
   * @param sizes what {@link TileKind} left open
   * @param partials an array with room for the sums of a tile at {@code place}
   */
  void run(
      Object left,
      int leftStart,
      Object right,
      int rightStart,
      Object target,
      int targetStart,
      int columns,
      int row,
      int from,
      int to,
      int[] sizes,
      Object partials,
      int place);
}
