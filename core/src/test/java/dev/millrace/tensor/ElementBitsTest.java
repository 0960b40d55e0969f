package dev.millrace.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class ElementBitsTest {
  private static final int PATTERNS = 1 << 16;
  private static final int TRIES = 20_000;

  @Test
  void everyNumberOf16BitsIsItselfInATensor() {
    for (DType dtype : new DType[] {DType.FLOAT16, DType.BFLOAT16}) {
      for (int bits = 0; bits < PATTERNS; bits++) {
        var tensor = Tensor.wrap(dtype, Shape.SCALAR, new short[] {(short) bits});
        float number = tensor.getFloat();
        assertEquals(tensor, Tensor.of(dtype, Shape.SCALAR, number));
        assertEquals(number, ElementBits.get(dtype, tensor.array(), 0), 0.0f);
      }
    }
  }

  @Test
  void doublesAreRoundedOnceToTheNearestAndTiesToEven() {
    checkRounding(DType.FLOAT16, ElementBits::roundToFloat16, 0x1p-24, 65504);
    checkRounding(DType.BFLOAT16, ElementBits::roundToBfloat16, 0x1p-133, 0x1.FEp127);
  }

  /** Compares with the two neighbours of the result, which its bits give. */
  private static void checkRounding(
      DType dtype, DoubleUnaryOperator rounding, double least, double greatest) {
    var random = new SplittableRandom(7);
    for (int i = 0; i < TRIES; i++) {
      var bits = new short[] {(short) random.nextInt(1, 0x7b00)};
      double low = ElementBits.get(dtype, bits, 0);
      bits[0]++;
      double high = ElementBits.get(dtype, bits, 0);
      boolean evenAbove = (bits[0] & 1) == 0;
      double middle = low / 2 + high / 2;
      assertEquals(evenAbove ? high : low, rounding.applyAsDouble(middle));
      assertEquals(low, rounding.applyAsDouble(Math.nextDown(middle)));
      assertEquals(high, rounding.applyAsDouble(Math.nextUp(middle)));
      assertEquals(-high, rounding.applyAsDouble(-Math.nextUp(middle)));
    }
    assertEquals(least, rounding.applyAsDouble(least * 0.51));
    assertEquals(0, rounding.applyAsDouble(least * 0.5));
    assertEquals(greatest, rounding.applyAsDouble(greatest * (1 + 0x1p-30)));
    assertEquals(Double.POSITIVE_INFINITY, rounding.applyAsDouble(greatest * 1.01));
    assertEquals(Double.NEGATIVE_INFINITY, rounding.applyAsDouble(-1e300));
    assertTrue(Double.isNaN(rounding.applyAsDouble(Double.NaN)));
  }

  @Test
  void unsignedNumbersBecomeTheNearestFloats() {
    var random = new SplittableRandom(8);
    for (int i = 0; i < TRIES; i++) {
      long bits = random.nextLong() >> random.nextInt(64);
      var number = new BigInteger(Long.toUnsignedString(bits));
      assertEquals(number.doubleValue(), ElementBits.unsignedToDouble(bits));
      assertEquals(number.floatValue(), ElementBits.unsignedToFloat(bits));
    }
    long tie = 0x8000_0080_0000_0001L;
    assertEquals(
        new BigInteger(Long.toUnsignedString(tie)).floatValue(), ElementBits.unsignedToFloat(tie));
  }

  @Test
  void doublesBecomeUnsignedNumbersOrTheNearestEnd() {
    assertEquals(1L << 63, ElementBits.doubleToUnsigned(0x1p63));
    assertEquals(-2048, ElementBits.doubleToUnsigned(0x1p64 - 2048));
    assertEquals(-1, ElementBits.doubleToUnsigned(0x1p64));
    assertEquals(-1, ElementBits.doubleToUnsigned(-1.5));
    assertEquals(0, ElementBits.doubleToUnsigned(Double.NaN));
  }
}
