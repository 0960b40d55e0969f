package dev.millrace.tensor;

/** A data type where another one is required. */
public class DTypeException extends MillraceException {
  private static final long serialVersionUID = 1L;

  /** An error with a message for the user. */
  public DTypeException(String message) {
    super(message);
  }
}
