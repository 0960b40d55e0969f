package dev.millrace.kernel;

import dev.millrace.kernel.Statement.Accumulator;
import dev.millrace.kernel.Statement.Axis;
import dev.millrace.kernel.Statement.Contract;
import dev.millrace.kernel.Statement.Let;
import dev.millrace.kernel.Statement.Loop;
import dev.millrace.kernel.Statement.Order;
import dev.millrace.kernel.Statement.Place;
import dev.millrace.kernel.Statement.Range;
import dev.millrace.kernel.Statement.Split;
import dev.millrace.kernel.Statement.Store;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.IndexException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The meaning of a {@link Kernel}, written as code: runs it statement by statement, slowly, on
 * boxed values, and checks every access. It is the oracle of the compiled forms and no part of a
 * normal run.
 *
 * <p>float32 results are rounded after each operation. Transcendental functions are those of {@link
 * Math} and {@link SpecialFunctions} in double, rounded; the compiled forms may differ by the few
 * ulp that theirs document, and by nothing else.
 */
public final class Interpreter {
  private final Map<Dim, Integer> sizes = new IdentityHashMap<>();
  private final Map<Integer, Number> values = new HashMap<>();
  private final Map<Integer, DType> types;
  private final int[] dims;
  private final Memory[] memories;
  private int task;

  private Interpreter(Kernel kernel, Object[] arrays, int[] dims) {
    this.types = Validator.check(kernel);
    this.dims = dims.clone();
    if (dims.length != kernel.dims()) {
      throw new IllegalArgumentException(
          "kernel: dims: the kernel has " + kernel.dims() + ", the call " + dims.length);
    }
    if (arrays.length != kernel.buffers().size()) {
      throw new IllegalArgumentException(
          "kernel: buffers: the kernel has "
              + kernel.buffers().size()
              + ", the call "
              + arrays.length);
    }
    this.memories = new Memory[arrays.length];
    for (Buffer buffer : kernel.buffers()) {
      var array = Optional.ofNullable(arrays[buffer.id()]);
      memories[buffer.id()] = Memory.of(buffer, array, size(buffer.size()));
    }
  }

  /**
   * Runs all tasks of {@code kernel}, in order.
   *
   * @param buffers the array of each buffer by its id, at least as long as the buffer; entries of
   *     scratch buffers are not looked at
   * @param dims the values of {@code d0, d1, ...}
   * @throws IllegalArgumentException if the kernel is not {@linkplain Validator valid}, or an array
   *     or the number of dims does not fit it
   * @throws IndexOutOfBoundsException if an index leaves its buffer
   * @throws IllegalStateException if a task reads from an output or scratch buffer what it has not
   *     written, or writes where another task has
   * @throws ArithmeticException if an index does not fit into 31 bits, or an integer is divided by
   *     0
   * @throws IndexException if a {@link Scalar.CheckedIndex} is outside of its extent
   */
  public static void run(Kernel kernel, Object[] buffers, int[] dims) {
    var interpreter = new Interpreter(kernel, buffers, dims);
    int tasks = interpreter.size(kernel.tasks());
    for (int task = 0; task < tasks; task++) {
      interpreter.task = task;
      interpreter.values.put(Kernel.TASK, task);
      interpreter.block(kernel.body());
    }
  }

  private void block(List<Statement> statements) {
    for (Statement statement : statements) {
      switch (statement) {
        case Let(int variable, Scalar value) -> values.put(variable, scalar(value));
        case Store(Buffer buffer, Index index, int variable) ->
            write(new Place(buffer, index), value(variable));
        case Loop loop -> loop(loop);
        case Split(List<Axis> axes, Index flat) -> split(axes, position(flat));
        case Contract contract -> contract(contract);
        case Order order -> order(order);
      }
    }
  }

  private void loop(Loop loop) {
    List<Accumulator> accumulators = loop.accumulators();
    List<Fold> folds = accumulators.stream().map(a -> Fold.of(a, loop.lanes())).toList();
    int begin = position(loop.range().begin());
    int end = end(loop.range());
    for (int i = begin; i < end; i++) {
      values.put(loop.variable(), i);
      block(loop.body());
      for (int a = 0; a < folds.size(); a++) {
        folds.get(a).take(i - begin, i, value(accumulators.get(a).value()));
      }
    }
    for (int a = 0; a < folds.size(); a++) {
      values.put(accumulators.get(a).result(), folds.get(a).result());
    }
  }

  private void split(List<Axis> axes, int flat) {
    int rest = flat;
    for (Axis axis : axes.subList(1, axes.size()).reversed()) {
      int extent = size(axis.extent());
      values.put(axis.variable(), rest % extent);
      rest /= extent;
    }
    values.put(axes.getFirst().variable(), rest);
  }

