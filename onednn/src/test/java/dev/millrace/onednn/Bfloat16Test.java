package dev.millrace.onednn;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Bfloat16Test {
  private static float back(float number) {
    return Float.intBitsToFloat(Bfloat16.round(number) << Short.SIZE);
  }

  @Test
  void roundsToNearestAndTiesToEven() {
    assertEquals(1f, back(1 + 0x1p-8f));
    assertEquals(1 + 0x1p-6f, back(1 + 0x1p-7f + 0x1p-8f));
    assertEquals(1 + 0x1p-7f, back(1 + 0x1p-8f + 0x1p-20f));
    assertEquals(-1 - 0x1p-7f, back(-1 - 0x1p-8f - 0x1p-20f));
  }

  @Test
  void keepsWhatIsNoOrdinaryNumber() {
    assertEquals(Float.NaN, back(Float.NaN));
    assertEquals(Float.NaN, back(Float.intBitsToFloat(0x7fffffff)));
    assertEquals(Float.POSITIVE_INFINITY, back(Float.POSITIVE_INFINITY));
    assertEquals(Float.POSITIVE_INFINITY, back(Float.MAX_VALUE));
    assertEquals(Float.NEGATIVE_INFINITY, back(Float.NEGATIVE_INFINITY));
    assertEquals(0x80000000, Float.floatToRawIntBits(back(-0f)));
  }

  @Test
  void vectorsGiveTheSameBits() {
    var random = new Random(1);
    for (int count : new int[] {1, 7, 8, 9, 31, 257, 1000}) {
      var numbers = new float[count + 3];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = Float.intBitsToFloat(random.nextInt());
      }
      assertArrayEquals(
          bits(Bfloat16::roundScalars, numbers, count),
          bits(VectorRounding::round, numbers, count));
    }
  }

  private static short[] bits(Bfloat16.Form form, float[] numbers, int count) {
    MemorySegment to = Scratch.allocate((long) count * Short.BYTES);
    form.round(numbers, 3, count, to);
    return to.toArray(JAVA_SHORT);
  }
}
