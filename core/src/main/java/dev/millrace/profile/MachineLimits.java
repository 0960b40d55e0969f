package dev.millrace.profile;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this machine can do at best, measured here: multiply-adds in registers, and the triad {@code
 * a[i] = b[i] + s * c[i]} over arrays of several sizes, from the nearest cache to memory.
 */
public final class MachineLimits {
  private static final Map<Integer, MachineLimits> MEASURED = new ConcurrentHashMap<>();

  private final int threads;
  private final double gigaflops;
  private final long[] triadBytes;
  private final double[] triadRates;

  /**
   * Limits that are known.
   *
   * @param threads that share the work
   * @param gigaflops float32 operations per nanosecond, of all threads together
   * @param triadBytes sizes of working sets, ascending
   * @param triadRates bytes per nanosecond for each size
   */
  MachineLimits(int threads, double gigaflops, long[] triadBytes, double[] triadRates) {
    this.threads = threads;
    this.gigaflops = gigaflops;
    this.triadBytes = triadBytes.clone();
    this.triadRates = triadRates.clone();
  }

  /**
   * The limits of {@code threads} threads, or of all processors if those are fewer. The first call
   * measures them, which takes some tenths of a second on all of these threads.
   */
  public static MachineLimits measured(int threads) {
    int useful = Math.min(threads, Runtime.getRuntime().availableProcessors());
    return MEASURED.computeIfAbsent(useful, Calibration::measure);
  }

  /** Threads that were measured together. */
  public int threads() {
    return threads;
  }

  /** Peak of float32 multiply-adds, two operations each, in thousand millions a second. */
  public double gigaflops() {
    return gigaflops;
  }

  /**
   * Peak of reading and writing {@code bytes} bytes again and again, in thousand millions a second:
   * that of the next larger working set that was measured, so that no cache is left out.
   */
  public double gigabytes(double bytes) {
    for (int i = 0; i < triadBytes.length; i++) {
      if (bytes <= triadBytes[i]) {
        return triadRates[i];
      }
    }
    return triadRates[triadRates.length - 1];
  }

  /** Peak of memory beyond the caches, in thousand millions of bytes a second. */
  public double memoryGigabytes() {
    return triadRates[triadRates.length - 1];
  }
}
