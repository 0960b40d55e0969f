package dev.millrace.compile;

import dev.millrace.graph.Equation;
import dev.millrace.graph.Value;
import dev.millrace.kernel.Index;
import dev.millrace.kernel.Scalar;
import dev.millrace.kernel.ScalarOp;
import dev.millrace.kernel.Statement;
import dev.millrace.op.Definition;
import dev.millrace.op.Definition.Coordinate;
import dev.millrace.op.Definition.Looked;
import dev.millrace.op.Scalars;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Writes the instructions that give one element of a value: the scalar body of its op over the
 * elements of its operands, views and formulas worked out on the spot, everything else loaded.
 */
final class Elements {
  /** Finds elements of values that the same kernel computes. */
  interface Members {
    /** The variable that holds the element, or empty if {@code base} is none of the kernel's. */
    Optional<Integer> element(Value base, List<Index> coordinates);
  }

  private final Layout layout;
  private final KernelBuilder builder;
  private final Members members;
  private final boolean flat;

  /**
   * @param flat coordinates are one row-major position instead of one per axis
   */
  Elements(Layout layout, KernelBuilder builder, Members members, boolean flat) {
    this.layout = layout;
    this.builder = builder;
    this.members = members;
    this.flat = flat;
  }

  /** The variable with the element of {@code value} at {@code coordinates}. */
  int read(Value value, List<Index> coordinates) {
    Access access = layout.access(value);
    Value base = access.base();
    if (base.constant().filter(tensor -> tensor.size() == 1).isPresent()) {
      return builder.literal(base.constant().get());
    }
    List<Index> at = flat ? flatCoordinates(access, coordinates) : access.at(coordinates);
    if (layout.isFormula(base)) {
      return compute(layout.equation(base), at);
    }
    return members
        .element(base, at)
        .orElseGet(() -> builder.load(builder.input(layout.memoryOf(base)), position(base, at)));
  }

  private static List<Index> flatCoordinates(Access access, List<Index> coordinates) {
    return access.isUniform()
        ? List.of(Layout.linear(access.base().shape(), access.map()))
        : coordinates;
  }

  /** Row-major position of an element. */
  Index position(Value base, List<Index> coordinates) {
    return flat ? coordinates.getFirst() : Layout.linear(base.shape(), coordinates);
  }

  /** The variable with the element of the equation's result, computed here. */
  int compute(Equation equation, List<Index> coordinates) {
    Value result = equation.result();
    return switch (layout.definition(result)) {
      case Definition.Pointwise(Definition.Pointwise.Body body) -> {
        int[] operands = equation.operands().stream().mapToInt(o -> read(o, coordinates)).toArray();
        var scalars = new Body(result, coordinates);
        yield scalars.cast(result.dtype(), body.emit(scalars, operands));
      }
      case Definition.View(List<Index> map) -> {
        List<Index> at = map.stream().map(index -> index.at(coordinates)).toList();
        yield read(equation.operands().getFirst(), at);
      }
      case Definition.Lookup(List<Coordinate> source) ->
          read(equation.operands().getFirst(), at(equation, source, coordinates));
      case Definition.Reduction reduction -> reduce(equation, reduction, coordinates);
      case Definition.Contraction contraction -> throw new AssertionError(equation);
      case Definition.Reinterpretation reshape -> throw new AssertionError(equation);
      case Definition.Assembly assembly -> throw new AssertionError(equation);
      case Definition.Accumulation accumulation -> throw new AssertionError(equation);
      case Definition.Bundled bundle -> throw new AssertionError(equation);
      case Definition.Part part -> throw new AssertionError(equation);
      case Definition.Scan scan -> throw new AssertionError(equation);
      case Definition.Ordering ordering -> throw new AssertionError(equation);
    };
  }

  /** The position that {@code wanted} says, with indices read and checked on the way. */
  List<Index> at(Equation equation, List<Coordinate> wanted, List<Index> coordinates) {
    var at = new ArrayList<Index>();
    for (Coordinate coordinate : wanted) {
      Index base = coordinate.base().at(coordinates);
      at.add(
          coordinate
              .looked()
              .map(looked -> base.plus(checkedIndex(equation, looked, coordinates)))
              .orElse(base));
    }
    return at;
  }

