package dev.millrace.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class DrawnDigitsTest {
  private static DataSet draw(long seed, long first, int count) {
    return new DrawnDigits(seed).draw(first, count, LabelEncoding.ONE_HOT);
  }

  @Test
  void anImageDependsOnItsSeedAndIndexOnly() {
    DataSet few = draw(3, 990, 5);
    DataSet many = draw(3, 0, 2000);
    for (int i = 0; i < few.size(); i++) {
      assertEquals(few.label(i), many.label(990 + i));
      assertArrayEquals(few.pixels(i), many.pixels(990 + i));
    }
    assertFalse(Arrays.equals(few.pixels(0), draw(4, 990, 1).pixels(0)));
    assertFalse(Arrays.equals(few.pixels(0), few.pixels(1)));
  }

  @Test
  void imagesAreTheSameOnEveryMachine() {
    var sum = new CRC32();
    DataSet digits = draw(0, 0, 1000);
    for (int i = 0; i < digits.size(); i++) {
      sum.update(digits.label(i));
      sum.update(digits.pixels(i));
    }
    assertEquals(1802487434, sum.getValue());
  }

  @Test
  void classesAreEqualInNumber() {
    DataSet digits = draw(1, 0, 10_000);
    var counts = new int[10];
    for (int i = 0; i < digits.size(); i++) {
      counts[digits.label(i)]++;
    }
    for (int count : counts) {
      assertEquals(1000, count, 120);
    }
  }

  @Test
  void inkIsAsInMnist() {
    DataSet digits = draw(1, 0, 3000);
    double sum = 0;
    double squares = 0;
    for (float value : digits.images().toFloatArray()) {
      sum += value;
      squares += value * value;
    }
    double mean = sum / digits.size() / 784;
    assertEquals(0.1307, mean, 0.015);
    assertEquals(0.3081, Math.sqrt(squares / digits.size() / 784 - mean * mean), 0.02);
  }

  @Test
  void aDigitIsTwentyPixelsLongAndItsMassInTheMiddle() {
    DataSet digits = draw(1, 0, 3000);
    for (int i = 0; i < digits.size(); i++) {
      byte[] pixels = digits.pixels(i);
      int mass = 0;
      int massX = 0;
      int massY = 0;
      int left = 28;
      int right = 0;
      int top = 28;
      int bottom = 0;
      for (int at = 0; at < pixels.length; at++) {
        int ink = pixels[at] & 0xff;
        mass += ink;
        massX += ink * (at % 28);
        massY += ink * (at / 28);
        if (ink > 127) {
          left = Math.min(left, at % 28);
          right = Math.max(right, at % 28);
          top = Math.min(top, at / 28);
          bottom = Math.max(bottom, at / 28);
        }
      }
      assertEquals(13.5, massX / (double) mass, 0.9);
      assertEquals(13.5, massY / (double) mass, 0.9);
      int extent = Math.max(right - left, bottom - top) + 1;
      assertTrue(extent >= 17 && extent <= 22, "image " + i + " is " + extent + " long");
    }
  }

  @Test
  void setsForLearningAndMeasuringHaveNoImageInCommon() {
    DataSets sets = DrawnDigits.dataSets(9, 300, 200, LabelEncoding.CLASSES);
    assertFalse(sets.isMnist());
    assertEquals(Shape.of(300), sets.train().labels().shape());
    assertEquals(Shape.of(200, 784), sets.test().images().shape());
    assertArrayEquals(draw(9, 300, 1).pixels(0), sets.test().pixels(0));
  }

  @Test
  void saysWhatCanBeDrawn() {
    var thrown = assertThrows(MillraceException.class, () -> draw(1, -1, 0));
    assertEquals(
        "drawn digits: the first must be from 0 and the count 1 to 2000000, found first -1, count"
            + " 0",
        thrown.getMessage());
    assertThrows(MillraceException.class, () -> draw(1, 0, 2_000_001));
  }

  /** The ladder of models that MNIST is known for is here too. */
  @Test
  void softmaxRegressionGetsNineOfTenAndAHiddenLayerMore() {
    DataSets sets = DrawnDigits.dataSets(0, 60_000, 10_000, LabelEncoding.ONE_HOT);
    var linear = new SmallNet(0, 0.01f);
    linear.train(sets.train(), 1000);
    double simple = linear.accuracy(sets.test());
    assertTrue(simple > 0.88 && simple < 0.93, "softmax regression: " + simple);
    var layered = new SmallNet(32, 0.006f);
    layered.train(sets.train(), 1200);
    double better = layered.accuracy(sets.test());
    assertTrue(better > 0.94, "with a hidden layer: " + better);
  }
}
