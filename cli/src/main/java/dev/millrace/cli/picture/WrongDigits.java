package dev.millrace.cli.picture;

import dev.millrace.cli.text.Decimal;
import dev.millrace.data.DataSet;
import java.util.List;

/** The mistakes that the model was surest of, each with what it is and what it was taken for. */
public final class WrongDigits {
  /** How many are shown at most. */
  public static final int SHOWN = 28;

  private static final int COLUMNS = 7;
  private static final int SCALE = 4;
  private static final int TILE = DataSet.SIDE * SCALE;
  private static final int PITCH = TILE + 32;
  private static final int MARGIN = 40;
  private static final int TOP = 92;
  private static final int ROW = TILE + 44;

  /**
   * A mistake.
   *
   * @param pixels the image, 784 unsigned bytes
   * @param digit what it is
   * @param predicted what the model took it for
   * @param confidence probability that the model gave to what it predicted, in [0, 1]
   */
  public record Mistake(byte[] pixels, int digit, int predicted, float confidence) {
    String caption() {
      return digit + " → " + predicted + " (" + Decimal.fixed(confidence, 3) + ")";
    }
  }

  private WrongDigits() {}

  /**
   * A picture of these mistakes.
   *
   * @param mistakes at most {@link #SHOWN} are shown
   * @param all how many there are in all
   */
  public static Canvas draw(List<Mistake> mistakes, int all) {
    int shown = Math.min(SHOWN, mistakes.size());
    int rows = Math.max(1, Math.ceilDiv(shown, COLUMNS));
    int width = 2 * MARGIN + COLUMNS * PITCH - (PITCH - TILE);
    var canvas = new Canvas(width, TOP + rows * ROW + 8, Palette.PAGE);
    String title = "The " + shown + " surest of " + all + (all == 1 ? " mistake" : " mistakes");
    canvas.text(MARGIN, 20, 3, Palette.TEXT, all == 0 ? "No mistakes" : title);
    String caption = "true digit → predicted digit (probability that the model gave it)";
    canvas.text(MARGIN, 52, 2, Palette.FAINT_TEXT, caption);
    for (int i = 0; i < shown; i++) {
      Mistake mistake = mistakes.get(i);
      int left = MARGIN + i % COLUMNS * PITCH;
      int top = TOP + i / COLUMNS * ROW;
      Digit.draw(canvas, left, top, SCALE, mistake.pixels());
      int middle = left + TILE / 2;
      canvas.textCentered(middle, top + TILE + 9, 2, Palette.TEXT, mistake.caption());
    }
    return canvas;
  }
}
