package dev.millrace.cli.picture;

import dev.millrace.cli.text.Decimal;
import dev.millrace.data.DataSet;
import dev.millrace.tensor.Tensor;
import java.util.Arrays;

/**
 * What the model has learned: for each digit an image of its weights, red where ink speaks against
 * the digit and blue where it speaks for it. All ten have one scale, with 0 in its middle.
 */
public final class WeightImages {
  private static final int COLUMNS = 5;
  private static final int SCALE = 6;
  private static final int TILE = DataSet.SIDE * SCALE;
  private static final int GAP = 20;
  private static final int MARGIN = 24;
  private static final int TOP = 88;
  private static final int CAPTION = 44;
  private static final int BAR_WIDTH = 360;
  private static final int BAR_HEIGHT = 16;

  private WeightImages() {}

  /** A picture of weights {@code [784, 10]}. */
  public static Canvas draw(Tensor weights) {
    float[] values = weights.toFloatArray();
    double full = fullScale(values);
    int rowHeight = TILE + CAPTION;
    int rows = DataSet.CLASSES / COLUMNS;
    int width = 2 * MARGIN + COLUMNS * (TILE + GAP) - GAP;
    int height = TOP + rows * rowHeight + 56;
    var canvas = new Canvas(width, height, Palette.PAGE);
    canvas.text(MARGIN, 20, 3, Palette.TEXT, "What the model looks for: its weights");
    String caption = "red: ink here speaks against the digit    blue: ink here speaks for it";
    canvas.text(MARGIN, 52, 2, Palette.FAINT_TEXT, caption);
    for (int digit = 0; digit < DataSet.CLASSES; digit++) {
      int left = MARGIN + digit % COLUMNS * (TILE + GAP);
      int top = TOP + digit / COLUMNS * rowHeight;
      drawDigit(canvas, left, top, values, digit, full);
    }
    drawScale(canvas, (width - BAR_WIDTH) / 2, TOP + rows * rowHeight + 12, full);
    return canvas;
  }

  /**
   * Where the colours are full: the absolute value that one weight in 200 exceeds, above 0. A few
   * very strong weights would else leave the others pale.
   */
  public static double fullScale(float[] weights) {
    var sizes = new float[weights.length];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Math.abs(weights[i]);
    }
    Arrays.sort(sizes);
    return Math.max(Float.MIN_NORMAL, sizes[sizes.length - 1 - sizes.length / 200]);
  }

  private static void drawDigit(
      Canvas canvas, int left, int top, float[] values, int digit, double full) {
    canvas.image(
        left,
        top,
        DataSet.SIDE,
        SCALE,
        (x, y) -> {
          float weight = values[(y * DataSet.SIDE + x) * DataSet.CLASSES + digit];
          return Palette.signed(weight / full);
        });
    canvas.frame(left - 1, top - 1, TILE + 2, TILE + 2, Palette.LINE);
    canvas.textCentered(left + TILE / 2, top + TILE + 10, 3, Palette.TEXT, String.valueOf(digit));
  }

  private static void drawScale(Canvas canvas, int left, int top, double full) {
    for (int x = 0; x < BAR_WIDTH; x++) {
      canvas.fill(left + x, top, 1, BAR_HEIGHT, Palette.signed(2.0 * x / (BAR_WIDTH - 1) - 1));
    }
    canvas.frame(left - 1, top - 1, BAR_WIDTH + 2, BAR_HEIGHT + 2, Palette.LINE);
    String number = Decimal.fixed(full, 2);
    canvas.textRight(left - 10, top + 1, 2, Palette.TEXT, "≤ -" + number);
    canvas.text(left + BAR_WIDTH + 10, top + 1, 2, Palette.TEXT, "≥ +" + number);
    canvas.textCentered(left + BAR_WIDTH / 2, top + BAR_HEIGHT + 6, 2, Palette.FAINT_TEXT, "0");
  }
}