  private Index checkedIndex(Equation equation, Looked looked, List<Index> coordinates) {
    Value indices = equation.operands().get(looked.operand());
    int operand = read(indices, looked.at().stream().map(i -> i.at(coordinates)).toList());
    Dim extent = builder.dim(looked.extent());
    return Index.ofVariable(builder.let(new Scalar.CheckedIndex(indices.dtype(), operand, extent)));
  }

  /** The body of an op other than by reading its operands. */
  int emit(Value result, List<Index> coordinates, Definition.Pointwise.Body body, int[] operands) {
    return body.emit(new Body(result, coordinates), operands);
  }

  /** A reduction as loops of its own, in order, around the element that it folds. */
  private int reduce(Equation equation, Definition.Reduction reduction, List<Index> coordinates) {
    Value operand = equation.operands().getFirst();
    var at = new ArrayList<>(coordinates);
    var variables = new ArrayList<Integer>();
    for (int axis : reduction.axes()) {
      int variable = builder.newVariable(DType.INT32);
      variables.add(variable);
      at.add(axis, Index.ofVariable(variable));
    }
    return reduce(operand, reduction, at, variables);
  }

  private int reduce(
      Value operand, Definition.Reduction reduction, List<Index> at, List<Integer> variables) {
    if (variables.isEmpty()) {
      return read(operand, at);
    }
    int variable = variables.getFirst();
    int axis = reduction.axes().get(reduction.axes().size() - variables.size());
    var body =
        builder.block(() -> reduce(operand, reduction, at, variables.subList(1, variables.size())));
    Statement.Accumulator accumulator =
        accumulator(reduction.combiner(), operand.dtype(), body.result());
    builder.add(
        new Statement.Loop(
            variable,
            builder.upTo(operand.shape().dim(axis)),
            1,
            List.of(accumulator),
            body.statements()));
    return accumulator.result();
  }

  Statement.Accumulator accumulator(Statement.Combiner combiner, DType dtype, int value) {
    DType type = combiner.isPosition() ? DType.INT64 : dtype;
    return new Statement.Accumulator(builder.newVariable(type), combiner, dtype, value);
  }

  /**
   * The scalar instructions of one op's body. Numbers of 16 bits count as the float32 that they are
   * computed in, and are cast where they are used: an op rounds to them once, at its end.
   */
  private final class Body implements Scalars {
    private final Value result;
    private final List<Index> coordinates;

    Body(Value result, List<Index> coordinates) {
      this.result = result;
      this.coordinates = coordinates;
    }

    @Override
    public int literal(DType dtype, double value) {
      return builder.literal(computed(dtype), value);
    }

    @Override
    public int apply(ScalarOp op, int... operands) {
      List<Integer> widened = Arrays.stream(operands).mapToObj(this::widened).toList();
      DType type = op.isComparison() ? DType.BOOL : builder.type(widened.getLast());
      return builder.let(new Scalar.Apply(op, type, widened));
    }

    private int widened(int operand) {
      DType type = dtype(operand);
      return builder.type(operand) == type
          ? operand
          : builder.letOnce(new Scalar.Apply(ScalarOp.CAST, type, List.of(operand)));
    }

    private static DType computed(DType dtype) {
      return dtype.isHalf() ? DType.FLOAT32 : dtype;
    }

    @Override
    public int cast(DType dtype, int operand) {
      return builder.type(operand) == dtype
          ? operand
          : builder.let(new Scalar.Apply(ScalarOp.CAST, dtype, List.of(operand)));
    }

    @Override
    public int position(Index index) {
      return builder.let(new Scalar.Position(builder.index(index.at(coordinates))));
    }

    @Override
    public int draw(DType dtype, long key, int run) {
      Index element = builder.index(Elements.this.position(result, coordinates));
      return builder.let(new Scalar.Draw(computed(dtype), key, run, element));
    }

    @Override
    public DType dtype(int variable) {
      return computed(builder.type(variable));
    }
  }
}
