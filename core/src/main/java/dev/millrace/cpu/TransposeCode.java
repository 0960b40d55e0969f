package dev.millrace.cpu;

/** The code that copies a matrix transposed, see {@link Transposition}. */
interface TransposeCode {
  /**
   * Copies element {@code (column, step)}, which lies at {@code start + column * between + step},
   * to {@code place + step * width + column}.
   */
  void run(
      Object from, int start, int between, Object to, int place, int width, int steps, int columns);
}
