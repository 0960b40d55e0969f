package dev.millrace.flow;

import dev.millrace.grad.Gradients;
import dev.millrace.graph.Value;
import dev.millrace.op.Bundle;
import dev.millrace.op.Expr;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The loop that goes back through a loop's iterations. Its states are the cotangents of the loop's
 * states and, as sums, those of the captures; its elements are what the loop's iterations began
 * with. Its outputs are the cotangents of the elements.
 */
final class LoopPullBack {
  private final Loop loop;
  private final Bundle.Flow flow;
  private final LoopBuilder back;

  /** Cotangents that flow into an iteration's results: by the result. */
  private final List<Value> results = new ArrayList<>();

  private final List<Expr> incoming = new ArrayList<>();

  /** What is differentiated by: states, elements and captures that count. */
  private final List<Value> inputs = new ArrayList<>();

  private final Map<Integer, Value> stateCotangents = new HashMap<>();
  private final Map<Integer, Value> sums = new HashMap<>();
  private final Map<Integer, Value> stackCotangents = new HashMap<>();

  LoopPullBack(Loop loop, Bundle.Flow flow) {
    this.loop = loop;
    this.flow = flow;
    this.back = LoopBuilder.like(loop).backward(!loop.backward());
  }

  List<Optional<Expr>> record() {
    boolean varies = !loop.condition().results().isEmpty();
    if (loop.counted()) {
      back.times(Optional.of(flow.operand(0)));
    } else if (varies) {
      back.times(Optional.of(flow.part(loop.count())));
    }
    return loop.iteration().graph().inLoop(loop.iteration(), this::recordIteration);
  }

  private List<Optional<Expr>> recordIteration() {
    addStates();
    addSums();
    addElements();
    List<Optional<Expr>> found =
        Gradients.within(results, inputs, incoming, Regions.boundary(loop.body()));
    Map<Value, Expr> cotangents = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      Value input = inputs.get(i);
      found.get(i).ifPresent(cotangent -> cotangents.put(input, cotangent));
    }
    return finish(cotangents);
  }

  private void addStates() {
    for (int state = 0; state < loop.states(); state++) {
      Value parameter = loop.parameter(state);
      if (parameter.dtype().isFloating()) {
        Value cotangent = back.state("cotangent", flow.cotangent(state));
        stateCotangents.put(state, cotangent);
        results.add((Value) loop.body().results().get(state));
        incoming.add(cotangent);
        inputs.add(parameter);
      }
    }
  }

  private void addSums() {
    List<Expr> captures = loop.body().captures();
    for (int i = 0; i < captures.size(); i++) {
      Value capture = (Value) captures.get(i);
      int operand = loop.firstCapture() + i;
      if (flow.wanted().get(operand) && capture.dtype().isFloating()) {
        Expr zero = Bundle.Flow.zerosLike(flow.operand(operand));
        sums.put(i, back.state("sum", zero));
        inputs.add(capture);
      }
    }
  }

  private void addElements() {
    for (int output = 0; output < loop.outputs(); output++) {
      Optional<Expr> cotangent = flow.cotangents().get(loop.states() + output);
      if (cotangent.isPresent()) {
        results.add((Value) loop.body().results().get(loop.states() + output));
        incoming.add(back.element("cotangent", cotangent.get()));
      }
    }
    for (int state = 0; state < loop.states(); state++) {
      back.element(loop.parameter(state), flow.part(loop.stack(state)));
      Optional<Expr> cotangent = flow.cotangents().get(loop.stack(state));
      if (cotangent.isPresent()) {
        stackCotangents.put(state, back.element("cotangent", cotangent.get()));
      }
    }
    for (int element = 0; element < loop.elements(); element++) {
      Value parameter = loop.parameter(loop.states() + element);
      int operand = loop.firstState() + loop.states() + element;
      back.element(parameter, flow.operand(operand));
      if (flow.wanted().get(operand) && parameter.dtype().isFloating()) {
        inputs.add(parameter);
      }
    }
  }

  private List<Optional<Expr>> finish(Map<Value, Expr> cotangents) {
    List<Expr> next = new ArrayList<>();
    for (int state = 0; state < loop.states(); state++) {
      if (stateCotangents.containsKey(state)) {
        Value parameter = loop.parameter(state);
        Expr cotangent = cotangents.getOrDefault(parameter, Bundle.Flow.zerosLike(parameter));
        Value more = stackCotangents.get(state);
        next.add(more == null ? cotangent : cotangent.plus(more));
      }
    }
    List<Expr> captures = loop.body().captures();
    for (int i = 0; i < captures.size(); i++) {
      Value sum = sums.get(i);
      if (sum != null) {
        Expr more = cotangents.get((Value) captures.get(i));
        next.add(more == null ? sum : sum.plus(more));
      }
    }
    List<Expr> outputs = new ArrayList<>();
    for (int element = 0; element < loop.elements(); element++) {
      Expr cotangent = cotangents.get(loop.parameter(loop.states() + element));
      if (cotangent != null && isWantedElement(element)) {
        outputs.add(cotangent);
      }
    }
    return operands(back.build(next, outputs, Optional.empty()), cotangents);
  }

  private boolean isWantedElement(int element) {
    return flow.wanted().get(loop.firstState() + loop.states() + element);
  }

  /** The cotangent of each operand as a part of the loop that goes back. */
  private List<Optional<Expr>> operands(LoopBuilder.Built built, Map<Value, Expr> cotangents) {
    List<Optional<Expr>> found = new ArrayList<>();
    if (loop.counted()) {
      found.add(Optional.empty());
    }
    int state = 0;
    for (int i = 0; i < loop.states(); i++) {
      found.add(
          stateCotangents.containsKey(i) ? Optional.of(built.part(state++)) : Optional.empty());
    }
    int output = 0;
    for (int i = 0; i < loop.elements(); i++) {
      boolean has = isWantedElement(i) && cotangents.containsKey(loop.parameter(loop.states() + i));
      found.add(has ? Optional.of(built.output(output++)) : Optional.empty());
    }
    for (int i = 0; i < loop.body().captures().size(); i++) {
      found.add(sums.containsKey(i) ? Optional.of(built.part(state++)) : Optional.empty());
    }
    while (found.size() < flow.operands().size()) {
      found.add(Optional.empty());
    }
    return found;
  }
}
