package dev.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Known answers are those published with Random123, the authors' own implementation. */
final class PhiloxTest {
  private static final long SEED = Philox.key(20260724, 1);
  private static final int DRAWS = 1 << 20;

  @Test
  void encryptsZerosToTheKnownAnswer() {
    assertArrayEquals(new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}, block(0, 0, 0));
  }

  @Test
  void encryptsOnesToTheKnownAnswer() {
    assertArrayEquals(
        new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}, block(-1, -1, -1));
  }

  @Test
  void encryptsTheDigitsOfPiToTheKnownAnswer() {
    assertArrayEquals(
        new int[] {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
        block(0x85a308d3_243f6a88L, 0x03707344_13198a2eL, 0x299f31d0_a4093822L));
  }

  @Test
  void elementsAreTheWordsOfTheBlocksInOrder() {
    int[] block = block(5, 77, SEED);
    for (int w = 0; w < 4; w++) {
      assertEquals(block[w], Philox.bits(SEED, 77, 4 * 5 + w));
    }
  }

  @Test
  void indicesAbove32BitsReachTheUpperCounterWord() {
    assertEquals(block(1L << 33, 0, SEED)[2], Philox.bits(SEED, 0, (1L << 35) + 2));
    assertEquals(block(-1L >>> 2, 0, SEED)[3], Philox.bits(SEED, 0, -1));
  }

  @Test
  void uniformFloatHas24BitsAndStaysBelowOne() {
    assertEquals(0f, Philox.uniformFloat(0));
    assertEquals(0f, Philox.uniformFloat(0xff));
    assertEquals(0x1p-24f, Philox.uniformFloat(0x100));
    assertEquals(0.5f, Philox.uniformFloat(0x8000_0000));
    assertEquals(1 - 0x1p-24f, Philox.uniformFloat(-1));
  }

  @Test
  void uniformDoubleHas53BitsAndStaysBelowOne() {
    assertEquals(0, Philox.uniformDouble(0x1f, 0x3f));
    assertEquals(0x1p-53, Philox.uniformDouble(0, 0x40));
    assertEquals(0x1p-27, Philox.uniformDouble(0x20, 0));
    assertEquals(0.5, Philox.uniformDouble(0x8000_0000, 0));
    assertEquals(1 - 0x1p-53, Philox.uniformDouble(-1, -1));
  }

  @Test
  void keysOfNeighbouringSeedsDifferInHalfOfTheirBits() {
    double bits = 0;
    for (int seed = 0; seed < 1000; seed++) {
      assertNotEquals(Philox.key(seed, seed + 1), Philox.key(seed + 1, seed));
      bits += Long.bitCount(Philox.key(seed, 3) ^ Philox.key(seed + 1, 3));
      bits += Long.bitCount(Philox.key(3, seed) ^ Philox.key(3, seed + 1));
    }
    assertEquals(32, bits / 2000, 0.5);
  }

  @Test
  void uniformNumbersHaveTheMeanAndVarianceOfTheirDistribution() {
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < DRAWS; i++) {
      double u = uniform(0, i);
      sum += u;
      squares += u * u;
    }
    double mean = sum / DRAWS;
    double fourDeviations = 4 / Math.sqrt(12.0 * DRAWS);
    assertEquals(0.5, mean, fourDeviations);
    assertEquals(1 / 12.0, squares / DRAWS - mean * mean, fourDeviations);
  }

  @Test
  void everyByteOfAWordIsUniform() {
    int[][] counts = new int[4][256];
    for (int i = 0; i < DRAWS; i++) {
      int bits = Philox.bits(SEED, 0, i);
      for (int b = 0; b < 4; b++) {
        counts[b][(bits >>> (8 * b)) & 0xff]++;
      }
    }
    for (int[] count : counts) {
      double expected = DRAWS / 256.0;
      double chiSquare =
          IntStream.of(count).mapToDouble(c -> (c - expected) * (c - expected) / expected).sum();
      // 255 degrees of freedom: mean 255, deviation 22.6
      assertTrue(chiSquare > 165 && chiSquare < 345, () -> "chi-square " + chiSquare);
    }
  }

  @Test
  void neighbouringElementsRunsAndKeysAreNotCorrelated() {
    double elements = 0;
    double runs = 0;
    double keys = 0;
    for (int i = 0; i < DRAWS; i++) {
      double u = uniform(0, i) - 0.5;
      elements += u * (uniform(0, i + 1) - 0.5);
      runs += u * (uniform(1, i) - 0.5);
      keys += u * (Philox.uniformFloat(Philox.bits(SEED + 1, 0, i)) - 0.5);
    }
    double fourDeviations = 4 * Math.sqrt(DRAWS) / 12;
    assertEquals(0, elements, fourDeviations);
    assertEquals(0, runs, fourDeviations);
    assertEquals(0, keys, fourDeviations);
  }

  private static double uniform(long run, int i) {
    return Philox.uniformFloat(Philox.bits(SEED, run, i));
  }

  private static int[] block(long counterLow, long counterHigh, long key) {
    return IntStream.range(0, 4).map(w -> Philox.word(w, counterLow, counterHigh, key)).toArray();
  }
}
