package dev.millrace.bench.workload;

import java.util.Arrays;

/** Times of repeated work. */
final class Clock {
  /** Nanoseconds of one measurement at least, a thousand times what reading the clock takes. */
  private static final long SAMPLE = 50_000;

  private static final int FEWEST = 5;
  private static final int MOST = 1000;

  private Clock() {}

  /**
   * Runs {@code step} {@code steps} times, each timed on its own, and reports the whole loop, the
   * first step, and quantiles of the steps behind the first {@code warmUp}.
   */
  static void loop(Report report, int steps, int warmUp, Runnable step) {
    var times = new long[steps];
    long start = System.nanoTime();
    for (int i = 0; i < steps; i++) {
      long before = System.nanoTime();
      step.run();
      times[i] = System.nanoTime() - before;
    }
    report.put("loop_s", (System.nanoTime() - start) / 1e9);
    report.put("first_step_ms", times[0] / 1e6);
    long[] warm = Arrays.copyOfRange(times, warmUp, steps);
    Arrays.sort(warm);
    report.put("step_ms_median", warm[warm.length / 2] / 1e6);
    report.put("step_ms_p10", warm[warm.length / 10] / 1e6);
    report.put("step_ms_p90", warm[warm.length * 9 / 10] / 1e6);
  }

  /**
   * Median nanoseconds of one call.
   *
   * @param warmUp calls that are not measured
   * @param samples measurements
   * @param calls calls in a measurement, so that it is long enough for the clock
   */
  static double median(int warmUp, int samples, int calls, Runnable work) {
    repeat(warmUp, work);
    var times = new double[samples];
    for (int i = 0; i < samples; i++) {
      long before = System.nanoTime();
      repeat(calls, work);
      times[i] = (System.nanoTime() - before) / (double) calls;
    }
    Arrays.sort(times);
    return times[samples / 2];
  }

  /**
   * Median nanoseconds of one call, after {@code warmUp} and over about {@code span} milliseconds.
   */
  static double median(long warmUp, long span, Runnable work) {
    long end = System.nanoTime() + warmUp * 1_000_000;
    int calls = 0;
    long last = 0;
    do {
      long before = System.nanoTime();
      work.run();
      last = System.nanoTime() - before;
      calls++;
    } while (System.nanoTime() < end || calls < FEWEST);
    int inner = (int) Math.max(1, SAMPLE / Math.max(1, last));
    long samples = span * 1_000_000 / Math.max(1, last * inner);
    return median(0, Math.clamp(samples, FEWEST, MOST), inner, work);
  }

  private static void repeat(int times, Runnable work) {
    for (int i = 0; i < times; i++) {
      work.run();
    }
  }
}
