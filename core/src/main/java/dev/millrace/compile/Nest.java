package dev.millrace.compile;

import dev.millrace.kernel.Index;
import dev.millrace.kernel.Kernel;
import dev.millrace.kernel.Statement;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Loops over the dims of a value that is written by itself, divided among tasks: by the first axis,
 * or else by blocks of the last one.
 */
final class Nest {
  /** Neighbours along the last axis that one task works on. */
  private static final long BLOCK = 64;

  private final KernelBuilder builder;
  private final Optional<Dim> first;
  private final Optional<Dim> last;

  private Nest(KernelBuilder builder, Optional<Dim> first, Optional<Dim> last) {
    this.builder = builder;
    this.first = first;
    this.last = last;
  }

  /** Each index of the first axis is a task. */
  static Nest byFirst(KernelBuilder builder, Dim extent) {
    return new Nest(builder, Optional.of(extent), Optional.empty());
  }

  /** Each block of the last axis is a task. */
  static Nest byLast(KernelBuilder builder, Dim extent) {
    return new Nest(builder, Optional.empty(), Optional.of(extent));
  }

  /** One task does everything. */
  static Nest whole(KernelBuilder builder) {
    return new Nest(builder, Optional.empty(), Optional.empty());
  }

  /** How many tasks there are. */
  Dim tasks() {
    return first.orElseGet(
        () -> last.map(extent -> KernelBuilder.blocks(extent, BLOCK)).orElse(Dim.ONE));
  }

  /** What is done at one place. */
  @FunctionalInterface
  interface Body {
    void write(List<Index> at);
  }

  /** Loops over {@code dims}, of which the first and the last are those that tasks divide. */
  void over(List<Dim> dims, Body body) {
    from(List.of(), dims, true, body);
  }

  /**
   * Loops over the axes behind those of {@code at}.
   *
   * @param dims all of them
   * @param toLast whether the last of the dims is the one that tasks divide
   */
  void from(List<Index> at, List<Dim> dims, boolean toLast, Body body) {
    int axis = at.size();
    if (axis == dims.size()) {
      body.write(at);
    } else if (axis == 0 && first.isPresent()) {
      from(List.of(Index.ofVariable(Kernel.TASK)), dims, toLast, body);
    } else {
      boolean divided = toLast && last.isPresent() && axis == dims.size() - 1;
      Statement.Range range =
          divided
              ? builder.blockOf(Index.ofVariable(Kernel.TASK), BLOCK, last.get())
              : builder.upTo(dims.get(axis));
      int variable = builder.newVariable(DType.INT32);
      Runnable inner = () -> from(with(at, Index.ofVariable(variable)), dims, toLast, body);
      builder.loop(variable, range, inner);
    }
  }

  static List<Index> with(List<Index> coordinates, Index next) {
    var longer = new ArrayList<>(coordinates);
    longer.add(next);
    return List.copyOf(longer);
  }
}
