package dev.millrace.session;

import dev.millrace.compile.Memory;
import dev.millrace.compile.Program;
import dev.millrace.compile.Storage;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Tensor;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * The memory of a program in a session: what {@link Program#memory} says, and the arrays of
 * variables that are copied because they may not be handed out.
 */
final class PlannedMemory {
  private static final long MEBIBYTE = 1 << 20;

  private final Program program;
  private final Memory memory;
  private final Dim copies;
  private final List<Dim.Symbol> symbols;

  private PlannedMemory(Program program, Dim copies, List<Dim.Symbol> symbols) {
    this.program = program;
    this.memory = program.memory();
    this.copies = copies;
    this.symbols = symbols;
  }

  static PlannedMemory of(Prepared prepared) {
    Program program = prepared.program();
    int assigned = prepared.assigned().size();
    Dim copies = Dim.ZERO;
    for (int i = 0; i < program.results().size(); i++) {
      Program.Result result = program.results().get(i);
      Storage storage = result.storage();
      boolean own = storage.equals(new Storage.Result(i));
      if (!own && (i < assigned || isOwned(prepared, storage))) {
        Dim elements = result.type().shape().elements();
        copies = copies.plus(elements.times(result.type().dtype().bytes()));
      }
    }
    return new PlannedMemory(program, copies, prepared.binding().symbols());
  }

  /** Whether an array belongs to a variable or to the run, so that fetching it makes a copy. */
  private static boolean isOwned(Prepared prepared, Storage storage) {
    return switch (storage) {
      case Storage.Input(var value) ->
          switch (prepared.inputs().get(prepared.program().inputs().indexOf(value))) {
            case Prepared.Input.Content content -> true;
            case Prepared.Input.Run run -> true;
            case Prepared.Input.Feed feed -> false;
            case Prepared.Input.Constant constant -> false;
          };
      case Storage.Slot slot -> true;
      case Storage.Result(int number) -> number < prepared.assigned().size();
    };
  }

  /** Bytes without scratch memory. */
  long total(ToLongFunction<Dim.Symbol> dims) {
    return total(dims, 0);
  }

  /** Bytes with the scratch memory of {@code threads} threads. */
  long total(ToLongFunction<Dim.Symbol> dims, int threads) {
    return memory.total(threads).plus(copies).evaluate(dims);
  }

  /**
   * Makes sure that a run has a chance to fit into the heap, before anything is allocated.
   *
   * @param feeds among which a tensor that is fed twice counts once
   * @throws RunException if what has to be there at once is more than the whole heap
   */
  void check(ToLongFunction<Dim.Symbol> dims, Tensor[] feeds) {
    long needed = total(dims) - repeated(feeds);
    long heap = Runtime.getRuntime().maxMemory();
    if (needed > heap) {
      throw new RunException(
          "run: needs "
              + mebibytes(needed)
              + ", and the heap has "
              + mebibytes(heap)
              + " in all: "
              + mebibytes(memory.inputs().evaluate(dims))
              + " for feeds, variables and constants, "
              + mebibytes(memory.results().plus(copies).evaluate(dims))
              + " for results, "
              + mebibytes(memory.slots().evaluate(dims))
              + " for values in between"
              + largest(dims)
              + sizes(dims)
              + "; nothing was changed; "
              + (symbols.isEmpty() ? "make it smaller" : "feed fewer items at once")
              + ", or give Java more with -Xmx");
    }
  }

  private static long repeated(Tensor[] feeds) {
    var seen = Collections.newSetFromMap(new IdentityHashMap<Object, Boolean>());
    long repeated = 0;
    for (Tensor feed : feeds) {
      if (!seen.add(feed.array())) {
        repeated += (long) feed.size() * feed.dtype().bytes();
      }
    }
    return repeated;
  }

  private String largest(ToLongFunction<Dim.Symbol> dims) {
    Optional<Program.Slot> largest =
        program.slots().stream().max(Comparator.comparingLong(slot -> slot.bytes().evaluate(dims)));
    return largest
        .map(slot ->
            " (the largest: "
                + slot.largest()
                + ", "
                + mebibytes(slot.bytes().evaluate(dims))
                + ")")
        .orElse("");
  }

  private String sizes(ToLongFunction<Dim.Symbol> dims) {
    return symbols.isEmpty()
        ? ""
        : ", with "
            + String.join(
                ", ",
                symbols.stream()
                    .map(symbol -> symbol.name() + " = " + dims.applyAsLong(symbol))
                    .toList());
  }

  private static String mebibytes(long bytes) {
    return Math.ceilDiv(bytes, MEBIBYTE) + " MiB";
  }
}
