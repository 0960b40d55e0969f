package dev.millrace.op;

import dev.millrace.kernel.Statement.Combiner;
import java.util.Optional;

/** What an update does to the element that it meets, in the order of the updates. */
public enum Combine {
  /** Takes its place; of several the last one stays. */
  SET("Set", Optional.empty()),
  /** Is added to it. */
  ADD("Add", Optional.of(Combiner.SUM)),
  /** Is multiplied with it. */
  MULTIPLY("Multiply", Optional.of(Combiner.PRODUCT)),
  /** Takes its place if it is greater; NaN wins. */
  MAX("Max", Optional.of(Combiner.MAXIMUM)),
  /** Takes its place if it is smaller; NaN wins. */
  MIN("Min", Optional.of(Combiner.MINIMUM));

  private final String suffix;
  private final Optional<Combiner> combiner;

  Combine(String suffix, Optional<Combiner> combiner) {
    this.suffix = suffix;
    this.combiner = combiner;
  }

  /** How names of ops end that do this. */
  String suffix() {
    return suffix;
  }

  /** How two elements become one; nothing where the later one replaces the earlier one. */
  Optional<Combiner> combiner() {
    return combiner;
  }
}
