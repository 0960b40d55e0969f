package dev.millrace.cpu;

/** A kernel as code. Stateless: any number of threads may run it at once on their own scratch. */
public interface KernelCode {
  /**
   * Runs the tasks {@code begin} to below {@code end}.
   *
   * @param buffers the array of each buffer by its id, scratch included; after them may follow the
   *     arrays of {@link Partials}, which the code allocates where they are missing
   * @param dims the values of {@code d0, d1, ...}
   * @throws dev.millrace.tensor.IndexException if a checked index is outside of its extent
   * @throws ArithmeticException if an integer is divided by 0
   */
  void run(Object[] buffers, int[] dims, int begin, int end);
}
