package dev.millrace.flow;

import dev.millrace.graph.Body;
import dev.millrace.graph.Equation;
import dev.millrace.graph.Value;
import dev.millrace.op.Definition;
import dev.millrace.op.Expr;
import dev.millrace.op.Region;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Cuts regions out of a graph: which values belong to one, and which it captures. */
final class Regions {
  private Regions() {}

  /**
   * What an iteration computes: all that depends on the parameters, and views and formulas, which
   * cost nothing. The rest is the same in each iteration and is captured.
   */
  static Region ofLoop(List<Value> parameters, List<Value> results) {
    int first = parameters.stream().mapToInt(Value::id).min().orElse(0);
    var given = Set.copyOf(parameters);
    Predicate<Value> isOutside = value -> value.id() < first || given.contains(value);
    var inside = new HashSet<Value>(parameters);
    for (Equation equation : Body.of(results, isOutside).equations()) {
      boolean depends = equation.operands().stream().anyMatch(inside::contains);
      if (!isOutside.test(equation.result()) && (depends || isFree(equation))) {
        inside.add(equation.result());
      }
    }
    return region(parameters, results, inside::contains);
  }

  private static boolean isFree(Equation equation) {
    return switch (equation.definition()) {
      case Definition.View view -> true;
      case Definition.Pointwise pointwise ->
          equation.operands().stream().allMatch(Regions::isConstant);
      default -> false;
    };
  }

  private static boolean isConstant(Value value) {
    return value.kind() == Value.Kind.CONSTANT;
  }

  /** What is computed only when it is called: all that is {@code inside}. */
  static Region ofCall(List<Value> results, Predicate<Value> isInside) {
    return region(List.of(), results, isInside);
  }

  private static Region region(
      List<Value> parameters, List<Value> results, Predicate<Value> isInside) {
    var captures = new LinkedHashSet<Expr>();
    Predicate<Value> isGiven = value -> !isInside.test(value) || parameters.contains(value);
    Body body = Body.of(results, isGiven);
    int first =
        Stream.concat(parameters.stream(), body.equations().stream().map(Equation::result))
            .filter(isInside)
            .mapToInt(Value::id)
            .min()
            .orElse(Integer.MAX_VALUE);
    // Constants from outside may be what a derivative is asked for; those made within are literals.
    Predicate<Value> isOwn =
        value -> isInside.test(value) || (isConstant(value) && value.id() > first);
    for (Equation equation : body.equations()) {
      capture(equation.operands(), isOwn, captures);
    }
    capture(results, isOwn, captures);
    return new Region(List.copyOf(parameters), List.copyOf(captures), List.copyOf(results));
  }

  private static void capture(
      List<Value> values, Predicate<Value> isOwn, Collection<Expr> captures) {
    for (Value value : values) {
      if (!isOwn.test(value)) {
        captures.add(value);
      }
    }
  }

  /** The values of a region that each call computes. */
  static Set<Value> computed(Region region) {
    Set<Value> given = new HashSet<>(values(region.parameters()));
    given.addAll(values(region.captures()));
    var computed = new HashSet<Value>();
    Body.of(values(region.results()), given::contains)
        .equations()
        .forEach(equation -> computed.add(equation.result()));
    return computed;
  }

  /** Whether what lies behind a value is no matter of this region. */
  static Predicate<Value> boundary(Region region) {
    var given = new HashSet<Value>(values(region.parameters()));
    given.addAll(values(region.captures()));
    return given::contains;
  }

  static List<Value> values(List<? extends Expr> expressions) {
    return expressions.stream().map(Value.class::cast).toList();
  }
}
