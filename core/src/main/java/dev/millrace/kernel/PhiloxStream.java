package dev.millrace.kernel;

/**
 * As many random numbers as one element of a draw may need, one after another: those of {@link
 * Philox} whose block is the element's number and, above it, how many blocks it has had. So they
 * depend on the element alone, not on who computes it.
 */
public final class PhiloxStream {
  /** Elements that an array can have, and a bit more. */
  private static final int ELEMENT_BITS = 32;

  private static final double HALF_STEP = 0x1p-54;

  private final long key;
  private final long run;
  private final long element;
  private long pairs;

  /**
   * The numbers of one element.
   *
   * @param key of the draw, see {@link Philox#key}
   * @param run the number of the run
   */
  public PhiloxStream(long key, long run, long element) {
    this.key = key;
    this.run = run;
    this.element = element;
  }

  /** The next number, uniform in (0, 1). */
  public double uniform() {
    long block = (pairs >>> 1) << ELEMENT_BITS | element;
    long first = block << 2 | (pairs & 1) << 1;
    pairs++;
    double draw =
        Philox.uniformDouble(Philox.bits(key, run, first), Philox.bits(key, run, first + 1));
    return Math.max(draw, HALF_STEP);
  }

  /** The next number of the standard normal distribution. */
  public double normal() {
    return SpecialFunctions.ndtri(uniform());
  }
}
