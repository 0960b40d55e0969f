package dev.millrace.session;

import dev.millrace.compile.Program;
import dev.millrace.compile.Step;
import dev.millrace.compile.Storage;
import dev.millrace.cpu.CpuKernel;
import dev.millrace.cpu.Workers;
import dev.millrace.graph.Value;
import dev.millrace.op.Op;
import dev.millrace.op.Requirement;
import dev.millrace.profile.Recorder;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.IndexException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.lang.ref.SoftReference;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The memory that one run of a prepared program works in, used by one run at a time and kept for
 * the next: a run whose dims are those of the run before allocates nothing but its fetches.
 */
final class Arena {
  private final SoftReference<Arena> soft = new SoftReference<>(this);
  private final Prepared prepared;
  private final Program program;

  /** Inputs, then slots, then results, as arrays. */
  private final Object[] table;

  private final Object[][] arguments;
  private final int[][] dims;
  private final TakenOver takenOver;
  private final long[] fed;
  private final long[] symbols;
  private final long[] run = new long[1];
  private final Shape[] resultShapes;
  private final int[] resultSizes;
  private boolean sized;

  Arena(Prepared prepared) {
    this.prepared = prepared;
    this.program = prepared.program();
    int steps = program.steps().size();
    this.table = new Object[prepared.firstResult() + program.results().size()];
    this.arguments = new Object[steps][];
    this.dims = new int[steps][];
    this.takenOver = new TakenOver(program, prepared.provider());
    for (int step = 0; step < steps; step++) {
      arguments[step] = new Object[prepared.bufferTable(step).length];
      dims[step] = new int[program.steps().get(step).dims().size()];
    }
    this.fed = new long[prepared.binding().dims()];
    this.symbols = new long[prepared.binding().size()];
    this.resultShapes = new Shape[program.results().size()];
    this.resultSizes = new int[resultShapes.length];
  }

  /** This, as it is kept between runs; one object, so that keeping it makes no garbage. */
  SoftReference<Arena> soft() {
    return soft;
  }

  List<Tensor> run(
      Workers workers,
      Tensor[] feeds,
      long runNumber,
      Consumer<Prepared> commit,
      Optional<Recorder> recorder) {
    if (!prepared.binding().note(feeds, fed) || !sized) {
      sized = false;
      prepared.binding().bind(feeds, fed, symbols);
      if (prepared.changesState()) {
        prepared.binding().checkSomethingIsFed(feeds, symbols, prepared.learntFromDims());
      }
      resize(feeds);
      sized = true;
    }
    try {
      run[0] = runNumber;
      fillInputs(feeds);
      fillResults();
      for (int step = 0; step < arguments.length; step++) {
        runStep(workers, step, recorder);
      }
      List<Tensor> fetched = finishResults();
      commit.accept(prepared);
      return fetched;
    } finally {
      forget();
    }
  }

  private void resize(Tensor[] feeds) {
    program.checks().forEach(this::check);
    prepared.memory().check(this::value, feeds);
    List<Program.Slot> slots = program.slots();
    int first = prepared.inputs().size();
    for (int i = 0; i < slots.size(); i++) {
      int size = size(slots.get(i).size());
      Object old = table[first + i];
      if (old == null || Array.getLength(old) < size) {
        table[first + i] = slots.get(i).dtype().newArray(size);
      }
    }
    for (int i = 0; i < resultShapes.length; i++) {
      Shape shape = program.results().get(i).type().shape();
      resultShapes[i] = shape.map(dim -> Dim.of(evaluate(dim)));
      resultSizes[i] = resultShapes[i].size();
    }
    for (int step = 0; step < dims.length; step++) {
      List<Dim.Symbol> wanted = program.steps().get(step).dims();
      for (int i = 0; i < wanted.size(); i++) {
        dims[step][i] = Math.toIntExact(value(wanted.get(i)));
      }
    }
    takenOver.bind(this::evaluate);
  }

  /** Kernels rely on this, so it is looked at whenever a dim changes. */
  private void check(Program.Check check) {
    Requirement required = check.requirement();
    if (evaluate(required.unlessZero()) != 0 && evaluate(required.nonNegative()) < 0) {
      throw new RunException(
          check.value().op().map(Op::name).orElse("run")
              + ": "
              + required.rule()
              + ", and this run has "
              + required.nonNegative().symbols().stream()
                  .map(symbol -> symbol.name() + " = " + value(symbol))
                  .collect(Collectors.joining(", "))
              + ", in "
              + check.value()
              + "; nothing was changed");
    }
  }

  /** Number of elements of something that long. */
  private int size(Dim elements) {
    return Shape.of(Dim.of(evaluate(elements))).size();
  }

  private long evaluate(Dim dim) {
    return dim.evaluate(this::value);
  }

  private long value(Dim.Symbol symbol) {
    return symbols[prepared.binding().position(symbol)];
  }

