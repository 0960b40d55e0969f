package dev.millrace.compile;

import dev.millrace.cpu.Form;
import dev.millrace.cpu.KernelCompiler;
import dev.millrace.graph.Value;
import dev.millrace.kernel.Buffer;
import dev.millrace.kernel.Interpreter;
import dev.millrace.kernel.Kernel;
import dev.millrace.provider.ContractionProvider;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Runs a compiled program kernel by kernel, in a form of the caller's choice. */
public final class ProgramRunner {
  /** What runs the kernels. */
  public enum Engine {
    /** The slow interpreter: the oracle. */
    INTERPRETER,
    /** Bytecode, one element at a time. */
    SCALAR,
    /** Bytecode with vectors. */
    VECTOR
  }

  private final Program program;
  private final Map<Value, Tensor> inputs;
  private final Map<Dim.Symbol, Long> symbols = new HashMap<>();
  private final List<Object> slots = new ArrayList<>();
  private final List<Object> results = new ArrayList<>();

  private ProgramRunner(Program program, Map<? extends Value, Tensor> inputs) {
    this.program = program;
    this.inputs = new HashMap<>(inputs);
    inputs.forEach(this::bind);
    program.slots().forEach(s -> slots.add(s.dtype().newArray((int) size(s.size()))));
    for (Program.Result result : program.results()) {
      Dim elements = result.type().shape().elements();
      results.add(result.type().dtype().newArray((int) size(elements)));
    }
  }

  /** The results of {@code program} for these placeholders, variables and numbers of the run. */
  public static List<Tensor> run(
      Program program, Map<? extends Value, Tensor> inputs, Engine engine) {
    var runner = new ProgramRunner(program, inputs);
    program.steps().forEach(step -> runner.run(step, engine));
    return runner.results();
  }

  /** The same, with each contraction that may be taken over computed by {@code provider}. */
  static List<Tensor> runTakenOver(
      Program program, Map<? extends Value, Tensor> inputs, ContractionProvider provider) {
    var runner = new ProgramRunner(program, inputs);
    for (Step step : program.steps()) {
      step.contraction()
          .ifPresentOrElse(
              form -> runner.takeOver(step, form, provider),
              () -> runner.run(step, Engine.INTERPRETER));
    }
    return runner.results();
  }

  private void takeOver(Step step, ContractionForm form, ContractionProvider provider) {
    List<Object> arrays =
        step.buffers().stream().map(storage -> array(storage.orElseThrow())).toList();
    provider
        .compile(form.with(this::size))
        .orElseThrow()
        .run(
            (tasks, task) -> IntStream.range(0, tasks).forEach(task),
            (float[]) arrays.get(form.buffers().left()),
            (float[]) arrays.get(form.buffers().right()),
            (float[]) arrays.get(form.buffers().target()));
  }

  private void bind(Value value, Tensor tensor) {
    for (int axis = 0; axis < tensor.shape().rank(); axis++) {
      Dim dim = value.shape().dim(axis);
      if (dim.isSymbol()) {
        symbols.put(dim.symbol(), tensor.shape().dim(axis).value());
      }
    }
  }

  private long size(Dim dim) {
    return dim.evaluate(symbols::get);
  }

  private void run(Step step, Engine engine) {
    Kernel kernel = step.kernel();
    int[] dims = step.dims().stream().mapToInt(symbol -> symbols.get(symbol).intValue()).toArray();
    var buffers = new Object[kernel.buffers().size()];
    for (Buffer buffer : kernel.buffers()) {
      buffers[buffer.id()] =
          step.buffers().get(buffer.id()).map(this::array).orElseGet(() -> scratch(buffer, dims));
    }
    if (engine == Engine.INTERPRETER) {
      Interpreter.run(kernel, buffers, dims);
    } else {
      Form form = engine == Engine.SCALAR ? Form.SCALAR : Form.VECTOR;
      KernelCompiler.compile(kernel, form).run(buffers, dims, 0, size(kernel.tasks(), dims));
    }
  }

  private Object array(Storage storage) {
    return switch (storage) {
      case Storage.Input(Value value) ->
          value.constant().orElseGet(() -> inputs.get(value)).array();
      case Storage.Slot(int number) -> slots.get(number);
      case Storage.Result(int number) -> results.get(number);
    };
  }

  private static Object scratch(Buffer buffer, int[] dims) {
    return buffer.dtype().newArray(size(buffer.size(), dims));
  }

  /** A dim of a kernel, whose symbols are {@code d0, d1, ...}. */
  private static int size(Dim dim, int[] dims) {
    return (int) dim.evaluate(symbol -> dims[Integer.parseInt(symbol.name().substring(1))]);
  }

  private List<Tensor> results() {
    var tensors = new ArrayList<Tensor>();
    for (Program.Result result : program.results()) {
      DType dtype = result.type().dtype();
      Shape shape = result.type().shape().map(dim -> Dim.of(size(dim)));
      Object array = array(result.storage());
      tensors.add(Tensor.wrap(dtype, shape, array));
    }
    return tensors;
  }
}
