package dev.millrace.grad;

import dev.millrace.graph.Body;
import dev.millrace.graph.Equation;
import dev.millrace.graph.Graph;
import dev.millrace.graph.GraphException;
import dev.millrace.graph.Value;
import dev.millrace.op.Bundle;
import dev.millrace.op.ElementwiseFunctions;
import dev.millrace.op.Expr;
import dev.millrace.op.Op;
import dev.millrace.op.Part;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.ShapeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Forward-mode differentiation as a transform of the graph: how values change if others change.
 *
 * <p>Ops have no rule of their own for it. An op's tangent is the transposed of its vjp, which is
 * linear in the cotangent: the vjp is recorded for a cotangent that stands for any, and
 * differentiated by that. What is left after simplification is what one would write by hand (the
 * transposed of a padding is a slice, of a scattering a look-up, of a product with {@code b'} one
 * with {@code b}), and there is one derivative per op to get right, not two. Ops for which a detour
 * is left say so: {@link Op#isLinear}, {@link Bundle#pushForward}.
 */
public final class Tangents {
  private final Map<Value, Expr> tangents = new HashMap<>();
  private final Map<Value, List<Optional<Expr>>> parts = new HashMap<>();

  private Tangents() {}

  /**
   * Jacobian-vector product: how {@code y} changes if each of {@code xs} changes by its tangent.
   *
   * @throws DTypeException if y or an x is not floating point
   * @throws ShapeException if a tangent's shape is not that of its x
   * @throws GraphException if y does not depend on any x smoothly, or there are more or fewer
   *     tangents than xs
   */
  public static Expr of(Expr y, List<? extends Expr> xs, List<? extends Expr> tangents) {
    Value value = Gradients.value("jvp", y);
    Graph graph = value.graph();
    List<Value> inputs = xs.stream().map(x -> graph.own("jvp", x)).toList();
    List<Value> given = tangents.stream().map(tangent -> graph.own("jvp", tangent)).toList();
    NoDerivative.checkFloating("jvp", value, inputs);
    if (inputs.isEmpty() || inputs.size() != given.size()) {
      throw new GraphException(
          "jvp: takes a tangent for each x: "
              + inputs.size()
              + " xs, "
              + given.size()
              + " tangents");
    }
    for (int i = 0; i < inputs.size(); i++) {
      Gradients.checkLike("jvp", inputs.get(i), given.get(i));
    }
    return graph.asDerivative(() -> {
      Map<Value, Expr> start = new HashMap<>();
      for (int i = 0; i < inputs.size(); i++) {
        start.merge(inputs.get(i), given.get(i), (sum, more) -> sum.plus(more));
      }
      Optional<Expr> found = within(List.of(value), start, any -> false).getFirst();
      if (found.isEmpty() && !isMadeOfDerivatives(value)) {
        throw NoDerivative.because("jvp", value, inputs.getFirst());
      }
      return found.orElseGet(() -> Gradients.zeros(value));
    });
  }

  private static boolean isMadeOfDerivatives(Value y) {
    return Body.of(List.of(y)).equations().stream()
        .anyMatch(equation -> y.graph().isDerivative(equation.result()));
  }

  /**
   * The tangents of {@code ys}; empty where 0.
   *
   * @param isLeaf which values count as given: what lies behind them is not looked at
   */
  public static List<Optional<Expr>> within(
      List<Value> ys, Map<Value, Expr> start, Predicate<Value> isLeaf) {
    var forward = new Tangents();
    forward.tangents.putAll(start);
    for (Equation equation : Body.of(ys, isLeaf).equations()) {
      forward.push(equation);
    }
    return ys.stream().map(y -> Optional.ofNullable(forward.tangents.get(y))).toList();
  }

  private Optional<Expr> tangent(Value value) {
    return Optional.ofNullable(tangents.get(value));
  }

  private void push(Equation equation) {
    Value result = equation.result();
    if (equation.op() instanceof Part part) {
      List<Optional<Expr>> all = parts.get(equation.operands().getFirst());
      if (all != null) {
        all.get(part.number()).ifPresent(tangent -> add(result, tangent));
      }
      return;
    }
    List<Optional<Expr>> given = equation.operands().stream().map(this::tangent).toList();
    if (given.stream().allMatch(Optional::isEmpty) || !equation.op().isDifferentiable()) {
      return;
    }
    if (equation.op() instanceof Bundle bundle) {
      List<Optional<Expr>> own = bundle.pushForward(result, given);
      parts.put(result, own.isEmpty() ? transposed(equation, bundle, given) : own);
    } else if (result.dtype().isFloating()) {
      tangent(equation, given).ifPresent(tangent -> add(result, tangent));
    }
  }

  private void add(Value value, Expr tangent) {
    tangents.merge(value, tangent, (sum, more) -> sum.plus(more));
  }

  private static Optional<Expr> tangent(Equation equation, List<Optional<Expr>> given) {
    Graph graph = equation.result().graph();
    if (equation.op().isLinear()) {
      List<Expr> operands = new ArrayList<>();
      for (int i = 0; i < given.size(); i++) {
        Value operand = equation.operands().get(i);
        operands.add(given.get(i).orElseGet(() -> Gradients.zeros(operand)));
      }
      return Optional.of(graph.apply(equation.op(), operands));
    }
    Value any = any(equation.result());
    var call = new Op.Call(List.copyOf(equation.operands()), equation.result(), any);
    var pulled = new ArrayList<Value>();
    var weights = new ArrayList<Expr>();
    for (int i = 0; i < given.size(); i++) {
      int operand = i;
      given
          .get(i)
          .ifPresent(tangent ->
              equation
                  .op()
                  .vjp(operand, call)
                  .ifPresent(back -> {
                    pulled.add((Value) back);
                    weights.add(tangent);
                  }));
    }
    return transposed(pulled, List.of(any), weights).getFirst();
  }

  private static List<Optional<Expr>> transposed(
      Equation equation, Bundle bundle, List<Optional<Expr>> given) {
    var anys = new ArrayList<Value>();
    var numbers = new ArrayList<Integer>();
    var cotangents = new ArrayList<Optional<Expr>>();
    for (int number = 0; number < bundle.parts(); number++) {
      Optional<Expr> any =
          bundle.part(number, List.copyOf(equation.operands())).dtype().isFloating()
              ? Optional.of(any((Value) bundle.take(equation.result(), number)))
              : Optional.empty();
      cotangents.add(any);
      int at = number;
      any.ifPresent(found -> {
        anys.add((Value) found);
        numbers.add(at);
      });
    }
    List<Boolean> wanted = given.stream().map(Optional::isPresent).toList();
    List<Optional<Expr>> back =
        bundle.pullBack(
            new Bundle.Flow(
                List.copyOf(equation.operands()), equation.result(), cotangents, wanted));
    var pulled = new ArrayList<Value>();
    var weights = new ArrayList<Expr>();
    for (int i = 0; i < given.size(); i++) {
      if (given.get(i).isPresent() && back.get(i).isPresent()) {
        pulled.add((Value) back.get(i).orElseThrow());
        weights.add(given.get(i).orElseThrow());
      }
    }
    List<Optional<Expr>> found = transposed(pulled, anys, weights);
    List<Optional<Expr>> result = new ArrayList<>(cotangents);
    result.replaceAll(none -> Optional.empty());
    for (int i = 0; i < numbers.size(); i++) {
      result.set(numbers.get(i), found.get(i));
    }
    return result;
  }

  /** A value that stands for any cotangent of {@code like}; in the end nothing depends on it. */
  private static Value any(Value like) {
    return (Value) ElementwiseFunctions.stopGradient(Gradients.zeros(like));
  }

  /** What {@code pulled}, linear in {@code anys}, gives back for {@code weights}. */
  private static List<Optional<Expr>> transposed(
      List<Value> pulled, List<Value> anys, List<Expr> weights) {
    int first = anys.stream().mapToInt(Value::id).min().orElse(0);
    Predicate<Value> isOlder = value -> value.id() <= first;
    return Gradients.within(pulled, anys, weights, isOlder);
  }
}
