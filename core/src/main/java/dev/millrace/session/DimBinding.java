package dev.millrace.session;

import dev.millrace.graph.Value;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Checks fed tensors against their placeholders and works out what the unknown dims are in this
 * run.
 */
final class DimBinding {
  private final List<Value> placeholders;
  private final Shape[] shapes;
  private final Map<Dim.Symbol, Integer> numbers = new LinkedHashMap<>();
  private final List<Rule> rules = new ArrayList<>();

  /** Dim {@code axis} of feed {@code feed} is {@code dim}; it binds symbol {@code binds}, or -1. */
  private record Rule(int feed, int axis, Dim dim, int binds) {}

  DimBinding(Value[] placeholders) {
    this.placeholders = List.of(placeholders);
    this.shapes = new Shape[placeholders.length];
    var later = new ArrayList<Rule>();
    for (int feed = 0; feed < placeholders.length; feed++) {
      shapes[feed] = placeholders[feed].shape();
      for (int axis = 0; axis < shapes[feed].rank(); axis++) {
        Dim dim = shapes[feed].dim(axis);
        if (dim.isSymbol() && !numbers.containsKey(dim.symbol())) {
          rules.add(new Rule(feed, axis, dim, number(dim.symbol())));
        } else {
          later.add(new Rule(feed, axis, dim, -1));
        }
      }
    }
    for (Rule rule : later) {
      List<Dim.Symbol> unbound =
          rule.dim.symbols().stream().filter(symbol -> !numbers.containsKey(symbol)).toList();
      boolean solvable = unbound.size() == 1;
      rules.add(
          solvable ? new Rule(rule.feed, rule.axis, rule.dim, number(unbound.getFirst())) : rule);
    }
  }

  private int number(Dim.Symbol symbol) {
    numbers.put(symbol, numbers.size());
    return numbers.size() - 1;
  }

  /** Whether the feeds tell what {@code symbol} is. */
  boolean binds(Dim.Symbol symbol) {
    return numbers.containsKey(symbol);
  }

  /** How many symbols there are. */
  int size() {
    return numbers.size();
  }

  /** Position of a symbol's value in the array that {@link #bind} fills. */
  int position(Dim.Symbol symbol) {
    return Objects.requireNonNull(numbers.get(symbol));
  }

  /** How many dims the placeholders have in all. */
  int dims() {
    return rules.size();
  }

