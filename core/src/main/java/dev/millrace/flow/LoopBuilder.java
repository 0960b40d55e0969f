package dev.millrace.flow;

import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.op.Expr;
import dev.millrace.op.Region;
import dev.millrace.op.Type;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** A loop while it is put together: its states and elements with their parameters. */
final class LoopBuilder {
  private final String name;
  private final Graph graph;
  private final Value iteration;
  private final List<Value> states = new ArrayList<>();
  private final List<Expr> initial = new ArrayList<>();
  private final List<Value> elements = new ArrayList<>();
  private final List<Expr> sliced = new ArrayList<>();
  private Optional<Expr> trips = Optional.empty();
  private Optional<Dim> length = Optional.empty();
  private boolean backward;

  /** A loop of its own. */
  LoopBuilder(String name, Graph graph) {
    this(name, graph, graph.parameter("iteration", new Type(DType.INT64, Shape.SCALAR)));
  }

  private LoopBuilder(String name, Graph graph, Value iteration) {
    this.name = name;
    this.graph = graph;
    this.iteration = iteration;
  }

  /** A loop over the iterations of {@code other}, with its parameters. */
  static LoopBuilder like(Loop other) {
    var builder = new LoopBuilder(other.name(), other.iteration().graph(), other.iteration());
    builder.length = other.length();
    builder.backward = other.backward();
    return builder;
  }

  LoopBuilder times(Optional<Expr> number) {
    trips = number;
    return this;
  }

  LoopBuilder length(Dim most) {
    length = Optional.of(most);
    return this;
  }

  LoopBuilder backward(boolean isBackward) {
    backward = isBackward;
    return this;
  }

  /** A new parameter for a state that starts as {@code first}. */
  Value state(String parameter, Expr first) {
    Value state = graph.parameter(parameter, first.type());
    state(state, first);
    return state;
  }

  /** The state of {@code parameter}, which starts as {@code first}. */
  void state(Value parameter, Expr first) {
    states.add(parameter);
    initial.add(first);
  }

  /** A new parameter for slices of {@code whole} along axis 0. */
  Value element(String parameter, Expr whole) {
    Type slice = new Type(whole.dtype(), whole.shape().without(0));
    Value element = graph.parameter(parameter, slice);
    element(element, whole);
    return element;
  }

  /** The slices of {@code whole} for {@code parameter}. */
  void element(Value parameter, Expr whole) {
    elements.add(parameter);
    sliced.add(whole);
  }

  Value iteration() {
    return iteration;
  }

  int states() {
    return states.size();
  }

  /** The loop with what an iteration computes; its value. */
  Built build(List<Expr> next, List<Expr> outputs, Optional<Expr> condition) {
    var results = new ArrayList<Value>(Regions.values(next));
    results.addAll(Regions.values(outputs));
    dropUnused(results, condition);
    var parameters = new ArrayList<Value>(List.of(iteration));
    parameters.addAll(states);
    parameters.addAll(elements);
    Region body = Regions.ofLoop(parameters, results);
    Region test =
        Regions.ofLoop(parameters, condition.map(c -> List.of((Value) c)).orElse(List.of()));
    var loop =
        new Loop(
            name, body, test, states.size(), elements.size(), trips.isPresent(), length, backward);
    var operands = new ArrayList<Expr>();
    trips.ifPresent(operands::add);
    operands.addAll(initial);
    operands.addAll(sliced);
    operands.addAll(body.captures());
    operands.addAll(test.captures());
    return new Built(loop, graph.apply(loop, operands));
  }

  /** Elements that no result depends on are not cut into slices. */
  private void dropUnused(List<Value> results, Optional<Expr> condition) {
    var wanted = new ArrayList<Value>(results);
    condition.ifPresent(c -> wanted.add((Value) c));
    int first = Math.min(iteration.id(), elements.stream().mapToInt(Value::id).min().orElse(0));
    var used = new HashSet<Value>(wanted);
    dev.millrace.graph.Body.of(wanted, value -> value.id() < first)
        .equations()
        .forEach(equation -> used.addAll(equation.operands()));
    for (int i = elements.size() - 1; i >= 0; i--) {
      if (!used.contains(elements.get(i))) {
        elements.remove(i);
        sliced.remove(i);
      }
    }
  }

  /** A loop and its value. */
  record Built(Loop loop, Expr bundle) {
    Expr part(int number) {
      return loop.take(bundle, number);
    }

    /** All of output {@code number}. */
    Expr output(int number) {
      return part(loop.states() + number);
    }
  }
}
