package dev.millrace.cli.picture;

import dev.millrace.data.DataSet;

/** One image of a data set. */
final class Digit {
  private Digit() {}

  static void draw(Canvas canvas, int left, int top, int scale, byte[] pixels) {
    canvas.image(
        left, top, DataSet.SIDE, scale, (x, y) -> Palette.ink(pixels[y * DataSet.SIDE + x]));
  }
}
