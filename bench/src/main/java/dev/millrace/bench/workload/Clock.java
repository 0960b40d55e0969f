package dev.millrace.bench.workload;

import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/** Times of repeated work. */
public final class Clock {
  /** Nanoseconds of one measurement at least, a thousand times what reading the clock takes. */
  private static final long SAMPLE = 50_000;

  private static final long PAUSE = 20_000_000;
  private static final long TURN = 300_000_000;

  /** The JVM is still at work where a turn takes less than this part of the one before. */
  private static final double STEADY = 0.9;

  private static final long MOST_WARM_UP = 10_000_000_000L;
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
  public static double median(long span, Runnable work) {
    long mean = warmUp(work);
    int calls = (int) Math.max(1, SAMPLE / mean);
    long samples = span * 1_000_000 / (mean * calls);
    return median(0, Math.clamp(samples, FEWEST, MOST), calls, work);
  }

  /** Returns the mean nanoseconds of a call in the end. */
  private static long warmUp(Runnable work) {
    long end = System.nanoTime() + MOST_WARM_UP;
    long mean = turn(work);
    long before;
    do {
      awaitWarmUp(end);
      before = mean;
      mean = turn(work);
    } while ((isWarmingUp() || mean < STEADY * before) && System.nanoTime() < end);
    return mean;
  }

  /** Leaves the processors to the thread that warms kernels up, until it waits for another one. */
  private static void awaitWarmUp(long end) {
    while (isWarmingUp() && System.nanoTime() < end) {
      LockSupport.parkNanos(PAUSE);
    }
  }

  /** Calls {@code work} for some time and returns the mean nanoseconds of a call. */
  private static long turn(Runnable work) {
    long start = System.nanoTime();
    long time;
    int calls = 0;
    do {
      work.run();
      time = System.nanoTime() - start;
      calls++;
    } while (time < TURN || calls < FEWEST);
    return Math.max(1, time / calls);
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
