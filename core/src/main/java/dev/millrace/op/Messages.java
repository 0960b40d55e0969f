package dev.millrace.op;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Words of error messages: how a value is described to the person who wrote it. */
final class Messages {
  private Messages() {}

  /** Each value once, as {@code 'x' is FLOAT32 [?, 784] (Tutorial.java:9)}. */
  static String describe(Expr... values) {
    return Arrays.stream(values)
        .map(value -> "'" + value.name() + "' is " + value.type() + " (" + value.origin() + ")")
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
