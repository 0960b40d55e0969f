package dev.millrace.profile;

import dev.millrace.kernel.Buffer;
import dev.millrace.kernel.Index;
import dev.millrace.kernel.Kernel;
import dev.millrace.kernel.Scalar;
import dev.millrace.kernel.ScalarOp;
import dev.millrace.kernel.Statement;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one run of a kernel has to do, counted from its statements.
 *
 * <p>A multiply-add of a product is 2 floating-point operations, every other floating-point
 * instruction and every value that is folded is 1, a function such as exp too; conversions,
 * comparisons and choices are none. Bytes are those that have to come from or go to the arrays that
 * the kernel is given, each element once, however often it is used: what a perfect cache would
 * leave.
 *
 * @param flop floating-point operations
 * @param doubleFlop those among them that are float64
 * @param bytesRead of inputs
 * @param bytesWritten of outputs
 */
public record KernelCost(double flop, double doubleFlop, double bytesRead, double bytesWritten) {
  /**
   * The cost of a run with these dim arguments. Loops are counted one by one where their ranges
   * depend on an outer variable, as the last one of a row of blocks does.
   */
  public static KernelCost of(Kernel kernel, int[] dims) {
    var count = new Count(dims);
    count.repeat(
        Kernel.TASK, 0, count.value(Index.of(kernel.tasks())), kernel.body(), List.of(), 1);
    double read = 0;
    double written = 0;
    for (Buffer buffer : kernel.buffers()) {
      double bytes = (double) count.value(Index.of(buffer.size())) * buffer.dtype().bytes();
      double loaded = count.loads.getOrDefault(buffer, 0.0) * buffer.dtype().bytes();
      double stored = count.stores.getOrDefault(buffer, 0.0) * buffer.dtype().bytes();
      switch (buffer.role()) {
        case INPUT -> read += Math.min(bytes, loaded);
        case OUTPUT -> written += Math.min(bytes, stored);
        case SCRATCH -> {
          // stays in the nearest cache
        }
      }
    }
    return new KernelCost(count.single + count.twofold, count.twofold, read, written);
  }

  /** All bytes that move. */
  public double bytes() {
    return bytesRead + bytesWritten;
  }

  KernelCost plus(KernelCost other) {
    return new KernelCost(
        flop + other.flop,
        doubleFlop + other.doubleFlop,
        bytesRead + other.bytesRead,
        bytesWritten + other.bytesWritten);
  }

  KernelCost times(double calls) {
    return new KernelCost(
        flop * calls, doubleFlop * calls, bytesRead * calls, bytesWritten * calls);
  }

  /** The walk over a kernel's statements. */
  private static final class Count {
    private final int[] dims;
    private final Map<Integer, Long> variables = new HashMap<>();
    private final Map<Buffer, Double> loads = new HashMap<>();
    private final Map<Buffer, Double> stores = new HashMap<>();
    private double single;
    private double twofold;

    Count(int[] dims) {
      this.dims = dims;
    }

    /** Counts {@code body} for each value of {@code variable}, all of it {@code times} times. */
    void repeat(
        int variable,
        long begin,
        long end,
        List<Statement> body,
        List<Statement.Accumulator> folds,
        double times) {
      if (end <= begin) {
        return;
      }
      double all = times * (end - begin);
      folds.forEach(fold -> operation(fold.dtype(), all));
      if (decidesRanges(variable, body)) {
        for (long value = begin; value < end; value++) {
          variables.put(variable, value);
          block(body, times);
        }
      } else {
        variables.put(variable, begin);
        block(body, all);
      }
    }

