package dev.millrace.cpu;

import dev.millrace.kernel.Index;
import dev.millrace.kernel.Statement.Range;
import dev.millrace.tensor.Dim;

/**
 * What is known of how many columns a range has.
 *
 * @param most how many there can be; the greatest number if that is unknown
 * @param unit every number that there can be is a multiple of this
 */
record Columns(long most, long unit) {
  static Columns of(Range range) {
    long most = Long.MAX_VALUE;
    long unit = 0;
    for (Index end : range.ends()) {
      Index length = end.plus(range.begin().times(Dim.of(-1)));
      if (length.terms().isEmpty() && length.offset().isKnown()) {
        most = Math.min(most, length.offset().value());
      }
      unit = divisor(unit, end);
    }
    return new Columns(most, Math.max(1, divisor(unit, range.begin())));
  }

  /** Greatest common divisor of {@code unit} and all parts of {@code index}. */
  private static long divisor(long unit, Index index) {
    long divisor = divisor(unit, index.offset());
    for (Index.Term term : index.terms()) {
      divisor = divisor(divisor, term.factor());
    }
    return divisor;
  }

  private static long divisor(long unit, Dim dim) {
    return dim.isKnown() ? gcd(unit, Math.abs(dim.value())) : 1;
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
