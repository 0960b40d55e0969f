package dev.millrace.cpu;

import java.util.List;

/** The method that computes a block of a contraction's result, which it holds in locals. */
sealed interface Tile permits ScalarTile, VectorTile {
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
   * and 1 is a width. Its method takes the number of columns.
   */
  int tail();

  /** Writes the method for a block of {@code height * width}. */
  void write(TileFrame frame, int height, int width);

  /** Writes the method for a block of {@code height} rows and the last columns. */
  void writeTail(TileFrame frame, int height);
}
