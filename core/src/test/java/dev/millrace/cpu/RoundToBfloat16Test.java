package dev.millrace.cpu;

import static dev.millrace.tensor.DType.FLOAT32;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.kernel.Index;
import dev.millrace.kernel.Interpreter;
import dev.millrace.kernel.Kernel;
import dev.millrace.kernel.KernelSketch;
import dev.millrace.kernel.ScalarOp;
import dev.millrace.kernel.Statement.Range;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.ElementBits;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rounding to 8 significant bits: what it gives, and that every form gives the same bits. */
@Tag("kernels")
class RoundToBfloat16Test {
  private static float rounded(int bits) {
    return ElementBits.roundToBfloat16(Float.intBitsToFloat(bits));
  }

  private static void gives(int expected, int bits) {
    assertEquals(
        Integer.toHexString(expected), Integer.toHexString(Float.floatToRawIntBits(rounded(bits))));
  }

  @Test
  void roundsToTheNearestAndTiesToEven() {
    gives(0x3f800000, 0x3f800000);
    gives(0x3f800000, 0x3f807fff);
    gives(0x3f800000, 0x3f808000);
    gives(0x3f810000, 0x3f808001);
    gives(0x3f820000, 0x3f818000);
    gives(0xbf820000, 0xbf818000);
    assertEquals(1.0078125f, ElementBits.roundToBfloat16(1.01f));
  }

  @Test
  void theLargestBecomeInfiniteAndTheSmallestZero() {
    gives(0x7f7f0000, 0x7f7f7fff);
    gives(0x7f800000, Float.floatToRawIntBits(Float.MAX_VALUE));
    gives(0xff800000, Float.floatToRawIntBits(-Float.MAX_VALUE));
    gives(0x7f800000, 0x7f800000);
    gives(0xff800000, 0xff800000);
    gives(0, Float.floatToRawIntBits(Float.MIN_VALUE));
    gives(0x80000000, 0x80000000);
    gives(0x00010000, 0x00008001);
    gives(0x00800000, 0x007fffff);
  }

  @Test
  void notANumberStaysNotANumberEvenIfItsLowerHalfIsAllThereIs() {
    gives(0x7fc00000, 0x7fc00000);
    gives(0x7fc00000, 0x7f800001);
    gives(0xffc00000, 0xff80ffff);
    gives(0xffff0000, 0xffffffff);
    gives(0x7fd20000, 0x7fd21234);
  }

  @Test
  void theRelativeErrorIsAtMostTwoToTheMinusEighth() {
    var random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      float x = (float) Math.exp(random.nextGaussian() * 10);
      assertTrue(Math.abs(ElementBits.roundToBfloat16(x) - x) <= x * 0x1p-8);
    }
  }

  /** {@code out[i] = round(in[i])}. */
  private static Kernel rounding(int size) {
    var sketch = new KernelSketch();
    var in = sketch.in(FLOAT32, size);
    var out = sketch.out(FLOAT32, size);
    sketch.loop(
        Range.upTo(Dim.of(size)),
        i -> {
          int element = sketch.load(in, Index.ofVariable(i));
          int result = sketch.apply(ScalarOp.ROUND_TO_BFLOAT16, element);
          sketch.store(out, Index.ofVariable(i), result);
        });
    return sketch.kernel(0, Dim.ONE);
  }

  /** Numbers of every exponent around every tie, and anything else. */
  private static float[] numbers(int size) {
    var random = new Random(2);
    var numbers = new float[size];
    for (int i = 0; i < size; i++) {
      int upper = i << 16;
      int lower = new int[] {0, 1, 0x7fff, 0x8000, 0x8001, 0xffff, random.nextInt(0x10000)}[i % 7];
      numbers[i] = Float.intBitsToFloat(upper | lower);
    }
    return numbers;
  }

  @Test
  void everyFormGivesTheSameBits() {
    for (int size : new int[] {1, 7, 16, 31, 257, 1 << 16}) {
      float[] in = numbers(size);
      var expected = new float[size];
      Interpreter.run(rounding(size), new Object[] {in, expected}, new int[0]);
      for (Form form : Form.values()) {
        var out = new float[size];
        KernelCompiler.compile(rounding(size), form).run(new Object[] {in, out}, new int[0], 0, 1);
        for (int i = 0; i < size; i++) {
          assertEquals(
              Integer.toHexString(Float.floatToRawIntBits(expected[i])),
              Integer.toHexString(Float.floatToRawIntBits(out[i])),
              form + " of " + Integer.toHexString(Float.floatToRawIntBits(in[i])));
        }
      }
    }
  }
}
