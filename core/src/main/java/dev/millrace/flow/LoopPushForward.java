package dev.millrace.flow;

import dev.millrace.grad.Tangents;
import dev.millrace.graph.Value;
import dev.millrace.op.Bundle;
import dev.millrace.op.Expr;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The loop that carries tangents beside the states of a loop. */
final class LoopPushForward {
  private final Loop loop;
  private final List<Expr> operands;
  private final List<Optional<Expr>> tangents;
  private final LoopBuilder forward;
  private final Map<Value, Expr> start = new HashMap<>();
  private final List<Integer> carried = new ArrayList<>();

  LoopPushForward(Loop loop, Expr bundle, List<Optional<Expr>> tangents) {
    this.loop = loop;
    this.operands = bundle.operands();
    this.tangents = tangents;
    this.forward = LoopBuilder.like(loop);
  }

  List<Optional<Expr>> record() {
    if (loop.counted()) {
      forward.times(Optional.of(operands.getFirst()));
    }
    return loop.iteration().graph().inLoop(loop.iteration(), this::recordIteration);
  }

  private List<Optional<Expr>> recordIteration() {
    addStates();
    addElements();
    List<Expr> captures = loop.body().captures();
    for (int i = 0; i < captures.size(); i++) {
      Value capture = (Value) captures.get(i);
      tangents.get(loop.firstCapture() + i).ifPresent(tangent -> start.put(capture, tangent));
    }
    List<Value> results = Regions.values(loop.body().results());
    List<Optional<Expr>> found = Tangents.within(results, start, Regions.boundary(loop.body()));
    List<Expr> next = new ArrayList<>(loop.body().results().subList(0, loop.states()));
    for (int state : carried) {
      next.add(found.get(state).orElseGet(() -> Bundle.Flow.zerosLike(loop.parameter(state))));
    }
    List<Expr> outputs = new ArrayList<>();
    for (Optional<Expr> output : found.subList(loop.states(), found.size())) {
      output.ifPresent(outputs::add);
    }
    Optional<Expr> condition = loop.condition().results().stream().findFirst();
    return parts(forward.build(next, outputs, condition), found);
  }

  private void addStates() {
    for (int state = 0; state < loop.states(); state++) {
      forward.state(loop.parameter(state), operands.get(loop.firstState() + state));
    }
    for (int state = 0; state < loop.states(); state++) {
      Value parameter = loop.parameter(state);
      if (parameter.dtype().isFloating()) {
        Expr first =
            tangents
                .get(loop.firstState() + state)
                .orElseGet(() -> Bundle.Flow.zerosLike(parameter));
        start.put(parameter, forward.state("tangent", first));
        carried.add(state);
      }
    }
  }

  private void addElements() {
    for (int element = 0; element < loop.elements(); element++) {
      Value parameter = loop.parameter(loop.states() + element);
      int operand = loop.firstState() + loop.states() + element;
      forward.element(parameter, operands.get(operand));
      tangents
          .get(operand)
          .ifPresent(tangent -> start.put(parameter, forward.element("tangent", tangent)));
    }
  }

  private List<Optional<Expr>> parts(LoopBuilder.Built built, List<Optional<Expr>> found) {
    List<Optional<Expr>> parts = new ArrayList<>();
    for (int state = 0; state < loop.states(); state++) {
      int at = carried.indexOf(state);
      parts.add(at < 0 ? Optional.empty() : Optional.of(built.part(loop.states() + at)));
    }
    int output = 0;
    for (Optional<Expr> tangent : found.subList(loop.states(), found.size())) {
      parts.add(tangent.isPresent() ? Optional.of(built.output(output++)) : Optional.empty());
    }
    for (int state = 0; state < loop.states(); state++) {
      int at = carried.indexOf(state);
      boolean has = at >= 0 && loop.length().isPresent();
      parts.add(
          has ? Optional.of(built.part(built.loop().stack(loop.states() + at))) : Optional.empty());
    }
    parts.add(Optional.empty());
    return parts;
  }
}
