package dev.millrace.compile;

import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.kernel.Buffer;
import dev.millrace.kernel.Index;
import dev.millrace.kernel.Kernel;
import dev.millrace.kernel.Scalar;
import dev.millrace.kernel.Statement;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A kernel while it is written: its buffers, dim arguments and variables, numbered in the order of
 * their first use so that equal work gives equal kernels, and the block that is being filled.
 */
final class KernelBuilder {
  private final Graph graph;
  private final List<Buffer> buffers = new ArrayList<>();
  private final List<Optional<Value>> owners = new ArrayList<>();
  private final Map<Value, Buffer> bufferOf = new HashMap<>();
  private final List<Dim.Symbol> dims = new ArrayList<>();
  private final List<DType> types = new ArrayList<>();
  private List<Statement> block = new ArrayList<>();
  private Map<Scalar, Integer> loaded = new HashMap<>();
  private final Deque<Splitting> splits = new ArrayDeque<>();

  KernelBuilder(Graph graph) {
    this.graph = graph;
    newVariable(DType.INT32);
  }

  /** A new variable; loop and index variables count as int32. */
  int newVariable(DType dtype) {
    types.add(dtype);
    return types.size() - 1;
  }

  DType type(int variable) {
    return types.get(variable);
  }

  /** A dim of the graph in terms of the kernel's arguments. */
  Dim dim(Dim dim) {
    return graph.resolve(dim).substitute(this::argument);
  }

  private Dim argument(Dim.Symbol symbol) {
    int number = dims.indexOf(symbol);
    if (number < 0) {
      number = dims.size();
      dims.add(symbol);
    }
    return Kernel.dim(number);
  }

  /**
   * A position in terms of the kernel's arguments; coordinates of a split that count its elements
   * in order become the number of the element.
   */
  Index index(Index index) {
    Index mapped = index.map(this::dim);
    for (Splitting split : splits) {
      mapped = split.recombined(mapped);
    }
    return mapped;
  }

  /** A split that is open: whether a coordinate of it was used by itself. */
  private static final class Splitting {
    private final List<Statement.Axis> axes;
    private final Index flat;
    private boolean isUsed;

    Splitting(List<Statement.Axis> axes, Index flat) {
      this.axes = axes;
      this.flat = flat;
    }

    Index recombined(Index index) {
      Dim step = index.factor(axes.getLast().variable());
      Dim factor = step;
      Index rest = index;
      for (Statement.Axis axis : axes.reversed()) {
        Dim found = index.factor(axis.variable());
        if (!found.equals(factor)) {
          isUsed = true;
          return index;
        }
        rest = rest.plus(Index.ofVariable(axis.variable()).times(found.times(-1)));
        factor = factor.times(axis.extent());
      }
      return rest.plus(flat.times(step));
    }
  }

  /**
   * Writes {@code body}, which may use the coordinates of element number {@code flat}; the split
   * comes before it if one of them is used by itself.
   */
  void split(List<Statement.Axis> axes, Index flat, Runnable body) {
    var split = new Splitting(axes, flat);
    int place = block.size();
    splits.addFirst(split);
    body.run();
    splits.removeFirst();
    if (split.isUsed) {
      block.add(place, new Statement.Split(axes, flat));
    }
  }

  /** An axis with a new variable. */
  Statement.Axis axis(Dim extent) {
    return new Statement.Axis(newVariable(DType.INT32), dim(extent));
  }

  /** The buffer of {@code memory} that this kernel reads. */
  Buffer input(Value memory) {
    return buffer(memory, Buffer.Role.INPUT);
  }

  /** The buffer of {@code memory} that this kernel writes. */
  Buffer output(Value memory) {
    return buffer(memory, Buffer.Role.OUTPUT);
  }

  private Buffer buffer(Value memory, Buffer.Role role) {
    Buffer known = bufferOf.get(memory);
    if (known == null) {
      known = newBuffer(memory.dtype(), role, memory.shape().elements(), Optional.of(memory));
      bufferOf.put(memory, known);
    }
    return known;
  }

