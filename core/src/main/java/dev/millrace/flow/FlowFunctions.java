package dev.millrace.flow;

import dev.millrace.graph.Graph;
import dev.millrace.graph.GraphException;
import dev.millrace.graph.Value;
import dev.millrace.op.AttentionFunctions;
import dev.millrace.op.Bundle;
import dev.millrace.op.Expr;
import dev.millrace.op.Region;
import dev.millrace.op.Type;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Control flow: functions on symbolic values that are recorded once and run as often as a run's
 * data say. All have derivatives of any order in both modes; dims may be unknown, but shapes and
 * types of states stay what they are. Memory and time do not depend on recursion.
 *
 * <p>Values from outside can be used inside. What a loop's body computes from them alone is
 * computed once, before the loop; random numbers are drawn anew in each iteration. A derivative of
 * reverse mode computes each iteration or branch once more instead of keeping what lies inside of
 * it.
 */
public class FlowFunctions extends AttentionFunctions {
  /** For the class that gathers all functions. */
  protected FlowFunctions() {}

  /**
   * The value of {@code then} where {@code condition}, a bool scalar, is true in a run, else that
   * of {@code otherwise}; the other one is not computed. Where the condition has elements of its
   * own, see select.
   *
   * @throws DTypeException if the condition is not bool, or the values' types differ
   * @throws ShapeException if the condition is no scalar, or the values' shapes differ
   */
  public static Expr cond(Expr condition, Supplier<Expr> then, Supplier<Expr> otherwise) {
    return condAll(condition, () -> List.of(then.get()), () -> List.of(otherwise.get())).getFirst();
  }

  /** As {@link #cond}, with several values. */
  public static List<Expr> condAll(
      Expr condition, Supplier<List<Expr>> then, Supplier<List<Expr>> otherwise) {
    Graph graph = graph("cond", condition);
    checkCondition("cond", condition);
    Region first = Branch.record(graph, value -> false, then);
    Region second = Branch.record(graph, value -> false, otherwise);
    checkCount("cond", "values of each branch", first.results().size(), second.results().size());
    for (int i = 0; i < first.results().size(); i++) {
      Value one = (Value) first.results().get(i);
      checkSame("cond", "both branches must give the same type", one, second.results().get(i));
    }
    return parts(Branch.apply("cond", graph, Optional.of(condition), List.of(first, second)));
  }

  /**
   * The value of {@code function}, which a derivative of reverse mode computes once more instead of
   * keeping what lies inside: less memory for more time.
   */
  public static Expr checkpoint(UnaryOperator<Expr> function, Expr x) {
    Graph graph = graph("checkpoint", x);
    Region region = Branch.record(graph, value -> false, () -> List.of(function.apply(x)));
    return parts(Branch.apply("checkpoint", graph, Optional.empty(), List.of(region))).getFirst();
  }

  /**
   * The state after as many iterations as {@code condition} is true of it: {@code while
   * (condition(s)) s = body(s)}. There is no limit to their number, and for lack of one no
   * derivative of reverse mode; jvp works.
   *
   * @throws DTypeException if the condition is not bool, or a state changes its type
   * @throws ShapeException if the condition is no scalar, or a state changes its shape
   */
  public static List<Expr> whileLoop(
      Function<List<Expr>, Expr> condition,
      UnaryOperator<List<Expr>> body,
      List<? extends Expr> initial) {
    return whileLoop(condition, body, initial, Optional.empty());
  }

  /**
   * As {@link #whileLoop(Function, UnaryOperator, List)} with at most {@code most} iterations, for
   * which derivatives of reverse mode reserve memory: a state each.
   */
  public static List<Expr> whileLoop(
      Function<List<Expr>, Expr> condition,
      UnaryOperator<List<Expr>> body,
      List<? extends Expr> initial,
      long most) {
    if (most < 0) {
      throw new ShapeException("whileLoop: the most iterations must be 0 or more, found " + most);
    }
    return whileLoop(condition, body, initial, Optional.of(Dim.of(most)));
  }

