package dev.millrace.grad;

import dev.millrace.graph.Body;
import dev.millrace.graph.Equation;
import dev.millrace.graph.GraphException;
import dev.millrace.graph.Value;
import dev.millrace.op.Bundle;
import dev.millrace.op.Views;
import dev.millrace.tensor.DTypeException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What is said where there is no derivative: what blocks it, and the way from y to x. */
final class NoDerivative {
  /** Ops of a way that are named; of longer ones, the middle is left out. */
  private static final int MOST_NAMED = 12;

  private NoDerivative() {}

  static void checkFloating(String op, Value y, List<Value> xs) {
    if (!y.dtype().isFloating()) {
      throw notFloating(op, y, xs);
    }
    for (Value x : xs) {
      if (!x.dtype().isFloating()) {
        throw notFloating(op, x, List.of());
      }
    }
  }

  private static DTypeException notFloating(String op, Value value, List<Value> xs) {
    String way = xs.isEmpty() ? "" : way(value, xs.getFirst());
    return new DTypeException(
        op
            + ": a derivative needs floating point: "
            + value
            + "; convert with cast(x, FLOAT32) before the computation"
            + (way.isEmpty() || value == xs.getFirst() ? "" : "; the way from y to x: " + way));
  }

  /** Why there is no derivative of {@code y} with respect to {@code x}. */
  static GraphException because(String op, Value y, Value x) {
    String subject = op + ": '" + y.name() + "' (" + y.origin() + ")";
    List<Equation> blocked = blocked(y, x);
    if (blocked.isEmpty()) {
      return new GraphException(
          subject + " does not depend on " + x + "; leave it out, or use it in the computation");
    }
    return new GraphException(
        subject
            + " depends on "
            + x
            + " only through "
            + names(blocked)
            + ", which has no derivative; the way from y to x: "
            + way(y, x));
  }

  private static List<Equation> blocked(Value y, Value x) {
    var blocked = new ArrayList<Equation>();
    var seen = new HashSet<Value>(Set.of(x));
    for (Equation equation : Body.of(List.of(y)).equations()) {
      if (equation.operands().stream().anyMatch(seen::contains)) {
        boolean passes =
            equation.op().isDifferentiable()
                && (equation.op() instanceof Bundle || equation.result().dtype().isFloating());
        if (passes) {
          seen.add(equation.result());
        } else {
          blocked.add(equation);
        }
      }
    }
    return blocked;
  }

  /** The ops that block; a stopGradient, which functions use inside, only if nothing else does. */
  private static String names(List<Equation> blocked) {
    boolean onlyStops = blocked.stream().allMatch(e -> e.op() instanceof Views.StopGradient);
    return blocked.stream()
        .filter(equation -> onlyStops || !(equation.op() instanceof Views.StopGradient))
        .map(equation -> named(equation.result()))
        .distinct()
        .collect(Collectors.joining(", "));
  }

  /** The shortest way along which y depends on x, op by op; empty if there is none. */
  private static String way(Value y, Value x) {
    var nearer = new HashMap<Value, Value>();
    var open = new ArrayDeque<Value>(List.of(y));
    while (!open.isEmpty() && !nearer.containsKey(x)) {
      Value value = open.poll();
      for (Value operand : value.equation().map(Equation::operands).orElse(List.of())) {
        if (operand != y && nearer.putIfAbsent(operand, value) == null) {
          open.add(operand);
        }
      }
    }
    return nearer.containsKey(x) ? way(y, x, nearer) : "";
  }

  private static String way(Value y, Value x, Map<Value, Value> nearer) {
    var names = new ArrayList<String>();
    names.add("'" + x.name() + "'");
    Value at = x;
    while (at != y) {
      at = nearer.get(at);
      if (at == null) {
        break;
      }
      if (!(at.op().orElseThrow() instanceof Bundle)) {
        names.addFirst(named(at));
      }
    }
    if (names.size() > MOST_NAMED) {
      List<String> ends = new ArrayList<>(names.subList(0, MOST_NAMED / 2));
      ends.add("...");
      ends.addAll(names.subList(names.size() - MOST_NAMED / 2, names.size()));
      return String.join(" <- ", ends);
    }
    return String.join(" <- ", names);
  }

  private static String named(Value value) {
    return value.op().map(op -> op.name()).orElse(value.name()) + " (" + value.origin() + ")";
  }
}
