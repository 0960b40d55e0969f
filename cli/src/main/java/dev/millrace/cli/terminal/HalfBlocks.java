package dev.millrace.cli.terminal;

import java.util.function.IntBinaryOperator;

/**
 * Pictures as text: each character is two pixels, one above the other, the upper one in the
 * foreground's colour of {@code U+2580} and the lower one in the background's.
 */
public final class HalfBlocks {
  static final char UPPER_HALF = '\u2580';

  private static final String RESET = "\u001b[0m";

  /** Steps of a channel in the 6 by 6 by 6 cube of the 256 colours. */
  private static final int[] CUBE = {0, 95, 135, 175, 215, 255};

  private HalfBlocks() {}

  /**
   * The picture as lines, each ending in a line feed.
   *
   * @param height a multiple of 2
   * @param colors {@link Terminal.Colors#NONE} gives an empty text
   * @param pixel colour {@code 0xRRGGBB} of column x and row y, or -1 for the terminal's own
   */
  public static String draw(
      int width, int height, Terminal.Colors colors, IntBinaryOperator pixel) {
    var text = new StringBuilder();
    if (colors == Terminal.Colors.NONE) {
      return "";
    }
    for (int y = 0; y < height; y += 2) {
      int lastUpper = -1;
      int lastLower = -1;
      for (int x = 0; x < width; x++) {
        int upper = pixel.applyAsInt(x, y);
        int lower = pixel.applyAsInt(x, y + 1);
        if (upper != lastUpper || lower != lastLower) {
          text.append(RESET);
          text.append(upper < 0 ? "" : code(38, upper, colors));
          text.append(lower < 0 ? "" : code(48, lower, colors));
        }
        text.append(upper < 0 ? ' ' : UPPER_HALF);
        lastUpper = upper;
        lastLower = lower;
      }
      text.append(RESET).append('\n');
    }
    return text.toString();
  }

  private static String code(int ground, int rgb, Terminal.Colors colors) {
    int red = rgb >> 16 & 0xff;
    int green = rgb >> 8 & 0xff;
    int blue = rgb & 0xff;
    return colors == Terminal.Colors.TRUE
        ? "\u001b[" + ground + ";2;" + red + ";" + green + ";" + blue + "m"
        : "\u001b[" + ground + ";5;" + indexed(red, green, blue) + "m";
  }

  /** The nearest of xterm's colours: the 24 greys 8, 18, ... 238, or the cube. */
  static int indexed(int red, int green, int blue) {
    if (red == green && green == blue && red >= 4 && red < 247) {
      return 232 + Math.clamp((red - 8 + 5) / 10, 0, 23);
    }
    return 16 + 36 * nearest(red) + 6 * nearest(green) + nearest(blue);
  }

  private static int nearest(int channel) {
    int best = 0;
    for (int i = 1; i < CUBE.length; i++) {
      if (Math.abs(CUBE[i] - channel) < Math.abs(CUBE[best] - channel)) {
        best = i;
      }
    }
    return best;
  }
}
