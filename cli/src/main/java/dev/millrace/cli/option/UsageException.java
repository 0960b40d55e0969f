package dev.millrace.cli.option;

/** A program called in a wrong way; the message is one line that says what is allowed. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error with what is wrong and what is allowed. */
  public UsageException(String message) {
    super(message);
  }
}
