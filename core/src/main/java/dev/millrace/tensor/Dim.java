package dev.millrace.tensor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * One dimension of a shape: a number, a symbol that a feed will bind, or a polynomial of symbols
 * such as {@code 2*batch + 1}.
 *
 * <p>Dims are kept in a canonical form, so two that are algebraically the same are {@link #equals
 * equal}. Kernels use the same polynomials for their extents, strides and offsets.
 */
public final class Dim {
  /** What a polynomial is made of. */
  public sealed interface Atom {
    /** Name as it is printed. */
    String name();
  }

  /** An unknown; {@code id} tells unnamed ones apart and is 0 for those that the user named. */
  public record Symbol(String name, long id) implements Atom {}

  /** {@code floor(numerator / divisor)} of an unknown numerator, as a strided slice needs it. */
  public record Quotient(Dim numerator, long divisor) implements Atom {
    @Override
    public String name() {
      return "floor((" + numerator + ")/" + divisor + ")";
    }
  }

  private record Monomial(List<Atom> atoms) implements Comparable<Monomial> {
    static final Monomial ONE = new Monomial(List.of());

    Monomial times(Monomial other) {
      var all = new ArrayList<>(atoms);
      all.addAll(other.atoms);
      all.sort(ATOMS);
      return new Monomial(List.copyOf(all));
    }

    @Override
    public int compareTo(Monomial other) {
      int byDegree = Integer.compare(other.atoms.size(), atoms.size());
      for (int i = 0; byDegree == 0 && i < atoms.size(); i++) {
        byDegree = ATOMS.compare(atoms.get(i), other.atoms.get(i));
      }
      return byDegree;
    }

    @Override
    public String toString() {
      return String.join("*", atoms.stream().map(Atom::name).toList());
    }
  }

  private static final Comparator<Atom> ATOMS = Dim::compare;
  private static final AtomicLong NEXT_ID = new AtomicLong(1);

  /** The dim 0. */
  public static final Dim ZERO = new Dim(new TreeMap<>());

  /** The dim 1. */
  public static final Dim ONE = of(1);

  private final TreeMap<Monomial, Long> terms;

  /** The two that every run asks for, kept so that asking makes no garbage. */
  private final boolean known;

  private final long value;

  private Dim(TreeMap<Monomial, Long> terms) {
    this.terms = terms;
    this.known = terms.isEmpty() || (terms.size() == 1 && terms.containsKey(Monomial.ONE));
    this.value = known && !terms.isEmpty() ? terms.firstEntry().getValue() : 0;
  }

  /** The known dim {@code size}; intermediate results may be negative, extents may not. */
  public static Dim of(long size) {
    var terms = new TreeMap<Monomial, Long>();
    if (size != 0) {
      terms.put(Monomial.ONE, size);
    }
    return new Dim(terms);
  }

