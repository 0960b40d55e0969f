package dev.millrace.onednn;

/** A function of oneDNN has failed, or the library is not what this module needs. */
final class OneDnnException extends RuntimeException {
  private static final long serialVersionUID = 1;

  OneDnnException(String message) {
    super(message);
  }

  OneDnnException(String message, Throwable cause) {
    super(message, cause);
  }
}
