package dev.millrace.grad;

import dev.millrace.graph.Body;
import dev.millrace.graph.Equation;
import dev.millrace.graph.Graph;
import dev.millrace.graph.GraphException;
import dev.millrace.graph.Value;
import dev.millrace.op.Bundle;
import dev.millrace.op.Expr;
import dev.millrace.op.Op;
import dev.millrace.op.Part;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reverse-mode differentiation as a transform of the graph: the derivative is recorded as further
 * operations, so it can be looked at, run, and differentiated again.
 *
 * <p>The graph is walked once from the ys back to the xs, in time linear in its size and without
 * recursion.
 */
public final class Gradients {
  private final List<Value> ys;
  private final Predicate<Value> isLeaf;
  private final Map<Value, Expr> cotangents = new HashMap<>();
  private final Map<Value, Map<Integer, Expr>> parts = new HashMap<>();
  private Set<Value> dependents = Set.of();

  private Gradients(List<Value> ys, Predicate<Value> isLeaf) {
    this.ys = ys;
    this.isLeaf = isLeaf;
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
    Value value = value("gradients", y);
    List<Value> inputs = xs.stream().map(x -> value.graph().own("gradients", x)).toList();
    NoDerivative.checkFloating("gradients", value, inputs);
    Tensor one = Tensor.filled(value.dtype(), Shape.SCALAR, 1);
    return value
        .graph()
        .asDerivative(() ->
            complete(
                "gradients",
                value,
                inputs,
                value.graph().constant(one).broadcastTo(value.shape())));
  }

  /**
   * Vector-Jacobian product: the derivatives of the sum of {@code y * cotangent} with respect to
   * each of {@code xs}.
   *
   * @throws DTypeException if y or an x is not floating point
   * @throws ShapeException if the cotangent's shape is not that of y
   * @throws GraphException if y does not depend on an x, or only through ops without a derivative
   */
  public static List<Expr> vjp(Expr y, List<? extends Expr> xs, Expr cotangent) {
    Value value = value("vjp", y);
    List<Value> inputs = xs.stream().map(x -> value.graph().own("vjp", x)).toList();
    NoDerivative.checkFloating("vjp", value, inputs);
    checkLike("vjp", value, value.graph().own("vjp", cotangent));
    return value.graph().asDerivative(() -> complete("vjp", value, inputs, cotangent));
  }

  static Value value(String op, Expr y) {
    if (y instanceof Value value) {
      return value;
    }
    throw new GraphException(op + ": '" + y.name() + "' is no value of a graph");
  }

  /** Checks that {@code given} has the type of {@code x}. */
  static void checkLike(String op, Value x, Value given) {
    Graph graph = x.graph();
    if (given.dtype() != x.dtype()) {
      throw new DTypeException(
          op + ": the given derivative has another type: " + given + " for " + x);
    }
    if (given.shape().rank() != x.shape().rank() || !graph.unify(given.shape(), x.shape())) {
      throw new ShapeException(
          op + ": the given derivative has another shape: " + given + " for " + x);
    }
  }

  private static List<Expr> complete(String op, Value y, List<Value> xs, Expr cotangent) {
    List<Optional<Expr>> found = within(List.of(y), xs, List.of(cotangent), value -> false);
    var results = new ArrayList<Expr>();
    for (int i = 0; i < xs.size(); i++) {
      Value x = xs.get(i);
      if (found.get(i).isEmpty() && !isMadeOfDerivatives(y)) {
        throw NoDerivative.because(op, y, x);
      }
      results.add(found.get(i).orElseGet(() -> zeros(x)));
    }
    return results;
  }

  /**
   * What flows back to each of {@code xs} if {@code cotangents} flow into {@code ys}; empty for an
   * x that no y depends on smoothly.
   *
   * @param isLeaf which values count as given: what lies behind them is not looked at
   */
  public static List<Optional<Expr>> within(
      List<Value> ys, List<Value> xs, List<Expr> cotangents, Predicate<Value> isLeaf) {
    var gradients = new Gradients(ys, isLeaf);
    List<Equation> equations = gradients.between(xs);
    for (int i = 0; i < ys.size(); i++) {
      gradients.add(ys.get(i), cotangents.get(i));
    }
    for (Equation equation : equations.reversed()) {
      gradients.pullBack(equation);
    }
    return xs.stream().map(x -> Optional.ofNullable(gradients.cotangents.get(x))).toList();
  }

  private static boolean isMadeOfDerivatives(Value y) {
    return Body.of(List.of(y)).equations().stream()
        .anyMatch(equation -> y.graph().isDerivative(equation.result()));
  }

  static Expr zeros(Value x) {
    return x.graph().constant(Tensor.filled(x.dtype(), Shape.SCALAR, 0)).broadcastTo(x.shape());
  }

  /** The equations on the ways from {@code xs} to the ys, in the order of the graph. */
  private List<Equation> between(List<Value> xs) {
    dependents = new HashSet<>(xs);
    var between = new ArrayList<Equation>();
    for (Equation equation : Body.of(ys, isLeaf).equations()) {
      if (equation.operands().stream().anyMatch(dependents::contains)) {
        dependents.add(equation.result());
        between.add(equation);
      }
    }
    return between;
  }

  private void add(Value value, Expr cotangent) {
    cotangents.merge(value, cotangent, (sum, more) -> sum.plus(more));
  }

  private void pullBack(Equation equation) {
    if (equation.op() instanceof Bundle bundle) {
      pullBack(equation, bundle);
      return;
    }
    Expr cotangent = cotangents.get(equation.result());
    if (cotangent == null) {
      return;
    }
    if (equation.op() instanceof Part part) {
      parts
          .computeIfAbsent(equation.operands().getFirst(), first -> new HashMap<>())
          .merge(part.number(), cotangent, (sum, more) -> sum.plus(more));
      return;
    }
    var call = new Op.Call(List.copyOf(equation.operands()), equation.result(), cotangent);
    for (int i = 0; i < equation.operands().size(); i++) {
      Value operand = equation.operands().get(i);
      if (isWanted(operand)) {
        equation.op().vjp(i, call).ifPresent(more -> add(operand, more));
      }
    }
  }

  private void pullBack(Equation equation, Bundle bundle) {
    Map<Integer, Expr> flowing = parts.get(equation.result());
    if (flowing == null) {
      return;
    }
    var incoming = new ArrayList<Optional<Expr>>();
    for (int number = 0; number < bundle.parts(); number++) {
      incoming.add(Optional.ofNullable(flowing.get(number)));
    }
    List<Value> operands = equation.operands();
    List<Boolean> wanted = operands.stream().map(this::isWanted).toList();
    var flow = new Bundle.Flow(List.copyOf(operands), equation.result(), incoming, wanted);
    List<Optional<Expr>> outgoing = bundle.pullBack(flow);
    for (int i = 0; i < operands.size(); i++) {
      Value operand = operands.get(i);
      if (isWanted(operand)) {
        outgoing.get(i).ifPresent(more -> add(operand, more));
      }
    }
  }

  private boolean isWanted(Value operand) {
    return dependents.contains(operand) && operand.dtype().isFloating();
  }
}