  /** {@link #whileLoop(Function, UnaryOperator, List)} with one state. */
  public static Expr whileLoop(
      UnaryOperator<Expr> condition, UnaryOperator<Expr> body, Expr initial) {
    return whileLoop(
            states -> condition.apply(states.getFirst()),
            states -> List.of(body.apply(states.getFirst())),
            List.of(initial),
            Optional.empty())
        .getFirst();
  }

  private static List<Expr> whileLoop(
      Function<List<Expr>, Expr> condition,
      UnaryOperator<List<Expr>> body,
      List<? extends Expr> initial,
      Optional<Dim> most) {
    checkSome("whileLoop", "state", initial);
    Graph graph = graph("whileLoop", initial.getFirst());
    var builder = new LoopBuilder("whileLoop", graph);
    most.ifPresent(builder::length);
    List<Expr> states = new ArrayList<>();
    initial.forEach(first -> states.add(builder.state("state", graph.own("whileLoop", first))));
    return graph.inLoop(
        builder.iteration(),
        () -> {
          Expr goesOn = graph.own("whileLoop", condition.apply(List.copyOf(states)));
          checkCondition("whileLoop", goesOn);
          List<Expr> next = body.apply(List.copyOf(states));
          checkStates("whileLoop", states, next);
          LoopBuilder.Built built = builder.build(next, List.of(), Optional.of(goesOn));
          return parts(built.bundle()).subList(0, states.size());
        });
  }

  /**
   * The states after {@code times} iterations of {@code body}, which is given the number of the
   * iteration as an int64 scalar, from 0, and the states.
   */
  public static List<Expr> forLoop(
      long times, BiFunction<Expr, List<Expr>, List<Expr>> body, List<? extends Expr> initial) {
    if (times < 0) {
      throw new ShapeException("forLoop: there must be 0 iterations or more, found " + times);
    }
    checkSome("forLoop", "state", initial);
    Graph graph = graph("forLoop", initial.getFirst());
    var builder = new LoopBuilder("forLoop", graph).length(Dim.of(times));
    return scan(
            builder,
            "forLoop",
            initial,
            List.of(),
            (states, none) -> new Scanned(body.apply(builder.iteration(), states), List.of()))
        .states();
  }

  /**
   * Carries states along axis 0 of {@code elements}: {@code body} is given the states and a slice
   * of each, and gives the next states and outputs. Their number is the extent of that axis, which
   * may be unknown and the same for all.
   *
   * @return the last states, and the outputs as {@code [iterations, ...]}
   * @throws DTypeException if a state changes its type
   * @throws ShapeException if a state changes its shape, or the elements' first dims differ
   */
  public static Scanned scan(
      BiFunction<List<Expr>, List<Expr>, Scanned> body,
      List<? extends Expr> initial,
      List<? extends Expr> elements) {
    checkSome("scan", "tensor of elements", elements);
    Graph graph = graph("scan", elements.getFirst());
    return scan(new LoopBuilder("scan", graph), "scan", initial, elements, body);
  }

  /**
   * All states that {@code s = body(s, x)} goes through for the slices x of {@code elements} along
   * axis 0, from {@code initial} on, which is not among them: {@code [n, ...]}.
   */
  public static Expr scan(BinaryOperator<Expr> body, Expr initial, Expr elements) {
    return scan(
            (states, slices) -> {
              Expr next = body.apply(states.getFirst(), slices.getFirst());
              return Scanned.of(next, next);
            },
            List.of(initial),
            List.of(elements))
        .output(0);
  }

  /** {@code function} of each slice of x along axis 0: {@code [n, ...] -> [n, ...]}. */
  public static Expr map(UnaryOperator<Expr> function, Expr x) {
    Graph graph = graph("map", x);
    return scan(
            new LoopBuilder("map", graph),
            "map",
            List.of(),
            List.of(x),
            (none, slices) -> new Scanned(List.of(), List.of(function.apply(slices.getFirst()))))
        .output(0);
  }

