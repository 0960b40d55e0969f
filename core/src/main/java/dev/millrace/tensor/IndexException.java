package dev.millrace.tensor;

/** An index in a tensor's data that points outside of what it indexes. */
public class IndexException extends MillraceException {
  private static final long serialVersionUID = 1L;

  /** An error with a message for the user. */
  public IndexException(String message) {
    super(message);
  }

  /**
   * {@code index} as an int, if it lies in {@code [0, extent)}. Kernels call this.
   *
   * @throws IndexException if it does not
   */
  public static int check(long index, int extent) {
    if (index < 0 || index >= extent) {
      throw new IndexException("index " + index + " is outside of [0, " + extent + ")");
    }
    return (int) index;
  }
}