    private void block(List<Statement> statements, double times) {
      for (Statement statement : statements) {
        switch (statement) {
          case Let(int variable, Scalar value) -> let(value, times);
          case Store(Buffer buffer, Index index, int variable) ->
              stores.merge(buffer, times, Double::sum);
          case Loop(int variable, Range range, int lanes, var folds, var body) ->
              repeat(variable, value(range.begin()), end(range), body, folds, times);
          case Split(List<Axis> axes, Index flat) -> split(axes, value(flat));
          case Contract contract -> contract(contract, times);
          case Order(Place source, Dim count, boolean descending, Place target, Buffer scratch) -> {
            loads.merge(source.buffer(), times * evaluate(count), Double::sum);
            stores.merge(target.buffer(), times * evaluate(count), Double::sum);
          }
        }
      }
    }

    private void split(List<Axis> axes, long flat) {
      long rest = flat;
      for (Axis axis : axes.reversed()) {
        long extent = Math.max(1, evaluate(axis.extent()));
        boolean first = axis.equals(axes.getFirst());
        variables.put(axis.variable(), first ? rest : rest % extent);
        rest /= extent;
      }
    }

    private void let(Scalar scalar, double times) {
      switch (scalar) {
        case Scalar.Load(Buffer buffer, Index index) -> loads.merge(buffer, times, Double::sum);
        case Scalar.Apply(ScalarOp op, DType dtype, List<Integer> operands) -> {
          if (op != ScalarOp.SELECT && op != ScalarOp.CAST) {
            operation(dtype, times);
          }
        }
        case Scalar.Literal literal -> {}
        case Scalar.Position position -> {}
        case Scalar.CheckedIndex index -> {}
        case Scalar.Draw draw -> {}
      }
    }

    private void operation(DType dtype, double times) {
      single += dtype == DType.FLOAT32 ? times : 0;
      twofold += dtype == DType.FLOAT64 ? times : 0;
    }

    private void contract(Contract contract, double times) {
      double rows = length(contract.rows());
      double columns = length(contract.columns());
      double inner = 1;
      for (Axis axis : contract.inner()) {
        inner *= evaluate(axis.extent());
      }
      operation(contract.target().buffer().dtype(), 2 * times * rows * columns * inner);
      loads.merge(contract.left().buffer(), times * rows * inner, Double::sum);
      loads.merge(contract.right().buffer(), times * inner * columns, Double::sum);
      stores.merge(contract.target().buffer(), times * rows * columns, Double::sum);
    }

    private long length(Range range) {
      return Math.max(0, end(range) - value(range.begin()));
    }

    private long end(Range range) {
      return range.ends().stream().mapToLong(this::value).min().orElseThrow();
    }

    private long value(Index index) {
      long sum = evaluate(index.offset());
      for (Index.Term term : index.terms()) {
        sum += evaluate(term.factor()) * variables.getOrDefault(term.variable(), 0L);
      }
      return sum;
    }

    private long evaluate(Dim dim) {
      return dim.evaluate(symbol -> dims[Integer.parseInt(symbol.name().substring(1))]);
    }
  }

  /** Whether how often something in {@code body} runs depends on {@code variable}. */
  private static boolean decidesRanges(int variable, List<Statement> body) {
    return decidesRanges(new HashSet<>(Set.of(variable)), body);
  }

  /** As above for several variables, to which those are added that are split off from them. */
  private static boolean decidesRanges(Set<Integer> variables, List<Statement> body) {
    for (Statement statement : body) {
      boolean decides =
          switch (statement) {
            case Let let -> false;
            case Store store -> false;
            case Split split -> {
              if (uses(split.flat(), variables)) {
                split.axes().forEach(axis -> variables.add(axis.variable()));
              }
              yield false;
            }
            case Loop loop ->
                uses(loop.range(), variables) || decidesRanges(variables, loop.body());
            case Contract contract ->
                uses(contract.rows(), variables) || uses(contract.columns(), variables);
            case Order order -> false;
          };
      if (decides) {
        return true;
      }
    }
    return false;
  }

  private static boolean uses(Range range, Set<Integer> variables) {
    return uses(range.begin(), variables)
        || range.ends().stream().anyMatch(end -> uses(end, variables));
  }

  private static boolean uses(Index index, Set<Integer> variables) {
    return index.terms().stream().anyMatch(term -> variables.contains(term.variable()));
  }
}
