package dev.millrace.cli.picture;

import dev.millrace.cli.text.Decimal;
import dev.millrace.data.DataSet;

/**
 * How often each digit was taken for each other one. What is right lies on the diagonal, in blue;
 * mistakes are red, each colour on a scale of its own, and of square roots, so that the rare ones
 * show.
 */
public final class ConfusionMatrix {
  private static final int CELL = 60;
  private static final int LEFT = 96;
  private static final int TOP = 132;
  private static final int SIDE = DataSet.CLASSES * CELL;
  private static final int RIGHT_MARGIN = 130;
  private static final int BOTTOM_MARGIN = 32;

  private ConfusionMatrix() {}

  /**
   * A picture of the counts.
   *
   * @param counts {@code counts[digit][predicted]}
   */
  public static Canvas draw(int[][] counts) {
    int width = LEFT + SIDE + RIGHT_MARGIN;
    var canvas = new Canvas(width, TOP + SIDE + BOTTOM_MARGIN, Palette.PAGE);
    canvas.text(24, 20, 3, Palette.TEXT, "Which digit was taken for which");
    canvas.text(24, 52, 2, Palette.FAINT_TEXT, "blue: right    red: mistakes");
    drawAxes(canvas);
    double mostRight = largest(counts, true);
    double mostWrong = largest(counts, false);
    for (int digit = 0; digit < DataSet.CLASSES; digit++) {
      for (int predicted = 0; predicted < DataSet.CLASSES; predicted++) {
        int count = counts[digit][predicted];
        double share = Math.sqrt(count / (digit == predicted ? mostRight : mostWrong));
        drawCell(canvas, digit, predicted, count, share);
      }
      drawShareOfRight(canvas, digit, counts[digit]);
    }
    canvas.frame(LEFT - 1, TOP - 1, SIDE + 1, SIDE + 1, Palette.LINE);
    return canvas;
  }

  private static void drawAxes(Canvas canvas) {
    canvas.textCentered(LEFT + SIDE / 2, TOP - 52, 2, Palette.FAINT_TEXT, "predicted digit");
    canvas.textUpwards(28, TOP + SIDE / 2, 2, Palette.FAINT_TEXT, "true digit");
    canvas.text(LEFT + SIDE + 28, TOP - 24, 2, Palette.FAINT_TEXT, "right");
    for (int digit = 0; digit < DataSet.CLASSES; digit++) {
      String name = String.valueOf(digit);
      int middle = digit * CELL + CELL / 2;
      canvas.textCentered(LEFT + middle, TOP - 28, 3, Palette.TEXT, name);
      canvas.textCentered(LEFT - 22, TOP + middle - 10, 3, Palette.TEXT, name);
    }
  }

  private static void drawCell(Canvas canvas, int digit, int predicted, int count, double share) {
    int left = LEFT + predicted * CELL;
    int top = TOP + digit * CELL;
    int color = digit == predicted ? Palette.blue(share * 0.8) : Palette.red(share * 0.8);
    canvas.fill(left, top, CELL - 1, CELL - 1, color);
    canvas.fill(left + CELL - 1, top, 1, CELL, Palette.LINE);
    canvas.fill(left, top + CELL - 1, CELL, 1, Palette.LINE);
    int ink = count == 0 ? Palette.LINE : Palette.readableOn(color);
    canvas.textCentered(left + CELL / 2, top + CELL / 2 - 7, 2, ink, String.valueOf(count));
  }

  private static void drawShareOfRight(Canvas canvas, int digit, int[] row) {
    int all = 0;
    for (int count : row) {
      all += count;
    }
    double percent = 100.0 * row[digit] / Math.max(1, all);
    String text = Decimal.fixed(percent, 1) + "%";
    int top = TOP + digit * CELL + CELL / 2 - 7;
    canvas.text(LEFT + SIDE + 28, top, 2, Palette.TEXT, text);
  }

  /** The largest count on the diagonal or beside it, 1 at least. */
  private static int largest(int[][] counts, boolean diagonal) {
    int largest = 1;
    for (int digit = 0; digit < counts.length; digit++) {
      for (int predicted = 0; predicted < counts.length; predicted++) {
        if (digit == predicted == diagonal) {
          largest = Math.max(largest, counts[digit][predicted]);
        }
      }
    }
    return largest;
  }
}
