package dev.millrace.session;

import dev.millrace.tensor.MillraceException;

/**
 * A run that could not be done: a feed is missing or wrong, a variable has no value, data is bad.
 */
public class RunException extends MillraceException {
  private static final long serialVersionUID = 1L;

  /** An error with a message for the user. */
  public RunException(String message) {
    super(message);
  }

  /** An error with a message for the user and what led to it. */
  public RunException(String message, Throwable cause) {
    super(message, cause);
  }
}
