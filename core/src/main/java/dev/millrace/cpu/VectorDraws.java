package dev.millrace.cpu;

import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.ROL;
import static jdk.incubator.vector.VectorOperators.XOR;

import dev.millrace.kernel.Philox;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Philox} for neighbouring elements on vectors: whole blocks, whose four words are four int
 * lanes in the order of the elements, so that nothing is computed that is not used.
 *
 * <p>As long lanes, a block is {@code c0 | c1 << 32, c2 | c3 << 32}. One multiplication gives both
 * products of a round; with the two lanes exchanged, and the halves of each, they have the places
 * that the next block has them in.
 */
final class VectorDraws {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Long> LONGS =
      VectorSpecies.of(long.class, FLOATS.vectorShape());
  private static final VectorShuffle<Long> EXCHANGED = LONGS.shuffleFromOp(i -> i ^ 1);
  private static final VectorMask<Long> ODD = VectorMask.fromLong(LONGS, 0xAAAA_AAAA_AAAA_AAAAL);
  private static final LongVector MULTIPLIERS = pairs(Philox.MULTIPLIER_0, Philox.MULTIPLIER_1);
  private static final LongVector WEYL =
      pairs(Integer.toUnsignedLong(Philox.WEYL_0), Integer.toUnsignedLong(Philox.WEYL_1));
  private static final LongVector BLOCKS =
      LongVector.zero(LONGS).addIndex(1).lanewise(LSHR, 1).blend(0, ODD);
  private static final LongVector STEP = pairs(LONGS.length() / 2, 0);

  /** Doubles from here to twice that are integers, which stand in the low bits. */
  private static final double INTEGERS = 0x1p52;

  private static final long INTEGERS_BITS = 0x4330_0000_0000_0000L;

  private VectorDraws() {}

  private static LongVector pairs(long even, long odd) {
    return LongVector.broadcast(LONGS, even).blend(odd, ODD);
  }

  /** As {@link DrawBatch#floats}; writes up to two vectors beyond the end. */
  static void floats(float[] target, int at, long key, long run, int element, int count) {
    int skipped = element & Philox.WORDS - 1;
    LongVector keys = pairs(key & Philox.LOW_HALF, key >>> 32);
    LongVector block = BLOCKS.add(element >>> 2).blend(run, ODD);
    for (int i = -skipped; i < count; i += 2 * FLOATS.length()) {
      LongVector next = block.add(STEP);
      LongVector a = block;
      LongVector b = next;
      LongVector k = keys;
      for (int round = 0; round < Philox.ROUNDS; round++) {
        a = round(a, k);
        b = round(b, k);
        k = nextKey(k);
      }
      toFloats(a).intoArray(target, at + i);
      toFloats(b).intoArray(target, at + i + FLOATS.length());
      block = next.add(STEP);
    }
  }

  /** As {@link DrawBatch#doubles}; writes up to a vector beyond the end. */
  static void doubles(double[] target, int at, long key, long run, int element, int count) {
    int skipped = element & 1;
    LongVector keys = pairs(key & Philox.LOW_HALF, key >>> 32);
    LongVector block = BLOCKS.add(element >>> 1).blend(run, ODD);
    for (int i = -skipped; i < count; i += LONGS.length()) {
      LongVector words = block;
      LongVector k = keys;
      for (int round = 0; round < Philox.ROUNDS; round++) {
        words = round(words, k);
        k = nextKey(k);
      }
      toDoubles(words).intoArray(target, at + i);
      block = block.add(STEP);
    }
  }

  private static LongVector round(LongVector c, LongVector key) {
    // C2 knows by the two masks that a product of 32-bit numbers is enough.
    LongVector products = c.and(Philox.LOW_HALF).mul(MULTIPLIERS.and(Philox.LOW_HALF));
    LongVector exchanged = products.rearrange(EXCHANGED).lanewise(ROL, 32);
    return exchanged.lanewise(XOR, key).lanewise(XOR, c.lanewise(LSHR, 32));
  }

  private static LongVector nextKey(LongVector key) {
    return key.add(WEYL).and(Philox.LOW_HALF);
  }

  /** {@link Philox#uniformFloat} of each word. */
  private static FloatVector toFloats(LongVector words) {
    IntVector bits = words.reinterpretAsInts().lanewise(LSHR, 8);
    return ((FloatVector) bits.convert(I2F, 0)).mul(0x1p-24f);
  }

  /** {@link Philox#uniformDouble} of each pair of words; every step is exact. */
  private static DoubleVector toDoubles(LongVector words) {
    DoubleVector high = toDouble(words.and(Philox.LOW_HALF).lanewise(LSHR, 5));
    DoubleVector low = toDouble(words.lanewise(LSHR, 38));
    return high.mul(0x1p26).add(low).mul(0x1p-53);
  }

  /** Numbers below 2^52: processors without AVX-512 have no instruction for it. */
  private static DoubleVector toDouble(LongVector x) {
    return x.or(INTEGERS_BITS).reinterpretAsDoubles().sub(INTEGERS);
  }
}
