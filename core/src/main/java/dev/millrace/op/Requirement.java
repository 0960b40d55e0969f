package dev.millrace.op;

import dev.millrace.tensor.Dim;

/**
 * Something that an op needs of unknown dims and that only a run can tell: {@code nonNegative} is 0
 * or more, unless {@code unlessZero} is 0.
 *
 * @param rule the same in words, for the message of a run in which it is broken
 */
public record Requirement(Dim nonNegative, Dim unlessZero, String rule) {
  /** That a result has no more elements than an array can have. */
  public static Requirement fitsAnArray(Dim elements) {
    return new Requirement(
        Dim.of(Integer.MAX_VALUE).minus(elements),
        Dim.ONE,
        "the result must have at most 2^31-1 elements");
  }

  /** Whether this holds whatever the dims are. */
  public boolean isCertain() {
    return nonNegative.terms().stream()
        .allMatch(term ->
            term.factor() >= 0 && term.atoms().stream().allMatch(Dim.Symbol.class::isInstance));
  }

  /** This with dims put in for its own. */
  public Requirement map(java.util.function.UnaryOperator<Dim> replacement) {
    return new Requirement(replacement.apply(nonNegative), replacement.apply(unlessZero), rule);
  }
}
