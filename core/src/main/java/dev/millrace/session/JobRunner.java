package dev.millrace.session;

import dev.millrace.compile.Job;
import dev.millrace.cpu.Workers;
import dev.millrace.op.Routine;
import dev.millrace.profile.Recorder;
import dev.millrace.provider.ContractionProvider;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** Runs a step that is no kernel; used by one run at a time. */
interface JobRunner {
  /** Nothing: the step is a kernel. */
  JobRunner NONE =
      new JobRunner() {
        @Override
        public void resize(ToLongFunction<Dim> sizes) {}

        @Override
        public void run(Workers workers, Object[] buffers, Optional<Recorder> recorder) {}

        @Override
        public void forget() {}
      };

  /** Works out what depends on the dims of a run. */
  void resize(ToLongFunction<Dim> sizes);

  /** Does the work, with the arrays of the step. */
  void run(Workers workers, Object[] buffers, Optional<Recorder> recorder);

  /** Keeps no array of others alive. */
  void forget();

  static JobRunner of(Job job, List<Loaded> nested, Optional<ContractionProvider> provider) {
    return switch (job) {
      case Job.Library library -> new LibraryRunner(library);
      case Job.Loop loop -> new LoopRunner(loop, nested, provider);
      case Job.Choice choice -> new ChoiceRunner(choice, nested, provider);
    };
  }

  /** Runs Java code on whole arrays. */
  final class LibraryRunner implements JobRunner {
    private final Job.Library library;
    private final int[][] shapes;
    private final Object[] operands;
    private final Object[] parts;

    LibraryRunner(Job.Library library) {
      this.library = library;
      this.shapes = new int[library.shapes().size()][];
      this.operands = new Object[library.operands()];
      this.parts = new Object[shapes.length - operands.length];
    }

    @Override
    public void resize(ToLongFunction<Dim> sizes) {
      for (int i = 0; i < shapes.length; i++) {
        Shape shape = library.shapes().get(i);
        shapes[i] =
            shape.dims().stream().mapToInt(dim -> Frame.size(sizes.applyAsLong(dim))).toArray();
      }
    }

    @Override
    public void run(Workers workers, Object[] buffers, Optional<Recorder> recorder) {
      System.arraycopy(buffers, 0, operands, 0, operands.length);
      System.arraycopy(buffers, operands.length, parts, 0, parts.length);
      Routine.Threads threads = workers::runTasks;
      library.code().run(threads, operands, parts, shapes);
    }

    @Override
    public void forget() {
      Arrays.fill(operands, null);
      Arrays.fill(parts, null);
    }
  }
}
