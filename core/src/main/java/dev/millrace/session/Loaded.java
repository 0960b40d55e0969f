package dev.millrace.session;

import dev.millrace.compile.Job;
import dev.millrace.compile.Program;
import dev.millrace.compile.Step;
import dev.millrace.compile.Storage;
import dev.millrace.cpu.CpuKernel;
import dev.millrace.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A program with its kernels loaded, and the programs inside of its steps with theirs. */
final class Loaded {
  private final Program program;
  private final List<Optional<CpuKernel>> kernels = new ArrayList<>();
  private final List<List<Loaded>> nested = new ArrayList<>();
  private final int[][] bufferTable;

  Loaded(Program program) {
    this.program = program;
    for (Step step : program.steps()) {
      kernels.add(
          step.job().isPresent() ? Optional.empty() : Optional.of(CpuKernel.load(step.kernel())));
      nested.add(
          step.job().map(Job::programs).orElse(List.of()).stream()
              .map(inner -> new Loaded(inner.program()))
              .toList());
    }
    this.bufferTable = program.steps().stream().map(this::tablePositions).toArray(int[][]::new);
  }

  /** The table holds inputs, then slots, then results; -1 stands for no memory of the table. */
  private int[] tablePositions(Step step) {
    return step.buffers().stream()
        .mapToInt(storage -> storage.map(this::tablePosition).orElse(-1))
        .toArray();
  }

  int tablePosition(Storage storage) {
    return switch (storage) {
      case Storage.Input(Value value) -> program.inputs().indexOf(value);
      case Storage.Slot(int number) -> program.inputs().size() + number;
      case Storage.Result(int number) -> firstResult() + number;
    };
  }

  Program program() {
    return program;
  }

  /** The kernel of a step that has one. */
  CpuKernel kernel(int step) {
    return Objects.requireNonNull(kernels.get(step).orElse(null));
  }

  /** The programs inside of a step. */
  List<Loaded> nested(int step) {
    return nested.get(step);
  }

  int[] bufferTable(int step) {
    return bufferTable[step];
  }

  /** Where results begin in the table. */
  int firstResult() {
    return program.inputs().size() + program.slots().size();
  }
}
