package dev.millrace.flow;

import dev.millrace.grad.Gradients;
import dev.millrace.grad.Tangents;
import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.op.Bundle;
import dev.millrace.op.Definition;
import dev.millrace.op.Expr;
import dev.millrace.op.Region;
import dev.millrace.op.Type;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Unification;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * One of two regions, or, with one alone, a call of it: see {@link Definition.Choice}. Its
 * derivatives are choices with the same condition, which compute the region once more: that is all
 * that a checkpoint is.
 */
record Branch(String name, List<Region> regions) implements Bundle {
  @Override
  public int parts() {
    return regions.getFirst().results().size();
  }

  @Override
  public Type infer(List<Expr> operands, Unification dims) {
    return new Type(DType.BOOL, Shape.SCALAR);
  }

  @Override
  public Type part(int number, List<Expr> operands) {
    return regions.getFirst().results().get(number).type();
  }

  @Override
  public Definition define(List<Type> operands, Type result) {
    return new Definition.Choice(regions);
  }

  /** The value of a choice between {@code regions}. */
  static Expr apply(String name, Graph graph, Optional<Expr> condition, List<Region> regions) {
    var operands = new ArrayList<Expr>();
    condition.ifPresent(operands::add);
    regions.forEach(region -> operands.addAll(region.captures()));
    return graph.apply(new Branch(name, regions), operands);
  }

  /** A region of what {@code recording} records and of what {@code isInside} besides. */
  static Region record(
      Graph graph, Predicate<Value> isInside, Supplier<? extends List<? extends Expr>> recording) {
    int first = graph.size();
    List<Value> results = Regions.values(recording.get());
    return Regions.ofCall(
        results,
        value ->
            isInside.test(value) || (value.id() >= first && value.kind() == Value.Kind.RESULT));
  }

  private Optional<Expr> condition(List<Expr> operands) {
    return regions.size() == 1 ? Optional.empty() : Optional.of(operands.getFirst());
  }

  /** Captures of a region that have a cotangent or tangent, by what is known of the operands. */
  private int firstCapture(int region) {
    int first = regions.size() == 1 ? 0 : 1;
    for (Region before : regions.subList(0, region)) {
      first += before.captures().size();
    }
    return first;
  }

  @Override
  public List<Optional<Expr>> pullBack(Flow flow) {
    Graph graph = ((Value) flow.bundle()).graph();
    var wanted = new LinkedHashSet<Value>();
    for (int region = 0; region < regions.size(); region++) {
      List<Expr> captures = regions.get(region).captures();
      for (int i = 0; i < captures.size(); i++) {
        Value capture = (Value) captures.get(i);
        if (flow.wanted().get(firstCapture(region) + i) && capture.dtype().isFloating()) {
          wanted.add(capture);
        }
      }
    }
    List<Value> inputs = List.copyOf(wanted);
    List<Optional<Expr>> found = new ArrayList<>();
    flow.operands().forEach(operand -> found.add(Optional.empty()));
    if (inputs.isEmpty()) {
      return found;
    }
    List<Region> back =
        regions.stream().map(region -> pullBack(graph, region, flow, inputs)).toList();
    Expr bundle = apply(name, graph, condition(flow.operands()), back);
    Bundle choice = (Bundle) bundle.op().orElseThrow();
    // The parts are by value: the first operand that is this value gets it, for all.
    for (int i = 0; i < inputs.size(); i++) {
      found.set(firstOperand(inputs.get(i)), Optional.of(choice.take(bundle, i)));
    }
    return found;
  }

  private int firstOperand(Value capture) {
    for (int region = 0; region < regions.size(); region++) {
      int at = regions.get(region).captures().indexOf(capture);
      if (at >= 0) {
        return firstCapture(region) + at;
      }
    }
    throw new IllegalArgumentException(capture.toString());
  }

  private static Region pullBack(Graph graph, Region region, Flow flow, List<Value> inputs) {
    Set<Value> again = Regions.computed(region);
    return record(
        graph,
        again::contains,
        () -> {
          List<Value> results = new ArrayList<>();
          List<Expr> incoming = new ArrayList<>();
          for (int part = 0; part < flow.cotangents().size(); part++) {
            if (flow.cotangents().get(part).isPresent()) {
              results.add((Value) region.results().get(part));
              incoming.add(flow.cotangents().get(part).orElseThrow());
            }
          }
          List<Optional<Expr>> found =
              Gradients.within(results, inputs, incoming, Regions.boundary(region));
          List<Expr> cotangents = new ArrayList<>();
          for (int i = 0; i < inputs.size(); i++) {
            Value input = inputs.get(i);
            cotangents.add(found.get(i).orElseGet(() -> Flow.zerosLike(input)));
          }
          return cotangents;
        });
  }

  @Override
  public List<Optional<Expr>> pushForward(Expr bundle, List<Optional<Expr>> tangents) {
    Graph graph = ((Value) bundle).graph();
    List<Optional<Expr>> parts = new ArrayList<>();
    List<Integer> floating = new ArrayList<>();
    for (int part = 0; part < parts(); part++) {
      parts.add(Optional.empty());
      if (regions.getFirst().results().get(part).dtype().isFloating()) {
        floating.add(part);
      }
    }
    List<Region> forward = new ArrayList<>();
    for (int region = 0; region < regions.size(); region++) {
      forward.add(pushForward(graph, region, tangents, floating));
    }
    Expr pushed = apply(name, graph, condition(bundle.operands()), forward);
    Bundle choice = (Bundle) pushed.op().orElseThrow();
    for (int i = 0; i < floating.size(); i++) {
      parts.set(floating.get(i), Optional.of(choice.take(pushed, i)));
    }
    return parts;
  }

  private Region pushForward(
      Graph graph, int number, List<Optional<Expr>> tangents, List<Integer> floating) {
    Region region = regions.get(number);
    Set<Value> again = Regions.computed(region);
    Map<Value, Expr> start = new HashMap<>();
    for (int i = 0; i < region.captures().size(); i++) {
      Value capture = (Value) region.captures().get(i);
      tangents.get(firstCapture(number) + i).ifPresent(tangent -> start.put(capture, tangent));
    }
    List<Value> results =
        floating.stream().map(part -> (Value) region.results().get(part)).toList();
    return record(
        graph,
        again::contains,
        () -> {
          List<Optional<Expr>> found = Tangents.within(results, start, Regions.boundary(region));
          List<Expr> pushed = new ArrayList<>();
          for (int i = 0; i < results.size(); i++) {
            Value result = results.get(i);
            pushed.add(found.get(i).orElseGet(() -> Flow.zerosLike(result)));
          }
          return pushed;
        });
  }

  @Override
  public String toString() {
    return name + " " + regions;
  }
}
