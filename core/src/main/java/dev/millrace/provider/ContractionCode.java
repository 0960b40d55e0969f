package dev.millrace.provider;

import java.util.function.IntConsumer;

/** A contraction that is ready to run. Serves one caller at a time. */
public interface ContractionCode {
  /**
   * Fills the contraction's elements of {@code target}.
   *
   * @param team the threads to use
   */
  void run(Team team, float[] left, float[] right, float[] target);

  /** Threads that share work. */
  @FunctionalInterface
  interface Team {
    /**
     * Runs {@code task} for the numbers 0 to below {@code tasks}, in any order and side by side,
     * and returns when all are done.
     */
    void run(int tasks, IntConsumer task);
  }
}
