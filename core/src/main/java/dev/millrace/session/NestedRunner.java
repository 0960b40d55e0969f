package dev.millrace.session;

import dev.millrace.compile.Job;
import dev.millrace.compile.Program;
import dev.millrace.cpu.Workers;
import dev.millrace.profile.Recorder;
import dev.millrace.provider.ContractionProvider;
import dev.millrace.tensor.Dim;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** Runs the program of a region in the memory of the step that it belongs to. */
final class NestedRunner {
  private final Job.Nested nested;
  private final Frame frame;
  private final int[] sources;

  NestedRunner(Job.Nested nested, Loaded loaded, Optional<ContractionProvider> provider) {
    this.nested = nested;
    this.frame = new Frame(loaded, provider);
    Program program = nested.program();
    this.sources =
        program.results().stream()
            .mapToInt(result -> loaded.tablePosition(result.storage()))
            .toArray();
  }

  void resize(ToLongFunction<Dim> sizes) {
    frame.resize(sizes);
  }

  /** Takes over what is the same in each call: captures, constants and slots. */
  void begin(Object[] buffers) {
    Object[] table = frame.table();
    for (int i = 0; i < nested.given().size(); i++) {
      switch (nested.given().get(i)) {
        case Job.Given.Operand(int number) -> table[i] = buffers[number];
        case Job.Given.Constant(Object array) -> table[i] = array;
        case Job.Given.Parameter parameter -> {}
      }
    }
    int slots = nested.program().slots().size();
    System.arraycopy(buffers, nested.firstSlot(), table, nested.given().size(), slots);
  }

  /** Gives parameter {@code number} an array. */
  void give(int number, Object array) {
    List<Job.Given> given = nested.given();
    for (int i = 0; i < given.size(); i++) {
      if (given.get(i) instanceof Job.Given.Parameter parameter && parameter.number() == number) {
        frame.table()[i] = array;
      }
    }
  }

  /** Where result {@code number} goes, if it is computed and not there already. */
  void receive(int number, Object array) {
    frame.table()[frame.loaded().firstResult() + number] = array;
  }

  void run(Workers workers, Optional<Recorder> recorder) {
    frame.run(workers, recorder);
  }

  /** The array that holds result {@code number} now. */
  Object result(int number) {
    return frame.table()[sources[number]];
  }

  void forget() {
    frame.forget();
  }
}
