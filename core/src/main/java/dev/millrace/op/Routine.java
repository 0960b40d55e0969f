package dev.millrace.op;

import java.util.function.IntConsumer;

/**
 * Work on whole arrays that no loop of the kernel language says well, such as a factorisation with
 * pivoting, written in Java. It must give the same bits at any number of threads.
 */
@FunctionalInterface
public interface Routine {
  /**
   * Computes the parts.
   *
   * @param operands arrays of the operands, in row-major order
   * @param parts arrays to fill; null for parts that nobody wants
   * @param shapes dims of the operands, then of the parts
   */
  void run(Threads threads, Object[] operands, Object[] parts, int[][] shapes);

  /** What runs independent tasks side by side. */
  @FunctionalInterface
  interface Threads {
    /** Runs {@code task} for the numbers 0 to below {@code tasks}; returns when all are done. */
    void run(int tasks, IntConsumer task);
  }
}
