package dev.millrace.compile;

import dev.millrace.graph.Equation;
import dev.millrace.graph.Value;
import dev.millrace.kernel.Buffer;
import dev.millrace.kernel.Index;
import dev.millrace.kernel.Statement;
import dev.millrace.op.Definition;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import java.util.List;
import java.util.Optional;

/** Writes the order of each row: a copy of the row in one piece, then the statement that sorts. */
final class OrderWriter {
  private final KernelBuilder builder;
  private final Equation equation;
  private final Definition.Ordering ordering;
  private final Value result;
  private final Elements elements;

  OrderWriter(
      Layout layout, KernelBuilder builder, Equation equation, Definition.Ordering ordering) {
    this.builder = builder;
    this.equation = equation;
    this.ordering = ordering;
    this.result = equation.result();
    this.elements = new Elements(layout, builder, (base, at) -> Optional.empty(), false);
  }

  /** Writes the body of a task and returns how many tasks there are. */
  Dim write() {
    List<Dim> dims = result.shape().dims();
    Nest nest = dims.size() > 1 ? Nest.byFirst(builder, dims.getFirst()) : Nest.whole(builder);
    Value operand = equation.operands().getFirst();
    Buffer target = builder.output(result);
    Buffer row = builder.scratch(operand.dtype(), dims.getLast());
    boolean isLong = operand.dtype().bytes() == Long.BYTES;
    Buffer scratch = builder.scratch(DType.INT64, isLong ? dims.getLast().times(2) : Dim.ZERO);
    nest.from(
        List.of(),
        dims.subList(0, dims.size() - 1),
        false,
        before -> {
          int column = builder.newVariable(DType.INT32);
          Index position = Index.ofVariable(column);
          builder.loop(
              column,
              builder.upTo(dims.getLast()),
              () ->
                  builder.store(
                      row, position, elements.read(operand, Nest.with(before, position))));
          Index begin = Layout.linear(result.shape(), Nest.with(before, Index.ZERO));
          builder.add(
              new Statement.Order(
                  new Statement.Place(row, Index.ZERO),
                  builder.dim(dims.getLast()),
                  ordering.descending(),
                  new Statement.Place(target, builder.index(begin)),
                  scratch));
        });
    return nest.tasks();
  }
}
