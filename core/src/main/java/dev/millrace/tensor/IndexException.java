package dev.millrace.tensor;

/** An index in a tensor's data that points outside of what it indexes. */
public class IndexException extends MillraceException {
  private static final long serialVersionUID = 1L;

  /** An error with a message for the user. */
  public IndexException(String message) {
    super(message);
  }

  /**
   * {@code index} as a position in {@code [0, extent)}; a negative one counts from the end. Kernels
   * call this.
   *
   * @throws IndexException if it is not in {@code [-extent, extent)}
   */
  public static int check(long index, int extent) {
    if (index >= extent || index < -(long) extent) {
      int least = index < 0 ? -Math.max(extent, 0) : 0;
      throw new IndexException(
          "index " + index + " is outside of [" + least + ", " + Math.max(extent, 0) + ")");
    }
    return (int) (index < 0 ? index + extent : index);
  }
}
