package dev.millrace.op;

import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * One application of Einstein's notation. Each axis has a label: the letter of the equation, or a
 * negative number for the dims of an ellipsis, counted from their end. Two operands at a time
 * become an elementwise product where nothing is summed over, and a matrix product otherwise.
 */
final class Einsum {
  private static final String ELLIPSIS = "...";

  private final String equation;
  private final List<Expr> operands;

  Einsum(String equation, List<Expr> operands) {
    this.equation = equation;
    this.operands = operands;
  }

  /** A value and the labels of its axes. */
  record Term(Expr value, List<Integer> labels) {
    Term(Expr value, int[] labels) {
      this(value, IntStream.of(labels).boxed().toList());
    }

    Dim dim(int label) {
      return value.shape().dim(labels.indexOf(label));
    }

    boolean has(int label) {
      return labels.contains(label);
    }
  }

  /** Numbers from {@code first} on, one for each of {@code rank} axes. */
  static int[] labels(int rank, int first) {
    return IntStream.range(first, first + rank).toArray();
  }

  /** What the equation says. */
  Expr result() {
    Broadcast.checkOneType("einsum", operands);
    String[] sides = equation.replace(" ", "").split("->", -1);
    String[] inputs = sides[0].split(",", -1);
    if (sides.length > 2 || inputs.length != operands.size()) {
      throw broken(
          "has " + inputs.length + " operands, found " + operands.size(), operands.getFirst());
    }
    var terms = new ArrayList<Term>();
    for (int i = 0; i < inputs.length; i++) {
      terms.add(withoutRepeats(term(inputs[i], operands.get(i))));
    }
    List<Integer> wanted = sides.length == 2 ? explicit(sides[1], terms) : implicit(inputs, terms);
    Term product = terms.getFirst();
    for (int i = 1; i < terms.size(); i++) {
      var needed = new HashSet<>(wanted);
      terms.subList(i + 1, terms.size()).forEach(later -> needed.addAll(later.labels));
      product = product("einsum", product, terms.get(i), needed);
    }
    return ordered(summed(product, wanted), wanted).value;
  }

  private ShapeException broken(String rule, Expr operand) {
    return new ShapeException(
        "einsum: the equation '" + equation + "' " + rule + ": " + Messages.describe(operand));
  }

  private Term term(String input, Expr operand) {
    int dots = input.indexOf(ELLIPSIS);
    String before = dots < 0 ? input : input.substring(0, dots);
    String after = dots < 0 ? "" : input.substring(dots + ELLIPSIS.length());
    int letters = before.length() + after.length();
    int rank = operand.shape().rank();
    boolean isLetters = (before + after).chars().allMatch(c -> c < 128 && Character.isLetter(c));
    if (!isLetters) {
      throw broken("may have letters, '...', ',' and one '->' only", operand);
    }
    if (dots < 0 ? letters != rank : letters > rank) {
      throw broken("has " + letters + " indices for " + rank + " dims", operand);
    }
    var labels = new ArrayList<>(before.chars().boxed().toList());
    for (int i = rank - letters; i > 0; i--) {
      labels.add(-i);
    }
    labels.addAll(after.chars().boxed().toList());
    return new Term(operand, List.copyOf(labels));
  }

  /** The diagonals of axes with one label. */
  private static Term withoutRepeats(Term term) {
    for (int axis = 0; axis < term.labels.size(); axis++) {
      int label = term.labels.get(axis);
      int other = term.labels.lastIndexOf(label);
      if (other > axis) {
        Expr diagonal = PatternFunctions.diagonal(term.value, 0, axis, other);
        var labels = new ArrayList<>(term.labels);
        labels.subList(other, other + 1).clear();
        labels.subList(axis, axis + 1).clear();
        labels.add(label);
        return withoutRepeats(new Term(diagonal, List.copyOf(labels)));
      }
    }
    return term;
  }

  /** The labels of the ellipsis of the operand that has the most, in order. */
  private static List<Integer> ellipsis(List<Term> terms) {
    int least =
        terms.stream().flatMap(t -> t.labels.stream()).mapToInt(label -> label).min().orElse(0);
    return IntStream.range(Math.min(0, least), 0).boxed().toList();
  }

  private List<Integer> explicit(String output, List<Term> terms) {
    int dots = output.indexOf(ELLIPSIS);
    var wanted = new ArrayList<Integer>();
    String before = dots < 0 ? output : output.substring(0, dots);
    wanted.addAll(before.chars().boxed().toList());
    if (dots >= 0) {
      wanted.addAll(ellipsis(terms));
      wanted.addAll(output.substring(dots + ELLIPSIS.length()).chars().boxed().toList());
    }
    for (int label : wanted) {
      if (terms.stream().noneMatch(term -> term.has(label))) {
        throw broken(
            "has the index '" + (char) label + "' in the result only", operands.getFirst());
      }
    }
    if (new HashSet<>(wanted).size() < wanted.size()) {
      throw broken("has an index twice in the result", operands.getFirst());
    }
    return wanted;
  }