  /** The unknown dim with this name; it is the same wherever the name appears in a graph. */
  public static Dim of(String name) {
    if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      throw new ShapeException(
          "dim: a name is a letter followed by letters, digits or '_', found '" + name + "'");
    }
    return ofAtom(new Symbol(name, 0));
  }

  /** A new unknown dim that is equal to no other. */
  public static Dim unknown() {
    return ofAtom(new Symbol("?", NEXT_ID.getAndIncrement()));
  }

  /** The dim that is just {@code atom}. */
  public static Dim ofAtom(Atom atom) {
    var terms = new TreeMap<Monomial, Long>();
    terms.put(new Monomial(List.of(atom)), 1L);
    return new Dim(terms);
  }

  /** Whether this is a number. */
  public boolean isKnown() {
    return known;
  }

  /** Whether this is the number {@code size}. */
  public boolean is(long size) {
    return isKnown() && value() == size;
  }

  /**
   * The number that this dim is.
   *
   * @throws IllegalStateException if the dim is not {@linkplain #isKnown known}
   */
  public long value() {
    if (!known) {
      throw new IllegalStateException("dim " + this + " is not known");
    }
    return value;
  }

  /** Whether this is a single symbol and nothing else. */
  public boolean isSymbol() {
    return terms.size() == 1
        && terms.firstEntry().getValue() == 1
        && terms.firstKey().atoms().size() == 1
        && terms.firstKey().atoms().getFirst() instanceof Symbol;
  }

  /** The symbol that this dim {@linkplain #isSymbol() is}. */
  public Symbol symbol() {
    return (Symbol) terms.firstKey().atoms().getFirst();
  }

  /** The symbols that this dim depends on, each once, in a fixed order. */
  public List<Symbol> symbols() {
    var found = new ArrayList<Symbol>();
    for (Monomial monomial : terms.keySet()) {
      for (Atom atom : monomial.atoms()) {
        List<Symbol> inner =
            switch (atom) {
              case Symbol symbol -> List.of(symbol);
              case Quotient quotient -> quotient.numerator().symbols();
            };
        inner.stream().filter(symbol -> !found.contains(symbol)).forEach(found::add);
      }
    }
    return found;
  }

  /** Sum of two dims. */
  public Dim plus(Dim other) {
    if (other.terms.isEmpty()) {
      return this;
    }
    var sum = new TreeMap<>(terms);
    other.terms.forEach((monomial, factor) -> add(sum, monomial, factor));
    return new Dim(sum);
  }

  /** Sum of a dim and a number. */
  public Dim plus(long number) {
    return plus(of(number));
  }

  /** Difference of two dims. */
  public Dim minus(Dim other) {
    return plus(other.times(-1));
  }

  /** Product of a dim and a number. */
  public Dim times(long number) {
    return times(of(number));
  }

  /** Product of two dims. */
  public Dim times(Dim other) {
    var product = new TreeMap<Monomial, Long>();
    terms.forEach((left, a) ->
        other.terms.forEach((right, b) -> add(product, left.times(right), multiplyExact(a, b))));
    return new Dim(product);
  }

  /** An order in which atoms are the same only where they are equal; names alone don't tell. */
  private static int compare(Atom a, Atom b) {
    int byName = a.name().compareTo(b.name());
    if (byName != 0) {
      return byName;
    }
    if (a instanceof Quotient left && b instanceof Quotient right) {
      return compare(left.numerator(), right.numerator());
    }
    return Long.compare(id(a), id(b));
  }

  private static long id(Atom atom) {
    return atom instanceof Symbol symbol ? symbol.id() : -1;
  }

  /** Compares dims of one text, term by term. */
  private static int compare(Dim a, Dim b) {
    int order = Integer.compare(a.terms.size(), b.terms.size());
    Iterator<Monomial> left = a.terms.keySet().iterator();
    Iterator<Monomial> right = b.terms.keySet().iterator();
    while (order == 0 && left.hasNext()) {
      order = left.next().compareTo(right.next());
    }
    return order;
  }

  private static void add(TreeMap<Monomial, Long> terms, Monomial monomial, long factor) {
    terms.merge(monomial, factor, (a, b) -> addExact(a, b) == 0 ? null : a + b);
  }

  private static long multiplyExact(long a, long b) {
    try {
      return Math.multiplyExact(a, b);
    } catch (ArithmeticException overflow) {
      throw new ShapeException("shape: a size is beyond 64 bits: " + a + " * " + b, overflow);
    }
  }

  private static long addExact(long a, long b) {
    try {
      return Math.addExact(a, b);
    } catch (ArithmeticException overflow) {
      throw new ShapeException("shape: a size is beyond 64 bits: " + a + " + " + b, overflow);
    }
  }

  /** {@code floor(this / divisor)} for a positive divisor; a polynomial where each term divides. */
  public Dim floorDividedBy(long divisor) {
    if (isKnown()) {
      return of(Math.floorDiv(value(), divisor));
    }
    if (terms.values().stream().allMatch(factor -> factor % divisor == 0)) {
      var quotient = new TreeMap<Monomial, Long>();
      terms.forEach((monomial, factor) -> quotient.put(monomial, factor / divisor));
      return new Dim(quotient);
    }
    return ofAtom(new Quotient(this, divisor));
  }

  /** {@code this / divisor} where that is a polynomial, as in {@code (6*n) / (2*n) = 3}. */
  public Optional<Dim> dividedBy(Dim divisor) {
    if (divisor.terms.size() != 1) {
      return equals(divisor) ? Optional.of(ONE) : Optional.empty();
    }
    Map.Entry<Monomial, Long> by = divisor.terms.firstEntry();
    var quotient = new TreeMap<Monomial, Long>();
    for (Map.Entry<Monomial, Long> term : terms.entrySet()) {
      var atoms = new ArrayList<>(term.getKey().atoms());
      for (Atom atom : by.getKey().atoms()) {
        if (!atoms.remove(atom)) {
          return Optional.empty();
        }
      }
      if (term.getValue() % by.getValue() != 0) {
        return Optional.empty();
      }
      quotient.put(new Monomial(List.copyOf(atoms)), term.getValue() / by.getValue());
    }
    return Optional.of(new Dim(quotient));
  }

  /** This dim with each symbol replaced by what {@code replacement} gives for it. */
  public Dim substitute(Function<Symbol, Dim> replacement) {
    if (isKnown()) {
      return this;
    }
    Dim sum = ZERO;
    for (Map.Entry<Monomial, Long> term : terms.entrySet()) {
      Dim product = of(term.getValue());
      for (Atom atom : term.getKey().atoms()) {
        product =
            product.times(
                switch (atom) {
                  case Symbol symbol -> replacement.apply(symbol);
                  case Quotient(Dim numerator, long divisor) ->
                      numerator.substitute(replacement).floorDividedBy(divisor);
                });
      }
      sum = sum.plus(product);
    }
    return sum;
  }

  /**
   * The number that this dim is once its symbols have values.
   *
   * @throws ShapeException if the number does not fit into 64 bits
   */
  public long evaluate(ToLongFunction<Symbol> values) {
    long sum = 0;
    for (Map.Entry<Monomial, Long> term : terms.entrySet()) {
      long product = term.getValue();
      for (Atom atom : term.getKey().atoms()) {
        long value =
            switch (atom) {
              case Symbol symbol -> values.applyAsLong(symbol);
              case Quotient(Dim numerator, long divisor) ->
                  Math.floorDiv(numerator.evaluate(values), divisor);
            };
        product = multiplyExact(product, value);
      }
      sum = addExact(sum, product);
    }
    return sum;
  }

  /** One term of the polynomial: {@code factor} times the product of {@code atoms}. */
  public record Term(long factor, List<Atom> atoms) {}

  /** The terms of the polynomial in their canonical order; none for 0. */
  public List<Term> terms() {
    return terms.entrySet().stream()
        .map(term -> new Term(term.getValue(), term.getKey().atoms()))
        .toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Dim dim && terms.equals(dim.terms);
  }

  @Override
  public int hashCode() {
    return terms.hashCode();
  }

  @Override
  public String toString() {
    if (isKnown()) {
      return Long.toString(value());
    }
    var text = new StringBuilder();
    terms.forEach((monomial, factor) -> {
      text.append(text.isEmpty() ? (factor < 0 ? "-" : "") : factor < 0 ? " - " : " + ");
      long size = Math.abs(factor);
      if (monomial.atoms().isEmpty()) {
        text.append(size);
      } else {
        text.append(size == 1 ? "" : size + "*").append(monomial);
      }
    });
    return text.toString();
  }
}
