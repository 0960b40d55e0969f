package dev.millrace.data;

import java.io.IOException;

/** Files that could not be downloaded: no mirror was reached, or none gave the right bytes. */
public final class DownloadException extends IOException {
  private static final long serialVersionUID = 1L;

  DownloadException(String message) {
    super(message);
  }

  DownloadException(String message, Throwable cause) {
    super(message, cause);
  }
}
