package dev.millrace.bench.workload;

import java.util.Arrays;

/** Times of repeated work. */
final class Clock {
  /** Nanoseconds of one measurement at least, a thousand times what reading the clock takes. */
  private static final long SAMPLE = 50_000;

  private static final long TURN = 300_000_000;
  private static final long MOST_WARM_UP = 6_000_000_000L;
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
   * Median nanoseconds of one call in the long run, over about {@code span} milliseconds: measured
   * when the JVM and the thread that warms kernels up have done their work.
   */
  static double median(long span, Runnable work) {
    long last = warmUp(work);
    int calls = (int) Math.max(1, SAMPLE / last);
    long samples = span * 1_000_000 / (last * calls);
    return median(0, Math.clamp(samples, FEWEST, MOST), calls, work);
  }

  /** Returns the nanoseconds of the last call. */
  private static long warmUp(Runnable work) {
    long end = System.nanoTime() + MOST_WARM_UP;
    long last;
    do {
      last = turn(work);
    } while (isWarmingUp() && System.nanoTime() < end);
    return last;
  }

  /** Calls {@code work} for some time and returns the nanoseconds of the last call. */
  private static long turn(Runnable work) {
    long start = System.nanoTime();
    long before;
    long now = start;
    int calls = 0;
    do {
      before = now;
      work.run();
      now = System.nanoTime();
      calls++;
    } while (now - start < TURN || calls < FEWEST);
    return Math.max(1, now - before);
  }

  private static boolean isWarmingUp() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread ->
            thread.getName().equals("millrace-warm-up")
                && thread.getState() != Thread.State.WAITING);
  }

  private static void repeat(int times, Runnable work) {
    for (int i = 0; i < times; i++) {
      work.run();
    }
  }
}
