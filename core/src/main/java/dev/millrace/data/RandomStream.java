package dev.millrace.data;

/**
 * Random numbers from a seed, the same on every machine and in every version of Java.
 *
 * <p>Source: SplitMix64; G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014. Not for use by several threads.
 */
final class RandomStream {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  /** Stream {@code index} of this seed; streams of one seed are independent. */
  RandomStream(long seed, long index) {
    this.state = mix(seed + mix(index * GOLDEN_GAMMA + GOLDEN_GAMMA));
  }

  private static long mix(long bits) {
    long a = (bits ^ bits >>> 30) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ a >>> 27) * 0x94d049bb133111ebL;
    return b ^ b >>> 31;
  }

  /** 64 random bits. */
  long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** One of 0 to {@code bound - 1}; the bias is below {@code bound / 2^32}. */
  int below(int bound) {
    return (int) (((nextLong() >>> 32) * bound) >>> 32);
  }

  /** Uniform in [0, 1). */
  double uniform() {
    return (nextLong() >>> 11) * 0x1p-53;
  }

  /** Uniform in [low, high). */
  double between(double low, double high) {
    return low + (high - low) * uniform();
  }

  /**
   * Bell-shaped with mean 0, variance 1 and no value beyond 3.5: the sum of four uniform numbers,
   * which needs no logarithm and is the same everywhere.
   */
  double bell() {
    long a = nextLong();
    long b = nextLong();
    long sum = (a >>> 32) + (a & 0xffffffffL) + (b >>> 32) + (b & 0xffffffffL);
    return (sum * 0x1p-32 - 2) * 1.7320508075688772;
  }
}
