package dev.millrace.cpu;

/** Is told what the threads of a pool did for one run of a kernel. */
@FunctionalInterface
public interface ChunkListener {
  /**
   * The calling thread has run the tasks {@code first} to below {@code end}; times are those of
   * {@link System#nanoTime}.
   */
  void ran(int first, int end, long began, long ended);
}
