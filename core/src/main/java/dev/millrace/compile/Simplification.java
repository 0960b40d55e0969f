package dev.millrace.compile;

import dev.millrace.graph.Body;
import dev.millrace.graph.Equation;
import dev.millrace.graph.Value;
import dev.millrace.op.Broadcast;
import dev.millrace.op.Elementwise;
import dev.millrace.op.Expr;
import dev.millrace.op.KnownDerivative;
import dev.millrace.op.Op;
import dev.millrace.op.Views;
import dev.millrace.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Removes equations whose result is an earlier value bit for bit: the same op on the same operands,
 * products and quotients with 1, double negation; then all that nothing needs any more.
 *
 * <p>Two random draws have different seeds as attributes, so they stay two. Sums with 0 stay, since
 * {@code -0 + 0} is {@code +0}.
 */
final class Simplification {
  private final Map<Value, Value> replacements = new HashMap<>();
  private final Map<List<Object>, Value> known = new HashMap<>();
  private final Map<Value, Equation> equations = new HashMap<>();

  private Simplification() {}

  static Body of(Body body) {
    return new Simplification().run(body);
  }

  private Body run(Body body) {
    var kept = new ArrayList<Equation>();
    for (Equation old : body.equations()) {
      List<Value> operands = old.operands().stream().map(this::replaced).toList();
      var equation = new Equation(old.op(), operands, old.result());
      Optional<Value> same = earlier(equation);
      if (same.isPresent()) {
        replacements.put(old.result(), same.get());
      } else {
        kept.add(equation);
        equations.put(equation.result(), equation);
      }
    }
    return pruned(kept, body.results().stream().map(this::replaced).toList());
  }

  private Value replaced(Value value) {
    return replacements.getOrDefault(value, value);
  }

  private Optional<Value> earlier(Equation equation) {
    Op op = equation.op();
    List<Value> operands = equation.operands();
    if ((op == Elementwise.MUL || op == Elementwise.DIV) && isOne(operands.getLast())) {
      return Optional.of(operands.getFirst());
    }
    if (op == Elementwise.MUL && isOne(operands.getFirst())) {
      return Optional.of(operands.getLast());
    }
    if (op == Elementwise.NEG) {
      Equation inner = equations.get(operands.getFirst());
      if (inner != null && inner.op() == Elementwise.NEG) {
        return Optional.of(inner.operands().getFirst());
      }
    }
    if (op instanceof Views.StopGradient || op instanceof KnownDerivative) {
      return Optional.of(operands.getFirst());
    }
    return Optional.ofNullable(known.putIfAbsent(List.of(op, operands), equation.result()));
  }

  private boolean isOne(Value value) {
    Expr source = value;
    while (source instanceof Value view
        && equations.get(view) instanceof Equation equation
        && equation.op() instanceof Broadcast) {
      source = equation.operands().getFirst();
    }
    return source
        .constant()
        .filter(tensor -> tensor.shape().equals(Shape.SCALAR) && tensor.getDouble() == 1)
        .isPresent();
  }

  private static Body pruned(List<Equation> equations, List<Value> results) {
    var needed = new HashSet<Value>(results);
    var kept = new ArrayList<Equation>();
    for (Equation equation : equations.reversed()) {
      if (needed.contains(equation.result())) {
        needed.addAll(equation.operands());
        kept.add(equation);
      }
    }
    return new Body(List.copyOf(kept.reversed()), results);
  }
}
