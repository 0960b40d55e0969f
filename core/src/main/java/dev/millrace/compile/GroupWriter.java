package dev.millrace.compile;

import dev.millrace.graph.Equation;
import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.kernel.Index;
import dev.millrace.kernel.Kernel;
import dev.millrace.op.Definition;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Writes the kernel of one group: what its tasks are, and the loops of each. */
final class GroupWriter {
  /** Elements of a flat elementwise kernel that make one task. */
  private static final long FLAT_BLOCK = 4096;

  /** Columns of a sum over leading axes that make one task. */
  private static final long COLUMN_BLOCK = 64;

  /** The same where there are so few columns that tasks would run out: one vector of float32. */
  private static final long FEW_COLUMNS_BLOCK = 16;

  private static final long FEW_COLUMNS = 512;

  private final Layout layout;
  private final Group group;
  private final Set<Value> stored;
  private final KernelBuilder builder;

  private GroupWriter(Layout layout, Group group, Set<Value> stored, Graph graph) {
    this.layout = layout;
    this.group = group;
    this.stored = stored;
    this.builder = new KernelBuilder(graph);
  }

  /**
   * The kernel of {@code group}.
   *
   * @param stored the values that others need
   */
  static KernelBuilder.Draft write(Layout layout, Group group, Set<Value> stored) {
    Graph graph = group.members().getFirst().graph();
    var writer = new GroupWriter(layout, group, stored, graph);
    return writer.builder.finish(writer.tasks());
  }

  /** Writes the body of a task and returns how many tasks there are. */
  private Dim tasks() {
    Value first = group.members().getFirst();
    Equation equation = layout.equation(first);
    return switch (group.kind()) {
      case CONTRACTION, PRODUCT ->
          new ContractionWriter(layout, builder, members(group.rows())).write();
      case ALONE -> alone(equation, layout.definition(first));
      case BUNDLE -> throw new AssertionError(group.members());
      case ROWS -> isElementwise() ? elementwise(first) : rows(group.rows());
    };
  }

  private Dim alone(Equation equation, Definition definition) {
    return switch (definition) {
      case Definition.Assembly assembly ->
          new AssemblyWriter(layout, builder, equation, assembly).write();
      case Definition.Accumulation accumulation ->
          new ScatterWriter(layout, builder, equation, accumulation).write();
      case Definition.Scan scan -> new ScanWriter(layout, builder, equation, scan).write();
      case Definition.Ordering ordering ->
          new OrderWriter(layout, builder, equation, ordering).write();
      default -> throw new AssertionError(equation);
    };
  }

  private boolean isElementwise() {
    return members(group.rows()).stream()
        .allMatch(member -> member.inner.isEmpty() && !member.isRowReduction());
  }

  private List<Member> members(int rows) {
    var members = new ArrayList<Member>();
    for (Value value : group.members()) {
      List<Dim> dims = value.shape().dims();
      members.add(
          new Member(
              layout.equation(value),
              layout.definition(value),
              List.copyOf(dims.subList(rows, dims.size())),
              stored.contains(value)));
    }
    return members;
  }

  /** A group without reductions of rows: one long loop where memory allows, else one per row. */
  private Dim elementwise(Value first) {
    Shape shape = first.shape();
    if (shape.rank() == 0) {
      return rows(0);
    }
    boolean flat = isFlat(shape);
    if (!flat && shape.rank() > 1) {
      return rows(shape.rank() - 1);
    }
    boolean columns =
        members(0).stream().anyMatch(m -> m.definition instanceof Definition.Reduction);
    Dim size = shape.elements();
    boolean few = size.isKnown() && size.value() < FEW_COLUMNS;
    long columnBlock = few ? FEW_COLUMNS_BLOCK : COLUMN_BLOCK;
    long block = columns ? columnBlock : FLAT_BLOCK;
    List<Member> members = flat ? flatMembers(size) : members(0);
    new RowWriter(layout, builder, members, 0, flat)
        .write(List.of(), Optional.of(builder.blockOf(Index.ofVariable(Kernel.TASK), block, size)));
    return KernelBuilder.blocks(size, block);
  }

  private List<Member> flatMembers(Dim size) {
    return members(0).stream()
        .map(m -> new Member(m.equation, m.definition, List.of(size), m.stored))
        .toList();
  }

  /** Whether every operand is read in the order of its memory, or is one element. */
  private boolean isFlat(Shape shape) {
    for (Value value : group.members()) {
      Definition definition = layout.definition(value);
      if (!(definition instanceof Definition.Pointwise) || !value.shape().equals(shape)) {
        return false;
      }
      for (Value operand : layout.equation(value).operands()) {
        Access access = layout.access(operand);
        boolean inOrder = access.isIdentity() && access.base().shape().equals(shape);
        if (layout.isFormula(access.base()) || !(access.isUniform() || inOrder)) {
          return false;
        }
      }
      if (layout.equation(value).operands().isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** One task per index of the first row dim, loops for the others. */
  private Dim rows(int rows) {
    var writer = new RowWriter(layout, builder, members(rows), rows, false);
    if (rows == 0) {
      writer.write(List.of(), Optional.empty());
      return Dim.ONE;
    }
    List<Dim> dims = group.rowDims().subList(0, rows);
    var coordinates = new ArrayList<Index>();
    coordinates.add(Index.ofVariable(Kernel.TASK));
    rowLoops(dims, coordinates, () -> writer.write(List.copyOf(coordinates), Optional.empty()));
    return dims.getFirst();
  }

  private void rowLoops(List<Dim> dims, List<Index> coordinates, Runnable body) {
    if (coordinates.size() == dims.size()) {
      body.run();
      return;
    }
    int variable = builder.newVariable(DType.INT32);
    Dim end = dims.get(coordinates.size());
    coordinates.add(Index.ofVariable(variable));
    builder.loop(variable, builder.upTo(end), () -> rowLoops(dims, coordinates, body));
  }
}
