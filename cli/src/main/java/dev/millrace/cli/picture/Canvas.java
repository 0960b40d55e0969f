package dev.millrace.cli.picture;

import java.util.Arrays;
import java.util.function.IntBinaryOperator;

/**
 * A picture to draw on; x goes right and y goes down. Colours are {@code 0xRRGGBB}; what lies
 * outside is not drawn.
 */
public final class Canvas {
  private final int width;
  private final int height;
  private final int[] pixels;

  /** A canvas of one colour. */
  public Canvas(int width, int height, int color) {
    this.width = width;
    this.height = height;
    this.pixels = new int[width * height];
    Arrays.fill(pixels, color);
  }

  /** Width in pixels. */
  public int width() {
    return width;
  }

  /** Height in pixels. */
  public int height() {
    return height;
  }

  /** Colour of a pixel. */
  public int pixel(int x, int y) {
    return pixels[y * width + x];
  }

  /** The picture as a PNG file. */
  public byte[] toPng() {
    return Png.encode(width, height, pixels);
  }

  /** Fills a rectangle. */
  void fill(int left, int top, int columns, int rows, int color) {
    int from = Math.clamp(left, 0, width);
    int to = Math.clamp(left + columns, from, width);
    for (int y = Math.max(0, top); y < Math.min(height, top + rows); y++) {
      Arrays.fill(pixels, y * width + from, y * width + to, color);
    }
  }

  /** Draws the border of a rectangle, one pixel wide, inside of it. */
  void frame(int left, int top, int columns, int rows, int color) {
    fill(left, top, columns, 1, color);
    fill(left, top + rows - 1, columns, 1, color);
    fill(left, top, 1, rows, color);
    fill(left + columns - 1, top, 1, rows, color);
  }

  /** Draws a square image of {@code side} pixels, each enlarged to {@code scale} by scale. */
  void image(int left, int top, int side, int scale, IntBinaryOperator color) {
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        int value = color.applyAsInt(x, y);
        fill(left + x * scale, top + y * scale, scale, scale, value);
      }
    }
  }

  /** Writes a line of text; (left, top) is the corner of a capital letter. */
  void text(int left, int top, int scale, int color, String text) {
    int x = left;
    for (int i = 0; i < text.length(); i++) {
      PixelFont.Glyph glyph = PixelFont.glyph(text.charAt(i));
      for (int row = 0; row < glyph.height(); row++) {
        for (int column = 0; column < glyph.width(); column++) {
          if (glyph.hasInk(column, row)) {
            fill(x + column * scale, top + row * scale, scale, scale, color);
          }
        }
      }
      x += (glyph.width() + 1) * scale;
    }
  }

  /** Writes a line of text around the column {@code center}. */
  void textCentered(int center, int top, int scale, int color, String text) {
    text(center - textWidth(text, scale) / 2, top, scale, color, text);
  }

  /** Writes a line of text that ends before the column {@code right}. */
  void textRight(int right, int top, int scale, int color, String text) {
    text(right - textWidth(text, scale), top, scale, color, text);
  }

  /** Writes a line of text from below to above, around the row {@code center}. */
  void textUpwards(int left, int center, int scale, int color, String text) {
    int length = textWidth(text, scale);
    int rows = textHeight(scale) + 2 * scale;
    var line = new Canvas(length, rows, ~color & 0xffffff);
    line.text(0, 0, scale, color, text);
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < length; x++) {
        if (line.pixel(x, y) == color) {
          fill(left + y, center + length / 2 - x, 1, 1, color);
        }
      }
    }
  }

  static int textWidth(String text, int scale) {
    return PixelFont.width(text) * scale;
  }

  static int textHeight(int scale) {
    return PixelFont.HEIGHT * scale;
  }
}