  Buffer scratch(DType dtype, Dim size) {
    return newBuffer(dtype, Buffer.Role.SCRATCH, size, Optional.empty());
  }

  private Buffer newBuffer(DType dtype, Buffer.Role role, Dim size, Optional<Value> owner) {
    var buffer = new Buffer(buffers.size(), dtype, role, dim(size));
    buffers.add(buffer);
    owners.add(owner);
    return buffer;
  }

  /** Appends to the current block. */
  void add(Statement statement) {
    block.add(statement);
  }

  /** Sets a new variable. */
  int let(Scalar scalar) {
    int variable = newVariable(scalar.dtype());
    add(new Statement.Let(variable, scalar));
    return variable;
  }

  /** As {@link #let}, but once per block for what can't change within it. */
  int letOnce(Scalar scalar) {
    Integer known = loaded.get(scalar);
    if (known == null) {
      known = let(scalar);
      loaded.put(scalar, known);
    }
    return known;
  }

  int literal(DType dtype, double value) {
    return letOnce(Scalar.Literal.of(dtype, value));
  }

  /** The only element of {@code tensor}. */
  int literal(Tensor tensor) {
    return tensor.array() instanceof long[] longs
        ? letOnce(new Scalar.Literal(tensor.dtype(), longs[0]))
        : literal(tensor.dtype(), tensor.doubleAt(0));
  }

  int load(Buffer buffer, Index index) {
    var load = new Scalar.Load(buffer, index(index));
    return buffer.role() == Buffer.Role.INPUT ? letOnce(load) : let(load);
  }

  void store(Buffer buffer, Index index, int variable) {
    add(new Statement.Store(buffer, index(index), variable));
  }

  /** The statements that {@code body} adds, as a block of their own, and what it returns. */
  <T> Block<T> block(Supplier<T> body) {
    List<Statement> outer = block;
    Map<Scalar, Integer> outerLoaded = loaded;
    block = new ArrayList<>();
    loaded = new HashMap<>(outerLoaded);
    T result = body.get();
    var inner = new Block<>(List.copyOf(block), result);
    block = outer;
    loaded = outerLoaded;
    return inner;
  }

  /** Statements and a result. */
  record Block<T>(List<Statement> statements, T result) {}

  /** A loop in order without accumulators. */
  void loop(int variable, Statement.Range range, Runnable body) {
    List<Statement> statements =
        block(
                () -> {
                  body.run();
                  return variable;
                })
            .statements();
    add(new Statement.Loop(variable, range, 1, List.of(), statements));
  }

  /** From 0 to below {@code end}, a dim of the graph. */
  Statement.Range upTo(Dim end) {
    return Statement.Range.upTo(dim(end));
  }

  /** Block number {@code block} of {@code size} of the numbers below {@code end}. */
  Statement.Range blockOf(Index block, long size, Dim end) {
    if (end.isKnown() && end.value() <= size) {
      return upTo(end);
    }
    Index begin = index(block.times(Dim.of(size)));
    return new Statement.Range(begin, List.of(begin.plus(Dim.of(size)), index(Index.of(end))));
  }

  /** How many blocks of {@code size} it takes. */
  static Dim blocks(Dim end, long size) {
    return end.plus(size - 1).floorDividedBy(size);
  }

  /** The finished kernel, its buffers' owners and its dims. */
  Draft finish(Dim tasks) {
    Dim count = dim(tasks);
    var kernel = new Kernel(List.copyOf(buffers), dims.size(), count, List.copyOf(block));
    return new Draft(kernel, List.copyOf(owners), List.copyOf(dims), List.of(), Optional.empty());
  }

  /**
   * A step: a kernel, or a job in place of it, and what its buffers and dims stand for in the
   * graph.
   *
   * @param own memory that only this step needs, after that of the owners
   */
  record Draft(
      Kernel kernel,
      List<Optional<Value>> owners,
      List<Dim.Symbol> dims,
      List<Program.Slot> own,
      Optional<Job> job) {}
}
