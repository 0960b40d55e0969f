package dev.millrace.grad;

import dev.millrace.graph.Body;
import dev.millrace.graph.Equation;
import dev.millrace.graph.Graph;
import dev.millrace.graph.GraphException;
import dev.millrace.graph.Value;
import dev.millrace.op.Expr;
import dev.millrace.op.Op;
import dev.millrace.op.Views;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reverse-mode differentiation as a transform of the graph: the derivative is recorded as further
 * operations, so it can be looked at, run, and differentiated again.
 *
 * <p>The graph is walked once from y back to the xs, in time linear in its size and without
 * recursion.
 */
public final class Gradients {
  private final Value y;
  private final Graph graph;
  private final Map<Value, Expr> cotangents = new HashMap<>();
  private Set<Value> dependents = Set.of();

  private Gradients(Value y) {
    this.y = y;
    this.graph = y.graph();
  }

  /**
   * The derivatives of the sum of all elements of {@code y} with respect to each of {@code xs},
   * with the shapes of the xs.
   *
   * <p>A y that is made of derivatives has the derivative 0 where it does not change smoothly: the
   * second derivative of {@code |x|} is 0.
   *
   * @throws DTypeException if y or an x is not floating point
   * @throws GraphException if y does not depend on an x, or only through ops without a derivative
   */
  public static List<Expr> of(Expr y, List<? extends Expr> xs) {
    if (!(y instanceof Value value)) {
      throw new GraphException("gradients: '" + y.name() + "' is no value of a graph");
    }
    List<Value> inputs = xs.stream().map(x -> value.graph().own("gradients", x)).toList();
    checkFloating(value);
    inputs.forEach(Gradients::checkFloating);
    return value.graph().asDerivative(() -> new Gradients(value).of(inputs));
  }

  private static void checkFloating(Value value) {
    if (!value.dtype().isFloating()) {
      throw new DTypeException(
          "gradients: a derivative needs float32 or float64: "
              + value
              + "; convert with cast(x, FLOAT32) before the computation");
    }
  }

  private List<Expr> of(List<Value> xs) {
    List<Equation> equations = between(xs);
    Tensor one = Tensor.filled(y.dtype(), Shape.SCALAR, 1);
    cotangents.put(y, graph.constant(one).broadcastTo(y.shape()));
    for (Equation equation : equations.reversed()) {
      Expr cotangent = cotangents.get(equation.result());
      if (cotangent != null) {
        pullBack(equation, cotangent);
      }
    }
    List<Value> missing = xs.stream().filter(x -> !cotangents.containsKey(x)).toList();
    if (!missing.isEmpty() && !isMadeOfDerivatives()) {
      throw unreached(missing.getFirst());
    }
    var results = new ArrayList<Expr>();
    for (Value x : xs) {
      Expr gradient = cotangents.get(x);
      results.add(gradient == null ? zeros(x) : gradient);
    }
    return results;
  }

  private boolean isMadeOfDerivatives() {
    return Body.of(List.of(y)).equations().stream()
        .anyMatch(equation -> graph.isDerivative(equation.result()));
  }

  private Expr zeros(Value x) {
    return graph.constant(Tensor.filled(x.dtype(), Shape.SCALAR, 0)).broadcastTo(x.shape());
  }

  /** The equations on the ways from {@code xs} to y, in the order of the graph. */
  private List<Equation> between(List<Value> xs) {
    dependents = new HashSet<>(xs);
    var between = new ArrayList<Equation>();
    for (Equation equation : Body.of(List.of(y)).equations()) {
      if (equation.operands().stream().anyMatch(dependents::contains)) {
        dependents.add(equation.result());
        between.add(equation);
      }
    }
    return between;
  }

  private void pullBack(Equation equation, Expr cotangent) {
    var call = new Op.Call(List.copyOf(equation.operands()), equation.result(), cotangent);
    for (int i = 0; i < equation.operands().size(); i++) {
      Value operand = equation.operands().get(i);
      if (dependents.contains(operand) && operand.dtype().isFloating()) {
        equation
            .op()
            .vjp(i, call)
            .ifPresent(part -> cotangents.merge(operand, part, (sum, more) -> sum.plus(more)));
      }
    }
  }

  /** Why there is no derivative with respect to {@code x}. */
  private GraphException unreached(Value x) {
    var blocked = new ArrayList<Equation>();
    var seen = new HashSet<Value>(Set.of(x));
    for (Equation equation : between(List.of(x))) {
      if (equation.operands().stream().anyMatch(seen::contains)) {
        if (equation.op().isDifferentiable() && equation.result().dtype().isFloating()) {
          seen.add(equation.result());
        } else {
          blocked.add(equation);
        }
      }
    }
    if (blocked.isEmpty()) {
      return new GraphException(
          "gradients: '"
              + y.name()
              + "' ("
              + y.origin()
              + ") does not depend on "
              + x
              + "; leave it out, or use it in the computation");
    }
    return new GraphException(
        "gradients: '"
            + y.name()
            + "' ("
            + y.origin()
            + ") depends on "
            + x
            + " only through "
            + names(blocked)
            + ", which has no derivative");
  }

  /** The ops that block; a stopGradient, which functions use inside, only if nothing else does. */
  private static String names(List<Equation> blocked) {
    boolean onlyStops = blocked.stream().allMatch(e -> e.op() instanceof Views.StopGradient);
    return blocked.stream()
        .filter(equation -> onlyStops || !(equation.op() instanceof Views.StopGradient))
        .map(equation -> equation.op().name() + " (" + equation.result().origin() + ")")
        .collect(Collectors.joining(", "));
  }
}
