package dev.millrace.cli.picture;

import dev.millrace.data.DataSet;

/** A sheet of training images: a row for each digit, with the digit in front. */
public final class SampleSheet {
  private static final int PER_DIGIT = 16;
  private static final int SCALE = 2;
  private static final int TILE = DataSet.SIDE * SCALE;
  private static final int PITCH = TILE + 4;
  private static final int LEFT = 84;
  private static final int TOP = 76;
  private static final int MARGIN = 24;

  private SampleSheet() {}

  /** The first images of each digit. */
  public static Canvas draw(DataSet data, String title) {
    int width = LEFT + PER_DIGIT * PITCH - 4 + MARGIN;
    int height = TOP + DataSet.CLASSES * PITCH - 4 + MARGIN;
    var canvas = new Canvas(width, height, Palette.PAGE);
    canvas.text(MARGIN, 20, 3, Palette.TEXT, title);
    String caption = "a label, and images of 28 by 28 pixels that have it";
    canvas.text(MARGIN, 50, 2, Palette.FAINT_TEXT, caption);
    for (int digit = 0; digit < DataSet.CLASSES; digit++) {
      int top = TOP + digit * PITCH + (TILE - Canvas.textHeight(4)) / 2;
      canvas.textCentered((MARGIN + LEFT) / 2 - 4, top, 4, Palette.TEXT, String.valueOf(digit));
    }
    var shown = new int[DataSet.CLASSES];
    int full = 0;
    for (int i = 0; i < data.size() && full < DataSet.CLASSES; i++) {
      int digit = data.label(i);
      if (shown[digit] < PER_DIGIT) {
        int left = LEFT + shown[digit] * PITCH;
        Digit.draw(canvas, left, TOP + digit * PITCH, SCALE, data.pixels(i));
        shown[digit]++;
        full += shown[digit] == PER_DIGIT ? 1 : 0;
      }
    }
    return canvas;
  }
}
