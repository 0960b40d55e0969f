package dev.millrace.cpu;

import java.util.Optional;

/** stub */
final class Vectors {
  static Optional<Vectors> available() {
    return Optional.empty();
  }
}