  private static List<Integer> implicit(String[] inputs, List<Term> terms) {
    var once = new TreeSet<Integer>();
    var seen = new HashSet<Integer>();
    for (String input : inputs) {
      input
          .chars()
          .filter(c -> c != '.')
          .forEach(c -> {
            if (seen.add(c)) {
              once.add(c);
            } else {
              once.remove(c);
            }
          });
    }
    var wanted = new ArrayList<>(ellipsis(terms));
    wanted.addAll(once);
    return wanted;
  }

  /** The sum over all axes that {@code kept} does not have. */
  private static Term summed(Term term, Collection<Integer> kept) {
    var axes = new ArrayList<Integer>();
    for (int axis = 0; axis < term.labels.size(); axis++) {
      if (!kept.contains(term.labels.get(axis))) {
        axes.add(axis);
      }
    }
    List<Integer> left = term.labels.stream().filter(kept::contains).toList();
    return new Term(ReductionFunctions.sum(term.value, axes), left);
  }

  /** The axes in this order, which has all labels. */
  private static Term ordered(Term term, List<Integer> labels) {
    if (term.labels.equals(labels)) {
      return term;
    }
    int[] order = labels.stream().mapToInt(term.labels::indexOf).toArray();
    return new Term(MovementFunctions.transpose(term.value, order), labels);
  }

  /** The product of two terms, summed over what is not {@code kept}. */
  static Term product(String op, Term a, Term b, Collection<Integer> kept) {
    var mine = new HashSet<>(kept);
    mine.addAll(b.labels);
    var theirs = new HashSet<>(kept);
    theirs.addAll(a.labels);
    Term left = summed(a, mine);
    Term right = summed(b, theirs);
    var all = new LinkedHashSet<>(left.labels);
    all.addAll(right.labels);
    List<Integer> labels = List.copyOf(all);
    Expr wideLeft = widened(left, labels);
    Expr wideRight = widened(right, labels);
    Shape common = wideLeft.recorder().commonShape(op, List.of(wideLeft, wideRight), 0);
    if (kept.containsAll(labels)) {
      return new Term(wideLeft.times(wideRight), labels);
    }
    return contracted(grown(left, right, labels, common), grown(right, left, labels, common), kept);
  }

  /** A dim of 1 for each label that the term does not have. */
  private static Expr widened(Term term, List<Integer> labels) {
    List<Integer> present = labels.stream().filter(term::has).toList();
    var missing = new ArrayList<Integer>();
    for (int axis = 0; axis < labels.size(); axis++) {
      if (!term.has(labels.get(axis))) {
        missing.add(axis);
      }
    }
    return MovementFunctions.expandDims(ordered(term, present).value, missing);
  }

  /** Dims of 1 as large as the other operand's. */
  private static Term grown(Term term, Term other, List<Integer> labels, Shape common) {
    var dims = new ArrayList<Dim>();
    for (int label : term.labels) {
      boolean shared = other.has(label);
      dims.add(shared ? common.dim(labels.indexOf(label)) : term.dim(label));
    }
    return new Term(MovementFunctions.broadcastTo(term.value, Shape.of(dims)), term.labels);
  }

  /**
   * A matrix product: batches, then what only the left has, what is summed over, and the right's.
   */
  private static Term contracted(Term left, Term right, Collection<Integer> kept) {
    List<Integer> batch =
        left.labels.stream().filter(label -> right.has(label) && kept.contains(label)).toList();
    List<Integer> inner =
        left.labels.stream().filter(label -> right.has(label) && !kept.contains(label)).toList();
    List<Integer> rows = left.labels.stream().filter(label -> !right.has(label)).toList();
    List<Integer> columns = right.labels.stream().filter(label -> !left.has(label)).toList();
    Expr a = matrix(left, batch, rows, inner);
    Expr b = matrix(right, batch, inner, columns);
    var labels = new ArrayList<>(batch);
    labels.addAll(rows);
    labels.addAll(columns);
    var dims = new ArrayList<Dim>();
    labels.forEach(label -> dims.add((left.has(label) ? left : right).dim(label)));
    Expr product = MovementFunctions.matmul(a, b);
    return new Term(MovementFunctions.reshape(product, Shape.of(dims)), List.copyOf(labels));
  }

  /** The term with the dims of rows as one and those of columns as one. */
  private static Expr matrix(
      Term term, List<Integer> batch, List<Integer> rows, List<Integer> columns) {
    var order = new ArrayList<>(batch);
    order.addAll(rows);
    order.addAll(columns);
    var dims = new ArrayList<Dim>();
    batch.forEach(label -> dims.add(term.dim(label)));
    dims.add(size(term, rows));
    dims.add(size(term, columns));
    return MovementFunctions.reshape(ordered(term, order).value, Shape.of(dims));
  }

  private static Dim size(Term term, List<Integer> labels) {
    Dim size = Dim.ONE;
    for (int label : labels) {
      size = size.times(term.dim(label));
    }
    return size;
  }
}
