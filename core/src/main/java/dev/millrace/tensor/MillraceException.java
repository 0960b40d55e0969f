package dev.millrace.tensor;

/**
 * Root of what Millrace throws when a graph, a feed, a file or a run breaks a rule. The message
 * names the operation, the rule, who has what, and what to do.
 */
public class MillraceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error with a message for the user. */
  public MillraceException(String message) {
    super(message);
  }

  /** An error with a message for the user and what led to it. */
  public MillraceException(String message, Throwable cause) {
    super(message, cause);
  }
}