  /**
   * Notes all dims of the fed tensors; whether they are those that were noted before.
   *
   * @throws RunException if a tensor has another type or number of dims than its placeholder
   */
  boolean note(Tensor[] tensors, long[] noted) {
    for (int feed = 0; feed < tensors.length; feed++) {
      check(feed, tensors[feed]);
    }
    boolean same = true;
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      long actual = tensors[rule.feed].shape().dim(rule.axis).value();
      same &= noted[i] == actual;
      noted[i] = actual;
    }
    return same;
  }

  /**
   * Fills in the symbols' values.
   *
   * @param fed what {@link #note} has noted
   * @throws RunException if a tensor does not fit its placeholder, or two feeds disagree
   */
  void bind(Tensor[] tensors, long[] fed, long[] values) {
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      long actual = fed[i];
      if (rule.binds >= 0) {
        values[rule.binds] = rule.dim.isSymbol() ? actual : solve(rule, actual, values, tensors);
      } else {
        long wanted = rule.dim.isKnown() ? rule.dim.value() : evaluate(rule.dim, values);
        if (actual != wanted) {
          throw mismatch(rule, actual, wanted, tensors);
        }
      }
    }
  }

  /**
   * Makes sure that there is something to learn from.
   *
   * @param needed symbols that must not be 0
   * @throws RunException naming the tensor that has a dim of 0
   */
  void checkSomethingIsFed(Tensor[] tensors, long[] values, Set<Dim.Symbol> needed) {
    for (Rule rule : rules) {
      for (Dim.Symbol symbol : rule.dim.symbols()) {
        if (needed.contains(symbol) && values[position(symbol)] == 0) {
          throw new RunException(
              "feed: a run that changes variables needs at least one item, and the tensor for "
                  + placeholders.get(rule.feed)
                  + " is "
                  + tensors[rule.feed].shape()
                  + ": the mean over nothing is NaN, and so would be what is learnt from it; skip"
                  + " this batch; nothing was changed");
        }
      }
    }
  }

  /** The symbols that feeds bind, in the order of the placeholders' dims. */
  List<Dim.Symbol> symbols() {
    return List.copyOf(numbers.keySet());
  }

  private long evaluate(Dim dim, long[] values) {
    return dim.evaluate(symbol -> values[position(symbol)]);
  }

  /** The value of the rule's symbol for which the dim, linear in it, is {@code actual}. */
  private long solve(Rule rule, long actual, long[] values, Tensor[] tensors) {
    values[rule.binds] = 0;
    long constant = evaluate(rule.dim, values);
    values[rule.binds] = 1;
    long factor = evaluate(rule.dim, values) - constant;
    long solution = factor == 0 ? -1 : (actual - constant) / factor;
    values[rule.binds] = solution;
    if (solution < 0 || evaluate(rule.dim, values) != actual) {
      throw mismatch(rule, actual, constant, tensors);
    }
    return solution;
  }

  private void check(int feed, Tensor tensor) {
    Value placeholder = placeholders.get(feed);
    if (tensor.dtype() != placeholder.dtype()) {
      String advice = advice(feed, tensor);
      throw new RunException(
          "feed: the tensor for "
              + placeholder
              + " is "
              + tensor.dtype()
              + " "
              + tensor.shape()
              + (advice.isEmpty() ? "; give it as " + placeholder.dtype() : advice));
    }
    if (tensor.shape().rank() != shapes[feed].rank()) {
      throw new RunException(
          "feed: the tensor for "
              + placeholder
              + " has "
              + tensor.shape().rank()
              + " dims, "
              + tensor.shape()
              + ", instead of "
              + shapes[feed].rank()
              + advice(feed, tensor));
    }
  }

  /** What newcomers most often want where the number of dims differs. */
  private String advice(int feed, Tensor tensor) {
    Shape wanted = shapes[feed];
    Shape actual = tensor.shape();
    if (wanted.rank() == 2 && actual.rank() > 2 && wanted.dim(1).isKnown()) {
      long inner = 1;
      for (Dim dim : actual.dims().subList(1, actual.rank())) {
        inner *= dim.value();
      }
      if (wanted.dim(1).is(inner)) {
        return "; flatten each item first: tensor.reshape(" + actual.dim(0) + ", " + inner + ")";
      }
    }
    if (wanted.rank() == 2 && actual.rank() == 1 && wanted.dim(1).isKnown()) {
      return wanted.dim(1).is(actual.size())
          ? "; one item is a batch of 1: tensor.reshape(1, " + actual.size() + ")"
          : "; if these are numbers of classes, make them one-hot: read the data with ONE_HOT, or"
              + " use oneHot(labels, "
              + wanted.dim(1)
              + ")";
    }
    return "";
  }

  private RunException mismatch(Rule rule, long actual, long wanted, Tensor[] tensors) {
    Value placeholder = placeholders.get(rule.feed);
    var text =
        new StringBuilder("feed: the tensor for ")
            .append(placeholder)
            .append(" has shape ")
            .append(tensors[rule.feed].shape())
            .append(": dim ")
            .append(rule.axis)
            .append(" must be ")
            .append(rule.dim.isKnown() ? "" : rule.dim + " = ")
            .append(wanted)
            .append(", not ")
            .append(actual);
    for (int feed = 0; feed < shapes.length; feed++) {
      if (feed != rule.feed && shapes[feed].dims().contains(rule.dim) && !rule.dim.isKnown()) {
        text.append("; '")
            .append(placeholders.get(feed).name())
            .append("' is fed ")
            .append(tensors[feed].shape());
      }
    }
    return new RunException(text.append(advice(rule.feed, tensors[rule.feed])).toString());
  }

  /** The placeholders. */
  List<Value> placeholders() {
    return placeholders;
  }
}
