package dev.millrace.tensor;

/** Shapes or dims that do not fit together, or that no tensor can have. */
public class ShapeException extends MillraceException {
  private static final long serialVersionUID = 1L;

  /** An error with a message for the user. */
  public ShapeException(String message) {
    super(message);
  }

  /** An error with a message for the user and what led to it. */
  public ShapeException(String message, Throwable cause) {
    super(message, cause);
  }
}
