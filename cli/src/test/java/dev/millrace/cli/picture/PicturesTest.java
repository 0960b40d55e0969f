package dev.millrace.cli.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.cli.picture.WrongDigits.Mistake;
import dev.millrace.data.DataSet;
import dev.millrace.data.DrawnDigits;
import dev.millrace.data.LabelEncoding;
import dev.millrace.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** The pictures as another program reads them. */
class PicturesTest {
  private static BufferedImage decode(Canvas canvas) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(canvas.toPng()));
    assertEquals(canvas.width(), image.getWidth());
    assertEquals(canvas.height(), image.getHeight());
    return image;
  }

  private static int color(BufferedImage image, int x, int y) {
    return image.getRGB(x, y) & 0xffffff;
  }

  private static boolean isRed(int color) {
    return (color >> 16) > (color & 0xff) + 40;
  }

  private static boolean isBlue(int color) {
    return (color & 0xff) > (color >> 16) + 40;
  }

  @Test
  void aFileHasThePixelsOfItsCanvas() throws IOException {
    var random = new Random(1);
    for (int side : new int[] {1, 2, 7, 31, 257}) {
      var canvas = new Canvas(side, side + 3, 0x123456);
      for (int i = 0; i < 40; i++) {
        int x = random.nextInt(side);
        canvas.fill(x - 2, random.nextInt(side), 5, 3, random.nextInt(1 << 24));
      }
      BufferedImage image = decode(canvas);
      for (int y = 0; y < canvas.height(); y++) {
        for (int x = 0; x < canvas.width(); x++) {
          assertEquals(canvas.pixel(x, y), color(image, x, y));
        }
      }
    }
  }

  @Test
  void weightsAreRedWhereNegativeAndBlueWherePositive() throws IOException {
    var values = new float[DataSet.PIXELS * DataSet.CLASSES];
    for (int i = 0; i < values.length; i++) {
      boolean upperHalf = i / DataSet.CLASSES < DataSet.PIXELS / 2;
      values[i] = i % DataSet.CLASSES == 9 ? 0 : upperHalf ? -1 : 1;
    }
    BufferedImage image =
        decode(WeightImages.draw(Tensor.of(values).reshape(DataSet.PIXELS, DataSet.CLASSES)));
    for (int digit = 0; digit < 9; digit++) {
      int x = 24 + digit % 5 * 188 + 84;
      int y = 88 + digit / 5 * 212 + 84;
      assertTrue(isRed(color(image, x, y - 40)), "above the middle of " + digit);
      assertTrue(isBlue(color(image, x, y + 40)), "below the middle of " + digit);
    }
    assertEquals(Palette.PAGE, color(image, 24 + 4 * 188 + 84, 88 + 212 + 84));
  }

  @Test
  void weightsThatAreAllZeroAreWhite() throws IOException {
    var zeros = Tensor.of(new float[DataSet.PIXELS * DataSet.CLASSES]);
    BufferedImage image = decode(WeightImages.draw(zeros.reshape(784, 10)));
    assertEquals(Palette.PAGE, color(image, 24 + 84, 88 + 84));
  }

  @Test
  void whatIsRightIsBlueInTheConfusionMatrixAndMistakesAreRed() throws IOException {
    var counts = new int[DataSet.CLASSES][DataSet.CLASSES];
    for (int digit = 0; digit < DataSet.CLASSES; digit++) {
      counts[digit][digit] = 900;
    }
    counts[4][9] = 30;
    BufferedImage image = decode(ConfusionMatrix.draw(counts));
    assertTrue(isBlue(color(image, 96 + 4 * 60 + 5, 132 + 4 * 60 + 5)));
    assertTrue(isRed(color(image, 96 + 9 * 60 + 5, 132 + 4 * 60 + 5)));
    assertEquals(Palette.PAGE, color(image, 96 + 4 * 60 + 5, 132 + 9 * 60 + 5));
  }

  @Test
  void aSheetHasARowOfImagesForEachDigit() throws IOException {
    DataSet data = new DrawnDigits(0).draw(0, 1000, LabelEncoding.CLASSES);
    BufferedImage image = decode(SampleSheet.draw(data, "Title"));
    for (int digit = 0; digit < DataSet.CLASSES; digit++) {
      for (int column = 0; column < 16; column++) {
        int tile = color(image, 84 + column * 60, 76 + digit * 60);
        assertEquals(Palette.TILE, tile, "digit " + digit + ", column " + column);
      }
    }
    // With fewer images there are gaps.
    DataSet few = new DrawnDigits(0).draw(0, 10, LabelEncoding.CLASSES);
    assertEquals(Palette.PAGE, color(decode(SampleSheet.draw(few, "Title")), 84 + 15 * 60, 76));
  }

  @Test
  void mistakesAreShownSevenInARow() throws IOException {
    var mistake = new Mistake(new byte[DataSet.PIXELS], 4, 9, 0.9996f);
    assertEquals("4 → 9 (1.000)", mistake.caption());
    for (int count : new int[] {0, 1, 7, 8, 28, 40}) {
      Canvas canvas = WrongDigits.draw(Collections.nCopies(count, mistake), count);
      int rows = Math.clamp(Math.ceilDiv(count, 7), 1, 4);
      assertEquals(List.of(1056, 100 + 156 * rows), List.of(canvas.width(), canvas.height()));
      assertEquals(count == 0 ? Palette.PAGE : Palette.TILE, color(decode(canvas), 40, 92));
    }
  }

  @Test
  void everyCharacterOfTheCaptionsHasAForm() {
    PixelFont.Glyph unknown = PixelFont.glyph('\u2603');
    String texts = "abcdefghijklmnopqrstuvwxyzTWDN0123456789.,:()%+-→≤≥";
    for (int i = 0; i < texts.length(); i++) {
      assertNotEquals(unknown, PixelFont.glyph(texts.charAt(i)), "'" + texts.charAt(i) + "'");
    }
  }
}
