package dev.millrace.cpu;

import java.util.List;

/** The code that computes a block of a contraction's result, whose sums it holds meanwhile. */
sealed interface Tile permits RowTile, WrittenTile {
  /** Heights in rows that there are, descending to 1. */
  List<Integer> heights();

  /** Widths in columns that there are, descending. */
  List<Integer> widths();

  /**
   * Width of a tile for one row, where there are too few rows for a tile of the usual form; 0 if
   * there is no such tile.
   */
  int rowWidth();

  /**
   * Columns that a narrower last tile can have, from 1 to below this; 0 if there is no such tile
   * and 1 is a width. It is told the number of columns.
   */
  int tail();

  /** The code of a kind of this tile. */
  TileCode load(TileKind kind);
}
