package dev.millrace.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A part of a graph as a list of equations in an order in which they can be computed, and the
 * values that are wanted of it. What compiler passes turn into another.
 */
public record Body(List<Equation> equations, List<Value> results) {
  /** All that {@code results} depend on, and nothing else. */
  public static Body of(Collection<Value> results) {
    return of(results, value -> false);
  }

  /**
   * What {@code results} depend on, without what lies behind the values that are {@code isLeaf},
   * which count as given.
   */
  public static Body of(Collection<Value> results, Predicate<Value> isLeaf) {
    var reached = new HashSet<Value>(results);
    var open = new ArrayDeque<Value>(reached);
    var equations = new ArrayList<Equation>();
    while (!open.isEmpty()) {
      Optional.of(open.pop())
          .filter(value -> !isLeaf.test(value))
          .flatMap(Value::equation)
          .ifPresent(equation -> {
            equations.add(equation);
            for (Value operand : equation.operands()) {
              if (reached.add(operand)) {
                open.push(operand);
              }
            }
          });
    }
    equations.sort(Comparator.comparingInt(equation -> equation.result().id()));
    return new Body(List.copyOf(equations), List.copyOf(results));
  }

  /** What is used and not computed: placeholders, variables, constants. */
  public Stream<Value> inputs() {
    return Stream.concat(results.stream(), equations.stream().flatMap(e -> e.operands().stream()))
        .filter(value -> value.kind() != Value.Kind.RESULT)
        .distinct();
  }

  /** One equation a line, then the results. */
  @Override
  public String toString() {
    String lines = equations.stream().map(e -> e + "\n").collect(Collectors.joining());
    return lines
        + "return"
        + results.stream().map(v -> " " + v.name()).collect(Collectors.joining())
        + "\n";
  }
}
