package dev.millrace.kernel;

import dev.millrace.tensor.Dim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A position computed as {@code offset + sum of factor * variable}: an affine function of loop
 * variables (and checked index variables) whose factors are polynomials of the kernel's dims. Its
 * value always fits into 31 bits.
 *
 * @param terms in the order of their variables, each variable once, no factor 0
 */
public record Index(Dim offset, List<Term> terms) {
  /** {@code factor * variable}. */
  public record Term(int variable, Dim factor) {}

  /** The position 0. */
  public static final Index ZERO = new Index(Dim.ZERO, List.of());

  /** The position {@code offset}. */
  public static Index of(Dim offset) {
    return new Index(offset, List.of());
  }

  /** The value of a variable. */
  public static Index ofVariable(int variable) {
    return new Index(Dim.ZERO, List.of(new Term(variable, Dim.ONE)));
  }

  /** Sum of two positions. */
  public Index plus(Index other) {
    var sum = new ArrayList<>(terms);
    for (Term term : other.terms) {
      Dim factor = factorOf(sum, term.variable).plus(term.factor);
      sum.removeIf(old -> old.variable == term.variable);
      if (!factor.is(0)) {
        sum.add(new Term(term.variable, factor));
      }
    }
    sum.sort(Comparator.comparingInt(Term::variable));
    return new Index(offset.plus(other.offset), List.copyOf(sum));
  }

  /** This position moved by {@code distance}. */
  public Index plus(Dim distance) {
    return new Index(offset.plus(distance), terms);
  }

  /** This position times {@code factor}. */
  public Index times(Dim factor) {
    if (factor.is(0)) {
      return ZERO;
    }
    return new Index(
        offset.times(factor),
        terms.stream().map(term -> new Term(term.variable, term.factor.times(factor))).toList());
  }

  /** This position with {@code coordinates.get(i)} put in for variable {@code i}. */
  public Index at(List<Index> coordinates) {
    Index sum = of(offset);
    for (Term term : terms) {
      sum = sum.plus(coordinates.get(term.variable).times(term.factor));
    }
    return sum;
  }

  /** This position with each of its dims replaced. */
  public Index map(UnaryOperator<Dim> replacement) {
    return new Index(
        replacement.apply(offset),
        terms.stream()
            .map(term -> new Term(term.variable, replacement.apply(term.factor)))
            .toList());
  }

  /** How far this moves when {@code variable} grows by 1; 0 where it does not depend on it. */
  public Dim factor(int variable) {
    return factorOf(terms, variable);
  }

  private static Dim factorOf(List<Term> terms, int variable) {
    for (Term term : terms) {
      if (term.variable == variable) {
        return term.factor;
      }
    }
    return Dim.ZERO;
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    for (Term term : terms) {
      text.append(text.isEmpty() ? "" : " + ");
      String factor = term.factor.toString();
      if (!term.factor.is(1)) {
        text.append(factor.contains(" ") ? "(" + factor + ")" : factor).append('*');
      }
      text.append('i').append(term.variable);
    }
    if (text.isEmpty() || !offset.is(0)) {
      text.append(text.isEmpty() ? "" : " + ").append(offset);
    }
    return text.toString();
  }
}