  private void contract(Contract contract) {
    int begin = position(contract.rows().begin());
    int end = end(contract.rows());
    int firstColumn = position(contract.columns().begin());
    int endColumn = end(contract.columns());
    for (int row = begin; row < end; row++) {
      split(contract.row(), row);
      for (int column = firstColumn; column < endColumn; column++) {
        values.put(contract.column(), column);
        DType dtype = contract.target().buffer().dtype();
        write(contract.target(), sum(contract, 0, Arithmetic.cast(dtype, 0)));
      }
    }
  }

  /** {@code start} and the products over the inner axes from number {@code depth} on. */
  private Number sum(Contract contract, int depth, Number start) {
    if (depth == contract.inner().size()) {
      DType dtype = contract.target().buffer().dtype();
      return Arithmetic.multiplyAdd(dtype, read(contract.left()), read(contract.right()), start);
    }
    Axis axis = contract.inner().get(depth);
    int extent = size(axis.extent());
    Number sum = start;
    for (int i = 0; i < extent; i++) {
      values.put(axis.variable(), i);
      sum = sum(contract, depth + 1, sum);
    }
    return sum;
  }

  /** A list of boxed positions, sorted by what they stand for; Java's sort of lists is stable. */
  private void order(Order order) {
    int count = size(order.count());
    int from = position(order.source().index());
    int to = position(order.target().index());
    Memory source = memories[order.source().buffer().id()];
    var elements = new ArrayList<Number>();
    var positions = new ArrayList<Integer>();
    for (int i = 0; i < count; i++) {
      elements.add(source.read(from + i, task));
      positions.add(i);
    }
    Comparator<Number> ascending = Arithmetic::compare;
    Comparator<Number> wanted = order.descending() ? ascending.reversed() : ascending;
    positions.sort((a, b) -> wanted.compare(elements.get(a), elements.get(b)));
    for (int i = 0; i < count; i++) {
      memories[order.target().buffer().id()].write(to + i, task, positions.get(i).longValue());
    }
  }

  private Number scalar(Scalar scalar) {
    return switch (scalar) {
      case Scalar.Literal(DType dtype, Number value) -> Arithmetic.cast(dtype, value);
      case Scalar.Load(Buffer buffer, Index index) -> read(new Place(buffer, index));
      case Scalar.Position(Index index) -> (long) position(index);
      case Scalar.Apply(ScalarOp op, DType dtype, List<Integer> operands) ->
          Arithmetic.apply(
              op, dtype, type(operands.getLast()), operands.stream().map(this::value).toList());
      case Scalar.CheckedIndex(DType dtype, int operand, Dim extent) -> {
        int index = IndexException.check(value(operand).longValue(), size(extent));
        yield Arithmetic.cast(dtype, index);
      }
      case Scalar.Draw(DType dtype, long key, int run, Index element) ->
          draw(dtype, key, value(run).longValue(), position(element));
    };
  }

  /** A float64 takes two words of the generator, so element i has the words 2i and 2i + 1. */
  private static Number draw(DType dtype, long key, long run, long element) {
    if (dtype == DType.FLOAT32) {
      return Philox.uniformFloat(Philox.bits(key, run, element));
    }
    int high = Philox.bits(key, run, 2 * element);
    int low = Philox.bits(key, run, 2 * element + 1);
    return Philox.uniformDouble(high, low);
  }

  private Number read(Place place) {
    return memories[place.buffer().id()].read(position(place.index()), task);
  }

  private void write(Place place, Number value) {
    memories[place.buffer().id()].write(position(place.index()), task, value);
  }

  /** The validator has seen to it that every variable is set before it is used. */
  private Number value(int variable) {
    return Objects.requireNonNull(values.get(variable));
  }

  private DType type(int variable) {
    return Objects.requireNonNull(types.get(variable));
  }

  private int end(Range range) {
    return range.ends().stream().mapToInt(this::position).min().orElseThrow();
  }

  private int position(Index index) {
    long sum = size(index.offset());
    for (Index.Term term : index.terms()) {
      long distance =
          Math.multiplyExact((long) size(term.factor()), value(term.variable()).longValue());
      sum = Math.addExact(sum, distance);
    }
    return fitting(sum, index);
  }

  private int size(Dim dim) {
    return sizes.computeIfAbsent(
        dim, any -> fitting(dim.evaluate(symbol -> dims[Validator.number(symbol)]), dim));
  }

  private static int fitting(long value, Object of) {
    if (value != (int) value) {
      throw new ArithmeticException(
          "kernel: positions and sizes must fit into 32 bits: " + of + " is " + value);
    }
    return (int) value;
  }
}
