package dev.millrace.compile;

import dev.millrace.graph.Equation;
import dev.millrace.graph.Value;
import dev.millrace.kernel.Buffer;
import dev.millrace.kernel.Index;
import dev.millrace.op.Definition;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes a value carried along an axis. The carry lies in scratch memory, one for each place behind
 * the axis, so that those places can be the lanes of vectors. Tasks divide the first axis, or,
 * where that is the one to go along, the last one.
 */
final class ScanWriter {
  private final KernelBuilder builder;
  private final Equation equation;
  private final Definition.Scan scan;
  private final Value result;
  private final List<Dim> dims;
  private final Elements elements;

  ScanWriter(Layout layout, KernelBuilder builder, Equation equation, Definition.Scan scan) {
    this.builder = builder;
    this.equation = equation;
    this.scan = scan;
    this.result = equation.result();
    this.dims = result.shape().dims();
    this.elements = new Elements(layout, builder, (base, at) -> Optional.empty(), false);
  }

  /** Writes the body of a task and returns how many tasks there are. */
  Dim write() {
    int axis = scan.axis();
    Nest nest = nest();
    Buffer target = builder.output(result);
    Shape behind = Shape.of(dims.subList(axis + 1, dims.size()));
    Buffer carry = builder.scratch(result.dtype(), behind.elements());
    nest.from(
        List.of(),
        dims.subList(0, axis),
        false,
        before -> {
          List<Index> start = Nest.with(before, Index.ZERO);
          nest.from(start, dims, true, at -> initialize(carry, carried(behind, at)));
          int step = builder.newVariable(DType.INT32);
          builder.loop(
              step,
              builder.upTo(dims.get(axis)),
              () -> {
                List<Index> here = Nest.with(before, place(step));
                nest.from(here, dims, true, at -> step(carry, carried(behind, at), target, at));
              });
        });
    return nest.tasks();
  }

  private Nest nest() {
    if (scan.axis() > 0) {
      return Nest.byFirst(builder, dims.getFirst());
    }
    return dims.size() > 1 ? Nest.byLast(builder, dims.getLast()) : Nest.whole(builder);
  }

  private Index place(int step) {
    Index forth = Index.ofVariable(step);
    return scan.reverse()
        ? forth.times(Dim.of(-1)).plus(dims.get(scan.axis()).minus(Dim.ONE))
        : forth;
  }

  /** Where the carry of a place lies. */
  private Index carried(Shape behind, List<Index> at) {
    return Layout.linear(behind, at.subList(scan.axis() + 1, at.size()));
  }

  private void initialize(Buffer carry, Index position) {
    builder.store(
        carry,
        position,
        builder.literal(result.dtype(), Math.max(scan.initial(), result.dtype().least())));
  }

  private void step(Buffer carry, Index position, Buffer target, List<Index> at) {
    int before = builder.load(carry, position);
    var operands = new ArrayList<>(List.of(before));
    equation.operands().forEach(operand -> operands.add(elements.read(operand, at)));
    int[] all = operands.stream().mapToInt(variable -> variable).toArray();
    int after = elements.emit(result, at, scan.body(), all);
    builder.store(carry, position, after);
    int shown = scan.exclusive() ? before : after;
    builder.store(target, Layout.linear(result.shape(), at), shown);
  }
}
