package dev.millrace.session;

import dev.millrace.compile.Job;
import dev.millrace.cpu.Workers;
import dev.millrace.profile.Recorder;
import dev.millrace.provider.ContractionProvider;
import dev.millrace.tensor.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** Runs one of several programs, or the only one. */
final class ChoiceRunner implements JobRunner {
  private final Job.Choice choice;
  private final List<NestedRunner> programs = new ArrayList<>();
  private final int[] sizes;
  private final Object[] unwanted;

  ChoiceRunner(Job.Choice choice, List<Loaded> loaded, Optional<ContractionProvider> provider) {
    this.choice = choice;
    for (int i = 0; i < loaded.size(); i++) {
      programs.add(new NestedRunner(choice.programs().get(i), loaded.get(i), provider));
    }
    this.sizes = new int[choice.sizes().size()];
    this.unwanted = new Object[sizes.length];
  }

  @Override
  public void resize(ToLongFunction<Dim> dims) {
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = Frame.size(dims.applyAsLong(choice.sizes().get(i)));
    }
    programs.forEach(program -> program.resize(dims));
  }

  @Override
  public void run(Workers workers, Object[] buffers, Optional<Recorder> recorder) {
    boolean first = programs.size() == 1 || ((byte[]) buffers[0])[0] != 0;
    NestedRunner program = programs.get(first ? 0 : 1);
    program.begin(buffers);
    for (int part = 0; part < sizes.length; part++) {
      Object array = buffers[choice.operands() + part];
      program.receive(part, array == null ? unwanted(part) : array);
    }
    program.run(workers, recorder);
    for (int part = 0; part < sizes.length; part++) {
      Object array = buffers[choice.operands() + part];
      Object found = program.result(part);
      if (array != null && found != array) {
        System.arraycopy(found, 0, array, 0, sizes[part]);
      }
    }
  }

  /** A branch computes all its results, also those that nobody wants. */
  private Object unwanted(int part) {
    Object kept = unwanted[part];
    if (kept == null || java.lang.reflect.Array.getLength(kept) < sizes[part]) {
      kept =
          choice
              .programs()
              .getFirst()
              .program()
              .results()
              .get(part)
              .type()
              .dtype()
              .newArray(sizes[part]);
      unwanted[part] = kept;
    }
    return kept;
  }

  @Override
  public void forget() {
    programs.forEach(NestedRunner::forget);
  }
}
