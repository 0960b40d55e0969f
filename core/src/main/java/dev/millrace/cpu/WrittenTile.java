package dev.millrace.cpu;

/** A tile whose code is a method that is written for it, with its sums in locals. */
sealed interface WrittenTile extends Tile permits ScalarTile, VectorTile {
  /** Writes the method for a block of {@code height * width}. */
  void write(TileFrame frame, int height, int width);

  /** Writes the method for a block of {@code height} rows and the last columns. */
  void writeTail(TileFrame frame, int height);

  @Override
  default TileCode load(TileKind kind) {
    return TileClass.load(this, kind);
  }
}
