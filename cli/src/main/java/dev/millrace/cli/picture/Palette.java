package dev.millrace.cli.picture;

/** The colours of all pictures, {@code 0xRRGGBB}. */
public final class Palette {
  static final int PAGE = 0xffffff;
  static final int TEXT = 0x1f2937;
  static final int FAINT_TEXT = 0x6b7280;
  static final int LINE = 0xd1d5db;
  static final int TILE = 0xf6f7f9;
  static final int RIGHT = 0x15803d;
  static final int WRONG = 0xb91c1c;

  /** Evidence against, from weak to strong. */
  private static final int[] REDS = {0xffffff, 0xfcd5c5, 0xf29b80, 0xd6524a, 0xa80f26, 0x67001f};

  /** Evidence for, from weak to strong. */
  private static final int[] BLUES = {0xffffff, 0xd0e4f2, 0x8cc0de, 0x4090c5, 0x1a5da6, 0x08306b};

  private static final int[] INK = {TILE, 0x111827};

  private Palette() {}

  /** From paper at 0 to ink at 255. */
  public static int ink(byte pixel) {
    return between(INK, Byte.toUnsignedInt(pixel) / 255.0);
  }

  /** Red for a negative value, white for 0, blue for a positive one; full at -1 and at 1. */
  public static int signed(double value) {
    return value < 0 ? red(-value) : blue(value);
  }

  /** White at 0 to dark red at 1. */
  static int red(double value) {
    return between(REDS, value);
  }

  /** White at 0 to dark blue at 1. */
  static int blue(double value) {
    return between(BLUES, value);
  }

  /** Black or white, whichever is easier to read on the colour. */
  static int readableOn(int color) {
    int light = 299 * (color >> 16 & 0xff) + 587 * (color >> 8 & 0xff) + 114 * (color & 0xff);
    return light > 140_000 ? TEXT : 0xffffff;
  }

  private static int between(int[] colors, double value) {
    double place = Math.clamp(value, 0, 1) * (colors.length - 1);
    int index = Math.min((int) place, colors.length - 2);
    double part = place - index;
    int color = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int from = colors[index] >> shift & 0xff;
      int to = colors[index + 1] >> shift & 0xff;
      color |= (int) Math.round(from + part * (to - from)) << shift;
    }
    return color;
  }
}