  static Scanned scan(
      LoopBuilder builder,
      String op,
      List<? extends Expr> initial,
      List<? extends Expr> elements,
      BiFunction<List<Expr>, List<Expr>, Scanned> body) {
    List<? extends Expr> all = elements.isEmpty() ? initial : elements;
    Graph graph = graph(op, all.getFirst());
    if (!elements.isEmpty()) {
      builder.length(commonLength(op, graph, elements));
    }
    List<Expr> states = new ArrayList<>();
    initial.forEach(first -> states.add(builder.state("state", graph.own(op, first))));
    List<Expr> slices = new ArrayList<>();
    elements.forEach(whole -> slices.add(builder.element("element", graph.own(op, whole))));
    return graph.inLoop(
        builder.iteration(),
        () -> {
          Scanned iteration = body.apply(List.copyOf(states), List.copyOf(slices));
          checkStates(op, states, iteration.states());
          iteration.outputs().forEach(output -> graph.own(op, output));
          LoopBuilder.Built built =
              builder.build(iteration.states(), iteration.outputs(), Optional.empty());
          List<Expr> parts = parts(built.bundle());
          int outputs = states.size() + iteration.outputs().size();
          return new Scanned(
              parts.subList(0, states.size()), parts.subList(states.size(), outputs));
        });
  }

  private static Dim commonLength(String op, Graph graph, List<? extends Expr> elements) {
    Expr first = elements.getFirst();
    for (Expr whole : elements) {
      if (whole.shape().rank() == 0) {
        throw new ShapeException(
            op + ": a scalar has no axis to go along: " + Messages.describe(whole));
      }
      Shape mine = Shape.of(whole.shape().dim(0));
      if (!graph.unify(mine, Shape.of(first.shape().dim(0)))) {
        throw new ShapeException(
            op
                + ": the first dims must agree: "
                + Messages.describe(first)
                + ", "
                + Messages.describe(whole));
      }
    }
    return first.shape().dim(0);
  }

  private static List<Expr> parts(Expr bundle) {
    Bundle op = (Bundle) bundle.op().orElseThrow();
    int wanted = op instanceof Loop loop ? loop.states() + loop.outputs() : op.parts();
    List<Expr> parts = new ArrayList<>();
    for (int number = 0; number < wanted; number++) {
      parts.add(op.take(bundle, number));
    }
    return parts;
  }

  static Graph graph(String op, Expr expression) {
    if (expression instanceof Value value) {
      return value.graph();
    }
    throw new GraphException(op + ": '" + expression.name() + "' is no value of a graph");
  }

  private static void checkSome(String op, String what, List<? extends Expr> given) {
    if (given.isEmpty()) {
      throw new GraphException(op + ": takes one " + what + " or more, found none");
    }
  }

  private static void checkCondition(String op, Expr condition) {
    if (condition.dtype() != DType.BOOL) {
      throw new DTypeException(
          op
              + ": the condition must be bool: "
              + Messages.describe(condition)
              + "; make it with a comparison such as less(x, y)");
    }
    if (condition.shape().rank() != 0) {
      throw new ShapeException(
          op
              + ": the condition must be a scalar: "
              + Messages.describe(condition)
              + "; reduceAll or reduceAny makes one of it, select chooses element by element");
    }
  }

  private static void checkCount(String op, String what, int one, int other) {
    if (one != other) {
      throw new GraphException(
          op + ": the numbers of " + what + " must agree, found " + one + " and " + other);
    }
  }

  private static void checkStates(String op, List<Expr> states, List<Expr> next) {
    checkCount(op, "states that the body is given and gives", states.size(), next.size());
    for (int i = 0; i < states.size(); i++) {
      checkSame(op, "a state must stay of one type", (Value) states.get(i), next.get(i));
    }
  }

  private static void checkSame(String op, String rule, Value one, Expr given) {
    Value other = one.graph().own(op, given);
    Type type = one.type();
    String found = Messages.describe(one) + ", " + Messages.describe(other);
    if (type.dtype() != other.dtype()) {
      throw new DTypeException(
          op + ": " + rule + ": " + found + "; convert one with cast(x, " + type.dtype() + ")");
    }
    if (type.shape().rank() != other.shape().rank()
        || !one.graph().unify(type.shape(), other.shape())) {
      throw new ShapeException(op + ": " + rule + ": " + found);
    }
  }
}
