package dev.millrace.data;

import java.util.Arrays;

/** A sheet of 28 by 28 pixels on which a round pen leaves ink. For one thread, used again. */
final class Ink {
  private static final int SIDE = DataSet.SIDE;

  /** The column, and the row, that the middle of an image is at. */
  private static final double MIDDLE = (SIDE - 1) / 2.0;

  private final float[] amount = new float[DataSet.PIXELS];

  void clear() {
    Arrays.fill(amount, 0);
  }

  /**
   * Draws a line whose half width goes from {@code r0} to {@code r1}. A pixel's ink falls linearly
   * from 1 to 0 over {@code softness} pixels across the edge; lines that meet do not add up.
   */
  void line(double x0, double y0, double r0, double x1, double y1, double r1, double softness) {
    double reach = Math.max(r0, r1) + softness / 2;
    int left = first(Math.min(x0, x1) - reach);
    int right = last(Math.max(x0, x1) + reach);
    int bottom = last(Math.max(y0, y1) + reach);
    double dx = x1 - x0;
    double dy = y1 - y0;
    double scale = 1 / (dx * dx + dy * dy + 1e-12);
    for (int y = first(Math.min(y0, y1) - reach); y <= bottom; y++) {
      double py = y + 0.5 - y0;
      for (int x = left; x <= right; x++) {
        double px = x + 0.5 - x0;
        double along = Math.clamp((px * dx + py * dy) * scale, 0, 1);
        double ex = px - along * dx;
        double ey = py - along * dy;
        double inside = r0 + (r1 - r0) * along - Math.sqrt(ex * ex + ey * ey);
        float ink = (float) Math.min(1, inside / softness + 0.5);
        int at = y * SIDE + x;
        amount[at] = Math.max(amount[at], ink);
      }
    }
  }

  private static int first(double coordinate) {
    return (int) Math.max(0, coordinate - 0.5);
  }

  private static int last(double coordinate) {
    return (int) Math.min(SIDE - 1, coordinate + 0.5);
  }

  /**
   * Copies the ink as unsigned bytes into {@code pixels}, moved by whole pixels so that its centre
   * of mass is in the middle, and made a little uneven where it is not full.
   */
  void copyCentred(byte[] pixels, int offset, RandomStream random) {
    double mass = 1e-6;
    double massX = 0;
    double massY = 0;
    for (int at = 0; at < amount.length; at++) {
      mass += amount[at];
      massX += amount[at] * column(at);
      massY += amount[at] * row(at);
    }
    int shiftX = (int) Math.rint(MIDDLE - massX / mass);
    int shiftY = (int) Math.rint(MIDDLE - massY / mass);
    for (int at = 0; at < amount.length; at++) {
      int x = column(at) + shiftX;
      int y = row(at) + shiftY;
      if (amount[at] > 0 && x >= 0 && x < SIDE && y >= 0 && y < SIDE) {
        pixels[offset + y * SIDE + x] = (byte) level(amount[at], random);
      }
    }
  }

  private static int column(int at) {
    return at % SIDE;
  }

  private static int row(int at) {
    return at / SIDE;
  }

  private static int level(double ink, RandomStream random) {
    double uneven = ink < 1 ? 0.07 * random.bell() : 0;
    return (int) Math.clamp((ink + uneven) * 255 - (ink < 1 ? 0 : random.below(4)), 0, 255);
  }
}
