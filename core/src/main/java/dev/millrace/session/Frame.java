package dev.millrace.session;

import dev.millrace.compile.Job;
import dev.millrace.compile.Program;
import dev.millrace.compile.Step;
import dev.millrace.cpu.CpuKernel;
import dev.millrace.cpu.Workers;
import dev.millrace.graph.Value;
import dev.millrace.profile.Recorder;
import dev.millrace.provider.ContractionProvider;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.IndexException;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * What running the steps of a program needs: the table of its arrays, and the arguments of each
 * step. Whoever owns the arrays puts them into the table.
 */
final class Frame {
  private final Loaded loaded;
  private final Program program;

  /** Inputs, then slots, then results, as arrays. */
  private final Object[] table;

  private final Object[][] arguments;
  private final int[][] dims;
  private final JobRunner[] jobs;
  private final TakenOver takenOver;

  Frame(Loaded loaded, Optional<ContractionProvider> provider) {
    this.loaded = loaded;
    this.program = loaded.program();
    int steps = program.steps().size();
    this.table = new Object[loaded.firstResult() + program.results().size()];
    this.arguments = new Object[steps][];
    this.dims = new int[steps][];
    this.jobs = new JobRunner[steps];
    this.takenOver = new TakenOver(program, provider);
    for (int number = 0; number < steps; number++) {
      Step step = program.steps().get(number);
      arguments[number] = new Object[step.buffers().size()];
      dims[number] = new int[step.dims().size()];
      List<Loaded> nested = loaded.nested(number);
      jobs[number] =
          step.job().map(job -> JobRunner.of(job, nested, provider)).orElse(JobRunner.NONE);
    }
  }

  Loaded loaded() {
    return loaded;
  }

  Object[] table() {
    return table;
  }

  /** Works out what depends on the dims of a run. */
  void resize(ToLongFunction<Dim> sizes) {
    for (int step = 0; step < dims.length; step++) {
      List<Dim.Symbol> wanted = program.steps().get(step).dims();
      for (int i = 0; i < wanted.size(); i++) {
        dims[step][i] = Math.toIntExact(sizes.applyAsLong(Dim.ofAtom(wanted.get(i))));
      }
      jobs[step].resize(sizes);
    }
    takenOver.bind(sizes);
  }

  /** Number of elements of something that long. */
  static int size(long elements) {
    return Shape.of(Dim.of(elements)).size();
  }

  void run(Workers workers, Optional<Recorder> recorder) {
    for (int step = 0; step < arguments.length; step++) {
      runStep(workers, step, recorder);
    }
  }

  private void runStep(Workers workers, int step, Optional<Recorder> recorder) {
    int[] positions = loaded.bufferTable(step);
    Object[] buffers = arguments[step];
    for (int i = 0; i < positions.length; i++) {
      buffers[i] = positions[i] < 0 ? null : table[positions[i]];
    }
    if (jobs[step] != JobRunner.NONE) {
      runJob(workers, step, recorder);
      return;
    }
    try {
      if (recorder.isPresent()) {
        runNoted(workers, step, recorder.get());
      } else if (!takenOver.run(workers, step, buffers)) {
        loaded.kernel(step).run(workers, buffers, dims[step]);
      }
    } catch (IndexException outside) {
      throw new IndexException(explain(step, outside, "gather", "scatter", "take", "dynamic"));
    } catch (ArithmeticException division) {
      throw new RunException(explain(step, division, "divide", "modulo"), division);
    }
  }

  /** What goes wrong inside of a nested program is explained there. */
  private void runJob(Workers workers, int step, Optional<Recorder> recorder) {
    if (program.steps().get(step).job().orElseThrow() instanceof Job.Library) {
      try {
        Step noted = program.steps().get(step);
        Optional<Recorder.Call> call =
            recorder.map(to -> to.begin(noted.values(), noted.kernel(), dims[step]));
        jobs[step].run(workers, arguments[step], recorder);
        call.ifPresent(done -> done.end("library"));
      } catch (MillraceException refused) {
        throw new RunException(explain(step, refused), refused);
      }
    } else {
      jobs[step].run(workers, arguments[step], recorder);
    }
  }

  private void runNoted(Workers workers, int step, Recorder recorder) {
    Step noted = program.steps().get(step);
    CpuKernel kernel = loaded.kernel(step);
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
    if (failed.job().isPresent()) {
      named = List.of(failed.values().getLast());
    }
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

  /** Keeps no array of others alive: inputs, and results. */
  void forget() {
    for (int i = 0; i < program.inputs().size(); i++) {
      table[i] = null;
    }
    for (int i = loaded.firstResult(); i < table.length; i++) {
      table[i] = null;
    }
    for (Object[] buffers : arguments) {
      Arrays.fill(buffers, null);
    }
    for (JobRunner job : jobs) {
      job.forget();
    }
  }
}
