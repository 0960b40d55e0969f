package dev.millrace.kernel;

/**
 * Random numbers without a state: word {@code i} of stream {@code (key, counterHigh)} is a function
 * of those three numbers, so that it does not matter which thread draws it, or in which order.
 *
 * <p>The function is Philox4x32-10: ten rounds of multiplication and exchange of halves encrypt a
 * counter of 128 bits with a key of 64 into four words of 32 bits. Source: Salmon, Moraes, Dror and
 * Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 */
public final class Philox {
  /** Words of a block. */
  public static final int WORDS = 4;

  /** Rounds that a block goes through. */
  public static final int ROUNDS = 10;

  /** What the first word is multiplied by in each round. */
  public static final long MULTIPLIER_0 = 0xD2511F53L;

  /** What the third word is multiplied by. */
  public static final long MULTIPLIER_1 = 0xCD9E8D57L;

  /**
   * Fractions of the golden ratio and of the square root of 3, added to the key after each round.
   */
  public static final int WEYL_0 = 0x9E3779B9;

  /** What is added to the upper half of the key. */
  public static final int WEYL_1 = 0xBB67AE85;

  /** The lower 32 bits of a long. */
  public static final long LOW_HALF = 0xFFFF_FFFFL;

  private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

  private Philox() {}

  /**
   * The 32 random bits of element {@code index}: word {@code index & 3} of the block whose counter
   * is {@code index >>> 2} in the low 64 bits and {@code counterHigh} in the high ones.
   *
   * @param key one stream of draws, see {@link #key}
   * @param counterHigh one run of that stream
   * @param index of the element, taken as unsigned
   */
  public static int bits(long key, long counterHigh, long index) {
    return word((int) index & 3, index >>> 2, counterHigh, key);
  }

  /** Word {@code w} of the block of this counter, all words counted from the least significant. */
  static int word(int w, long counterLow, long counterHigh, long key) {
    int[] words = new int[WORDS];
    block(counterLow, counterHigh, key, words);
    return words[w];
  }

  /** The four words of the block of this counter. */
  private static void block(long counterLow, long counterHigh, long key, int[] words) {
    int c0 = (int) counterLow;
    int c1 = (int) (counterLow >>> 32);
    int c2 = (int) counterHigh;
    int c3 = (int) (counterHigh >>> 32);
    int k0 = (int) key;
    int k1 = (int) (key >>> 32);
    for (int round = 0; round < ROUNDS; round++) {
      long p0 = MULTIPLIER_0 * (c0 & LOW_HALF);
      long p1 = MULTIPLIER_1 * (c2 & LOW_HALF);
      c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      c1 = (int) p1;
      c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c3 = (int) p0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    words[0] = c0;
    words[1] = c1;
    words[2] = c2;
    words[3] = c3;
  }

  /**
   * Writes the float32 draws of {@code count} elements, the first of which is the first one of
   * {@code block}, to {@code target[at]} and behind; as whole blocks, so up to three more.
   */
  public static void uniform(
      long key, long counterHigh, long block, float[] target, int at, int count) {
    int[] words = new int[WORDS];
    for (int i = 0; i < count; i += WORDS) {
      block(block + i / WORDS, counterHigh, key, words);
      target[at + i] = uniformFloat(words[0]);
      target[at + i + 1] = uniformFloat(words[1]);
      target[at + i + 2] = uniformFloat(words[2]);
      target[at + i + 3] = uniformFloat(words[3]);
    }
  }

  /** The same for float64, of which a block gives two. */
  public static void uniform(
      long key, long counterHigh, long block, double[] target, int at, int count) {
    int[] words = new int[WORDS];
    for (int i = 0; i < count; i += 2) {
      block(block + i / 2, counterHigh, key, words);
      target[at + i] = uniformDouble(words[0], words[1]);
      target[at + i + 1] = uniformDouble(words[2], words[3]);
    }
  }

  /** The upper 24 bits as a number in [0, 1), a multiple of 2^-24. */
  public static float uniformFloat(int bits) {
    return (bits >>> 8) * 0x1p-24f;
  }

  /**
   * The upper 27 bits of {@code high} and the upper 26 of {@code low} as a number in [0, 1), a
   * multiple of 2^-53. Element i of a float64 tensor takes the words of indices 2i and 2i + 1.
   */
  public static double uniformDouble(int high, int low) {
    return ((long) (high >>> 5) << 26 | low >>> 6) * 0x1p-53;
  }

  /**
   * The key of the op with seed {@code opSeed} in the graph with seed {@code graphSeed}; seeds that
   * differ in one bit give keys that differ in about half of them, and within a graph two op seeds
   * never share a key.
   */
  public static long key(long graphSeed, long opSeed) {
    return mix(mix(graphSeed + GOLDEN_RATIO) ^ opSeed);
  }

  /**
   * SplitMix64's finaliser, a bijection (Steele, Lea and Flood, OOPSLA 2014; Stafford's variant
   * 13).
   */
  private static long mix(long z) {
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}
