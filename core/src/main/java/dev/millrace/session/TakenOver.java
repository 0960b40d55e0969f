package dev.millrace.session;

import dev.millrace.compile.ContractionForm;
import dev.millrace.compile.Program;
import dev.millrace.cpu.Workers;
import dev.millrace.provider.Contraction;
import dev.millrace.provider.ContractionCode;
import dev.millrace.provider.ContractionProvider;
import dev.millrace.tensor.Dim;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** The steps of a program that a provider computes; which ones may change with the dims. */
final class TakenOver {
  /** Codes that are kept, for batches of a size that has been seen before. */
  private static final int MOST_KEPT = 64;

  private final Program program;
  private final Optional<ContractionProvider> provider;
  private final ContractionCode[] codes;
  private final Map<Key, Optional<ContractionCode>> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Optional<ContractionCode>> eldest) {
          return size() > MOST_KEPT;
        }
      };

  private record Key(int step, Contraction contraction) {}

  TakenOver(Program program, Optional<ContractionProvider> provider) {
    this.program = program;
    this.provider = provider;
    this.codes = new ContractionCode[program.steps().size()];
  }

  /** Asks the provider about the contractions as they are with these dims. */
  void bind(ToLongFunction<Dim> dims) {
    if (provider.isEmpty()) {
      return;
    }
    for (int step = 0; step < codes.length; step++) {
      int number = step;
      codes[step] =
          program
              .steps()
              .get(step)
              .contraction()
              .flatMap(form -> code(new Key(number, form.with(dims))))
              .orElse(null);
    }
  }

  private Optional<ContractionCode> code(Key key) {
    return known.computeIfAbsent(
        key, unknown -> provider.flatMap(found -> found.compile(unknown.contraction)));
  }

  /** Who computes them. */
  String name() {
    return provider.map(ContractionProvider::name).orElse("");
  }

  /** Runs a step, unless it is for a generated kernel to run. */
  boolean run(Workers workers, int step, Object[] arrays) {
    ContractionCode code = codes[step];
    if (code == null) {
      return false;
    }
    ContractionForm.Buffers buffers =
        program.steps().get(step).contraction().orElseThrow().buffers();
    code.run(
        workers::runTasks,
        (float[]) arrays[buffers.left()],
        (float[]) arrays[buffers.right()],
        (float[]) arrays[buffers.target()]);
    return true;
  }
}
