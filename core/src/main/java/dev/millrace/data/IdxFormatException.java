package dev.millrace.data;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A file that breaks a rule of the idx format, or of MNIST. The message is {@code file: offset n:
 * rule}; the offset counts bytes after decompression.
 */
public final class IdxFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final long offset;
  private final String rule;

  IdxFormatException(Path file, long offset, String rule) {
    super(file + ": offset " + offset + ": " + rule);
    this.file = file.toString();
    this.offset = offset;
    this.rule = rule;
  }

  /** Path of the file. */
  public String file() {
    return file;
  }

  /** Position of the fault in bytes, after decompression. */
  public long offset() {
    return offset;
  }

  /** The rule that is broken, what was found, and what to do. */
  public String rule() {
    return rule;
  }
}