  private void fillInputs(Tensor[] feeds) {
    List<Prepared.Input> inputs = prepared.inputs();
    for (int i = 0; i < inputs.size(); i++) {
      table[i] =
          switch (inputs.get(i)) {
            case Prepared.Input.Feed(int number) -> feeds[number].array();
            case Prepared.Input.Content(VariableStore.Cell cell) -> cell.content();
            case Prepared.Input.Constant(Tensor tensor) -> tensor.array();
            case Prepared.Input.Run() -> run;
          };
    }
  }

  /** New contents go to the variables' spare arrays, fetches to new ones. */
  private void fillResults() {
    int first = prepared.firstResult();
    int assigned = prepared.assigned().size();
    for (int i = 0; i < resultShapes.length; i++) {
      int size = resultSizes[i];
      if (i < assigned) {
        table[first + i] = prepared.assigned().get(i).spare(size);
      } else if (program.results().get(i).storage() instanceof Storage.Result(int number)
          && number == i) {
        table[first + i] = program.results().get(i).type().dtype().newArray(size);
      }
    }
  }

  private void runStep(Workers workers, int step, Optional<Recorder> recorder) {
    int[] positions = prepared.bufferTable(step);
    Object[] buffers = arguments[step];
    for (int i = 0; i < positions.length; i++) {
      buffers[i] = positions[i] < 0 ? null : table[positions[i]];
    }
    try {
      if (recorder.isPresent()) {
        runNoted(workers, step, recorder.get());
      } else if (!takenOver.run(workers, step, buffers)) {
        prepared.kernel(step).run(workers, buffers, dims[step]);
      }
    } catch (IndexException outside) {
      throw new IndexException(explain(step, outside, "gather", "scatter", "take", "dynamic"));
    } catch (ArithmeticException division) {
      throw new RunException(explain(step, division, "divide", "modulo"), division);
    }
  }

  private void runNoted(Workers workers, int step, Recorder recorder) {
    Step noted = program.steps().get(step);
    CpuKernel kernel = prepared.kernel(step);
    Recorder.Call call = recorder.begin(noted.values(), noted.kernel(), dims[step]);
    long began = System.nanoTime();
    if (takenOver.run(workers, step, arguments[step])) {
      call.ran(0, 1, began, System.nanoTime());
      call.end(takenOver.name());
      return;
    }
    kernel.run(workers, arguments[step], dims[step], call::ran);
    call.end(kernel.form());
  }

  /** The message, with the values of the step that may have caused it. */
  private String explain(int step, RuntimeException cause, String... ops) {
    Step failed = program.steps().get(step);
    List<Value> suspects = failed.values().stream().filter(value -> isOneOf(value, ops)).toList();
    List<Value> named = suspects.isEmpty() ? failed.values() : suspects;
    return named.getFirst().op().map(op -> op.name() + ": ").orElse("run: ")
        + cause.getMessage()
        + ", in "
        + named.stream().map(Value::toString).collect(Collectors.joining(" or "))
        + "; nothing was changed";
  }

  private static boolean isOneOf(Value value, String... ops) {
    String name = value.op().map(op -> op.name().toLowerCase(Locale.ROOT)).orElse("");
    for (String op : ops) {
      if (name.startsWith(op)) {
        return true;
      }
    }
    return false;
  }

  private List<Tensor> finishResults() {
    int assigned = prepared.assigned().size();
    for (int i = 0; i < assigned; i++) {
      int source = source(i);
      int target = prepared.firstResult() + i;
      if (source != target) {
        System.arraycopy(table[source], 0, table[target], 0, resultSizes[i]);
      }
    }
    if (assigned == resultShapes.length) {
      return List.of();
    }
    var fetched = new ArrayList<Tensor>(resultShapes.length - assigned);
    for (int i = assigned; i < resultShapes.length; i++) {
      DType dtype = program.results().get(i).type().dtype();
      fetched.add(Tensor.wrap(dtype, resultShapes[i], fetchedArray(i, dtype)));
    }
    return fetched;
  }

  /** Arrays that belong to variables are copied; others are handed out. */
  private Object fetchedArray(int result, DType dtype) {
    int source = source(result);
    Object array = table[source];
    boolean owned =
        source < prepared.inputs().size()
            ? prepared.inputs().get(source) instanceof Prepared.Input.Content
                || prepared.inputs().get(source) instanceof Prepared.Input.Run
            : source < prepared.firstResult() + prepared.assigned().size();
    if (!owned) {
      return array;
    }
    int size = resultSizes[result];
    Object copy = dtype.newArray(size);
    System.arraycopy(array, 0, copy, 0, size);
    return copy;
  }

  private int source(int result) {
    return prepared.tablePosition(program.results().get(result).storage());
  }

  /** Keeps no array of the caller alive. */
  private void forget() {
    for (int i = 0; i < prepared.inputs().size(); i++) {
      table[i] = null;
    }
    for (int i = prepared.firstResult(); i < table.length; i++) {
      table[i] = null;
    }
    for (Object[] buffers : arguments) {
      Arrays.fill(buffers, null);
    }
  }
}
