package dev.millrace.cli.mnist;

import dev.millrace.cli.picture.Palette;
import dev.millrace.cli.picture.WeightImages;
import dev.millrace.cli.terminal.HalfBlocks;
import dev.millrace.cli.terminal.Terminal;
import dev.millrace.data.DataSet;
import dev.millrace.tensor.Tensor;
import java.util.function.IntBinaryOperator;

/** Digits and weights in a terminal that shows colour, at half their size, five in a row. */
final class TerminalPictures {
  private static final int COLUMNS = 5;
  private static final int SIDE = DataSet.SIDE / 2;
  private static final int PITCH = SIDE + 1;

  private final Terminal.Colors colors;

  TerminalPictures(Terminal terminal) {
    this.colors = terminal.colors();
  }

  /** One row of images and, below it, their labels; empty where there is no colour. */
  String digits(DataSet data) {
    int count = Math.min(COLUMNS, data.size());
    var captions = new int[count];
    var pixels = new byte[count][];
    for (int i = 0; i < count; i++) {
      captions[i] = data.label(i);
      pixels[i] = data.pixels(i);
    }
    return row(captions, (tile, pixel) -> Palette.ink(mean(pixels[tile], pixel)));
  }

  /** Two rows of weight images {@code [784, 10]} with their digits; empty without colour. */
  String weights(Tensor weights) {
    float[] values = weights.toFloatArray();
    double full = WeightImages.fullScale(values);
    var text = new StringBuilder();
    for (int first = 0; first < DataSet.CLASSES; first += COLUMNS) {
      var captions = new int[COLUMNS];
      for (int i = 0; i < COLUMNS; i++) {
        captions[i] = first + i;
      }
      text.append(
          row(
              captions,
              (tile, pixel) -> {
                double sum = 0;
                for (int corner : corners(pixel)) {
                  sum += values[corner * DataSet.CLASSES + captions[tile]];
                }
                return Palette.signed(sum / 4 / full);
              }));
    }
    return text.toString();
  }

  /** Tiles side by side; {@code color} takes the number of a tile and a pixel of 14 by 14. */
  private String row(int[] captions, IntBinaryOperator color) {
    if (colors == Terminal.Colors.NONE) {
      return "";
    }
    var text = new StringBuilder();
    text.append(
        HalfBlocks.draw(
            captions.length * PITCH - 1,
            SIDE,
            colors,
            (x, y) -> x % PITCH == SIDE ? -1 : color.applyAsInt(x / PITCH, y * SIDE + x % PITCH)));
    for (int caption : captions) {
      text.append(" ".repeat(SIDE / 2)).append(caption).append(" ".repeat(PITCH - SIDE / 2 - 1));
    }
    return text.toString().stripTrailing() + "\n";
  }

  /** The four pixels of 28 by 28 that a pixel of 14 by 14 stands for. */
  private static int[] corners(int pixel) {
    int corner = pixel / SIDE * 2 * DataSet.SIDE + pixel % SIDE * 2;
    return new int[] {corner, corner + 1, corner + DataSet.SIDE, corner + DataSet.SIDE + 1};
  }

  private static byte mean(byte[] pixels, int pixel) {
    int sum = 0;
    for (int corner : corners(pixel)) {
      sum += Byte.toUnsignedInt(pixels[corner]);
    }
    return (byte) (sum / 4);
  }
}
