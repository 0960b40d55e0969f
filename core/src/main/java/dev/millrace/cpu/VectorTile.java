package dev.millrace.cpu;

final class VectorTile implements Tile {
  public java.util.List<Integer> heights() {
    return null;
  }

  public java.util.List<Integer> widths() {
    return null;
  }

  public int tail() {
    return 0;
  }

  public void write(TileFrame frame, int height, int width) {}

  public void writeTail(TileFrame frame, int height) {}
}
