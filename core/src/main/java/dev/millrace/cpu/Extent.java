package dev.millrace.cpu;

import dev.millrace.tensor.Dim;
import java.util.List;

/**
 * A {@link Dim} made ready to be computed often, without garbage.
 *
 * @param factors of the terms of the polynomial
 * @param atoms of each term
 */
record Extent(long[] factors, Atom[][] atoms) {
  /** A dim argument, or the quotient of a polynomial: {@code number} is -1 then. */
  private record Atom(int number, Extent numerator, long divisor) {}

  private static final Extent NONE = new Extent(new long[0], new Atom[0][]);

  static Extent of(Dim dim) {
    List<Dim.Term> terms = dim.terms();
    return new Extent(
        terms.stream().mapToLong(Dim.Term::factor).toArray(),
        terms.stream()
            .map(term -> term.atoms().stream().map(Extent::atom).toArray(Atom[]::new))
            .toArray(Atom[][]::new));
  }

  private static Atom atom(Dim.Atom atom) {
    return switch (atom) {
      case Dim.Symbol symbol -> new Atom(number(symbol), NONE, 1);
      case Dim.Quotient(Dim numerator, long divisor) -> new Atom(-1, of(numerator), divisor);
    };
  }

  /** The number of a dim argument from its name {@code d0, d1, ...}. */
  static int number(Dim.Symbol symbol) {
    return Integer.parseInt(symbol.name().substring(1));
  }

  /** The value for these dim arguments, within 64 bits. */
  long evaluate(int[] dims) {
    long sum = 0;
    for (int i = 0; i < factors.length; i++) {
      long product = factors[i];
      for (Atom atom : atoms[i]) {
        product *=
            atom.number >= 0
                ? dims[atom.number]
                : Math.floorDiv(atom.numerator.evaluate(dims), atom.divisor);
      }
      sum += product;
    }
    return sum;
  }
}
