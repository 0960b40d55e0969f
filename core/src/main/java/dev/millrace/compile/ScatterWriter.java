package dev.millrace.compile;

import dev.millrace.graph.Equation;
import dev.millrace.graph.Value;
import dev.millrace.kernel.Buffer;
import dev.millrace.kernel.Index;
import dev.millrace.kernel.Scalar;
import dev.millrace.kernel.ScalarOp;
import dev.millrace.kernel.Statement.Combiner;
import dev.millrace.op.Definition;
import dev.millrace.op.Definition.Coordinate;
import dev.millrace.tensor.Dim;
import java.util.List;
import java.util.Optional;

/**
 * Writes a value that updates are put into: first a copy of what is there before, then one update
 * after another, in their order. Tasks divide an axis that updates and result have in common: the
 * first one, or else the last one in blocks.
 */
final class ScatterWriter {
  private final KernelBuilder builder;
  private final Equation equation;
  private final Definition.Accumulation accumulation;
  private final Value result;
  private final Value updates;
  private final Elements elements;

  ScatterWriter(
      Layout layout,
      KernelBuilder builder,
      Equation equation,
      Definition.Accumulation accumulation) {
    this.builder = builder;
    this.equation = equation;
    this.accumulation = accumulation;
    this.result = equation.result();
    this.updates = equation.operands().getLast();
    this.elements = new Elements(layout, builder, (base, at) -> Optional.empty(), false);
  }

  /** Writes the body of a task and returns how many tasks there are. */
  Dim write() {
    Nest nest = nest();
    Buffer target = builder.output(result);
    nest.over(
        result.shape().dims(),
        at -> {
          int before = elements.read(equation.operands().getFirst(), at);
          builder.store(target, Layout.linear(result.shape(), at), before);
        });
    nest.over(updates.shape().dims(), at -> put(target, at));
    return nest.tasks();
  }

  private Nest nest() {
    if (isShared(0, 0)) {
      return Nest.byFirst(builder, result.shape().dim(0));
    }
    int from = updates.shape().rank() - 1;
    int to = result.shape().rank() - 1;
    boolean isWorthIt = to > 0 && isShared(from, to) && !result.shape().dim(to).is(1);
    return isWorthIt ? Nest.byLast(builder, result.shape().dim(to)) : Nest.whole(builder);
  }

  /**
   * Whether updates stay where they are along axis {@code to}, which is their axis {@code from}.
   */
  private boolean isShared(int from, int to) {
    List<Coordinate> target = accumulation.target();
    return from >= 0
        && to >= 0
        && from < updates.shape().rank()
        && to < target.size()
        && target.get(to).equals(Coordinate.of(Index.ofVariable(from)))
        && builder.dim(updates.shape().dim(from)).equals(builder.dim(result.shape().dim(to)));
  }

  private void put(Buffer target, List<Index> at) {
    List<Index> place = elements.at(equation, accumulation.target(), at);
    Index position = Layout.linear(result.shape(), place);
    int update = elements.read(updates, at);
    int value =
        accumulation
            .combiner()
            .map(combiner -> {
              int old = builder.load(target, position);
              var operands = List.of(old, update);
              return builder.let(new Scalar.Apply(op(combiner), result.dtype(), operands));
            })
            .orElse(update);
    builder.store(target, position, value);
  }

  private static ScalarOp op(Combiner combiner) {
    return switch (combiner) {
      case SUM -> ScalarOp.ADD;
      case PRODUCT -> ScalarOp.MULTIPLY;
      case MAXIMUM -> ScalarOp.MAXIMUM;
      case MINIMUM -> ScalarOp.MINIMUM;
      case FIRST_MAXIMUM, FIRST_MINIMUM -> throw new AssertionError(combiner);
    };
  }
}
