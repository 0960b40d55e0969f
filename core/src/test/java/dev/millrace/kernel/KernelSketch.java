package dev.millrace.kernel;

import dev.millrace.kernel.Buffer.Role;
import dev.millrace.kernel.Statement.Accumulator;
import dev.millrace.kernel.Statement.Axis;
import dev.millrace.kernel.Statement.Combiner;
import dev.millrace.kernel.Statement.Contract;
import dev.millrace.kernel.Statement.Let;
import dev.millrace.kernel.Statement.Loop;
import dev.millrace.kernel.Statement.Place;
import dev.millrace.kernel.Statement.Range;
import dev.millrace.kernel.Statement.Store;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Writes kernels for tests: numbers the variables and buffers, and knows the variables' types. */
public final class KernelSketch {
  private final List<Buffer> buffers = new ArrayList<>();
  private final Deque<List<Statement>> blocks = new ArrayDeque<>();
  private final Map<Integer, DType> types = new HashMap<>();
  private int variables = Kernel.TASK + 1;

  /** A sketch without statements. */
  public KernelSketch() {
    blocks.push(new ArrayList<>());
  }

  /** The kernel written so far. */
  public Kernel kernel(int dims, Dim tasks) {
    return new Kernel(List.copyOf(buffers), dims, tasks, List.copyOf(blocks.getLast()));
  }

  /** A new buffer. */
  public Buffer buffer(Role role, DType dtype, Dim size) {
    var buffer = new Buffer(buffers.size(), dtype, role, size);
    buffers.add(buffer);
    return buffer;
  }

  /** A new input. */
  public Buffer in(DType dtype, long size) {
    return buffer(Role.INPUT, dtype, Dim.of(size));
  }

  /** A new output. */
  public Buffer out(DType dtype, long size) {
    return buffer(Role.OUTPUT, dtype, Dim.of(size));
  }

  /** A new variable. */
  public int variable() {
    return variables++;
  }

  /** Type of a value. */
  public DType type(int variable) {
    return types.get(variable);
  }

  /** Appends a statement to the block that is being written. */
  public void add(Statement statement) {
    blocks.element().add(statement);
  }

  /** Sets a new variable. */
  public int let(Scalar value) {
    int variable = variable();
    add(new Let(variable, value));
    types.put(variable, value.dtype());
    return variable;
  }

  /** A constant. */
  public int literal(DType dtype, double value) {
    return let(Scalar.Literal.of(dtype, value));
  }

  /** An element. */
  public int load(Buffer buffer, Index index) {
    return let(new Scalar.Load(buffer, index));
  }

  /** An operation; the result has the type of the last operand or is bool. */
  public int apply(ScalarOp op, int... operands) {
    DType last = types.get(operands[operands.length - 1]);
    DType result = op.isComparison() ? DType.BOOL : last;
    return let(new Scalar.Apply(op, result, IntStream.of(operands).boxed().toList()));
  }

  /** A conversion. */
  public int cast(DType dtype, int operand) {
    return let(new Scalar.Apply(ScalarOp.CAST, dtype, List.of(operand)));
  }

  /** Writes an element. */
  public void store(Buffer buffer, Index index, int variable) {
    add(new Store(buffer, index, variable));
  }

  /** A loop without accumulators. */
  public void loop(Range range, IntConsumer body) {
    int variable = variable();
    var statements = block(() -> body.accept(variable));
    add(new Loop(variable, range, 1, List.of(), statements));
  }

  /** A loop with one accumulator; {@code body} gives the value to fold. */
  public int fold(Combiner combiner, Range range, int lanes, IntUnaryOperator body) {
    return folds(List.of(combiner), range, lanes, i -> new int[] {body.applyAsInt(i)})[0];
  }

  /** What {@link #folds} folds. */
  @FunctionalInterface
  public interface Body {
    /** The values to fold in the iteration {@code variable}. */
    int[] values(int variable);
  }

  /** A loop with accumulators; {@code body} gives a value for each. */
  public int[] folds(List<Combiner> combiners, Range range, int lanes, Body body) {
    int variable = variable();
    int[][] folded = new int[1][];
    var statements = block(() -> folded[0] = body.values(variable));
    var accumulators = new ArrayList<Accumulator>();
    for (int i = 0; i < combiners.size(); i++) {
      int value = folded[0][i];
      accumulators.add(new Accumulator(variable(), combiners.get(i), types.get(value), value));
    }
    accumulators.forEach(a -> types.put(a.result(), a.resultType()));
    add(new Loop(variable, range, lanes, List.copyOf(accumulators), statements));
    return accumulators.stream().mapToInt(Accumulator::result).toArray();
  }

  /** The places of a contraction as functions of its three variables. */
  @FunctionalInterface
  public interface Places {
    /** Left, right and target. */
    List<Place> of(Index row, Index column, Index inner);
  }

  /** A contraction. */
  public void contract(Range rows, Dim columns, Dim extent, Places places) {
    int row = variable();
    int column = variable();
    int inner = variable();
    List<Place> at =
        places.of(Index.ofVariable(row), Index.ofVariable(column), Index.ofVariable(inner));
    add(
        new Contract(
            List.of(new Axis(row, Dim.ONE)),
            rows,
            column,
            Range.upTo(columns),
            List.of(new Axis(inner, extent)),
            at.get(0),
            at.get(1),
            at.get(2)));
  }

  private List<Statement> block(Runnable body) {
    blocks.push(new ArrayList<>());
    body.run();
    return List.copyOf(blocks.pop());
  }
}
