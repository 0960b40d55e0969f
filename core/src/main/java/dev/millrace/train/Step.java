package dev.millrace.train;

import dev.millrace.graph.Action;
import dev.millrace.graph.Graph;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.Optional;

/** What all variables of one step have in common: its number and its learning rate. */
public final class Step {
  private final Graph graph;
  private final Schedule schedule;
  private Optional<Variable> counter = Optional.empty();

  Step(Graph graph, Schedule schedule) {
    this.graph = graph;
    this.schedule = schedule;
  }

  /**
   * The number of the step from 1, a float64 scalar. A rule that never asks has no variable for it.
   */
  public Expr number() {
    return counter().plus(1);
  }

  /** Whether this is the first step; a bool scalar. */
  public Expr isFirst() {
    return counter().equalTo(graph.constant(Tensor.scalar(0.0)));
  }

  /** The learning rate, a scalar of this type. */
  public Expr rate(DType dtype) {
    if (schedule instanceof Schedule.Constant constant) {
      return graph.constant(Tensor.filled(dtype, Shape.SCALAR, constant.rate()));
    }
    return schedule.rate(counter()).cast(dtype);
  }

  /** {@code beta^number} as a float64 scalar: not rounded further, since beta may be close to 1. */
  public Expr power(double beta) {
    return number().times(Math.log(beta)).exp();
  }

  /**
   * {@code 1 - beta^number}, what a mean that began with zeros is divided by; a scalar of this
   * type.
   */
  public Expr bias(double beta, DType dtype) {
    return power(beta).negate().plus(1).cast(dtype);
  }

  private Variable counter() {
    if (counter.isEmpty()) {
      Tensor zero = Tensor.scalar(0.0);
      counter = Optional.of(graph.variable(zero).named(graph.unusedName("steps")));
    }
    return counter.orElseThrow();
  }

  /** Makes the number one greater, where something asked for it. */
  Action count() {
    return counter.map(steps -> steps.assign(steps.plus(1))).orElseGet(Action::none);
  }
}
