package dev.millrace.session;

import dev.millrace.compile.Program;
import dev.millrace.compile.Step;
import dev.millrace.cpu.Workers;
import dev.millrace.graph.Body;
import dev.millrace.graph.Value;
import dev.millrace.graph.Variable;
import dev.millrace.op.Requirement;
import dev.millrace.profile.Recorder;
import dev.millrace.provider.ContractionProvider;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Tensor;
import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A program bound to a session: its kernels loaded, its inputs found, and the memory that runs use.
 *
 * <p>Results come in the order: new contents of variables, then fetches. Memory between kernels is
 * kept for the next run, one set for each run that goes on at the same time.
 */
final class Prepared {
  private final Program program;
  private final Optional<ContractionProvider> provider;
  private final DimBinding binding;
  private final List<VariableStore.Cell> assigned;
  private final List<Input> inputs = new ArrayList<>();
  private final Loaded loaded;

  /** Memory that is kept for the next run, unless the heap runs short. */
  private final Deque<SoftReference<Arena>> idle = new ArrayDeque<>();

  private final boolean draws;
  private final PlannedMemory memory;

  /** Unknown dims of what is fed and new contents of variables depend on. */
  private final Set<Dim.Symbol> learntFrom;

  /** Where an input comes from. */
  sealed interface Input {
    record Feed(int number) implements Input {}

    record Content(VariableStore.Cell cell) implements Input {}

    record Constant(Tensor tensor) implements Input {}

    record Run() implements Input {}
  }

  Prepared(
      Program program,
      Optional<ContractionProvider> provider,
      Value[] fed,
      List<Variable> assigned,
      VariableStore store) {
    this.program = program;
    this.provider = provider;
    this.binding = new DimBinding(fed);
    this.assigned = assigned.stream().map(store::cell).toList();
    for (Value value : program.inputs()) {
      inputs.add(input(value, store));
    }
    this.draws = inputs.contains(new Input.Run());
    this.loaded = new Loaded(program);
    this.memory = PlannedMemory.of(this);
    this.learntFrom = learntFrom();
    checkDims();
    checkFeedsAreUsed();
  }

  private Set<Dim.Symbol> learntFrom() {
    List<Value> contents =
        program.results().subList(0, assigned.size()).stream().map(Program.Result::value).toList();
    return Body.of(contents)
        .inputs()
        .filter(input -> input.kind() == Value.Kind.PLACEHOLDER)
        .flatMap(placeholder -> placeholder.shape().dims().stream())
        .flatMap(dim -> dim.symbols().stream())
        .collect(Collectors.toSet());
  }

  private Input input(Value value, VariableStore store) {
    return switch (value.kind()) {
      case PLACEHOLDER -> {
        int number = binding.placeholders().indexOf(value);
        if (number < 0) {
          throw new RunException(
              "run: placeholder "
                  + value
                  + " is needed and not fed; add feed("
                  + value.name()
                  + ", tensor) to this run");
        }
        yield new Input.Feed(number);
      }
      case VARIABLE -> new Input.Content(store.cell((Variable) value));
      case CONSTANT -> new Input.Constant(value.constant().orElseThrow());
      case RUN -> new Input.Run();
      case PARAMETER ->
          throw new RunException(
              "run: "
                  + value
                  + " belongs to the body of a loop, and what depends on it is asked for outside;"
                  + " return it from the body as a state or an output");
      case RESULT -> throw new AssertionError(value);
    };
  }

  private void checkDims() {
    for (Step step : program.steps()) {
      step.dims().forEach(symbol -> checkDim(symbol, step.values().getFirst()));
    }
    for (Program.Check check : program.checks()) {
      Requirement required = check.requirement();
      required.nonNegative().symbols().forEach(symbol -> checkDim(symbol, check.value()));
      required.unlessZero().symbols().forEach(symbol -> checkDim(symbol, check.value()));
    }
    for (Program.Result result : program.results()) {
      for (Dim dim : result.type().shape().dims()) {
        dim.symbols().forEach(symbol -> checkDim(symbol, result.value()));
      }
    }
  }

  private void checkDim(Dim.Symbol symbol, Value value) {
    if (!binding.binds(symbol)) {
      throw new RunException(
          "run: dim "
              + symbol.name()
              + " of "
              + value
              + " is not known; feed the placeholder"
              + " that it comes from, even if only its shape is used");
    }
  }

  private void checkFeedsAreUsed() {
    boolean used =
        binding.placeholders().isEmpty()
            || inputs.stream().anyMatch(Input.Feed.class::isInstance)
            || program.steps().stream().anyMatch(step -> !step.dims().isEmpty())
            || program.results().stream().anyMatch(result -> !result.type().shape().isKnown());
    if (!used) {
      throw new RunException(
          "run: nothing that is computed depends on what is fed, "
              + binding.placeholders().stream().map(Value::name).toList()
              + "; leave the feeds out, or fetch a value that depends on them");
    }
  }

  /** Whether a run changes the session: variables, or the number of the next draw. */
  boolean changesState() {
    return draws || !assigned.isEmpty();
  }

  /** Whether the results depend on the number of the run. */
  boolean draws() {
    return draws;
  }

  /**
   * Runs everything with these feeds; {@code commit} takes over when the new contents are in place.
   */
  List<Tensor> run(
      Workers workers,
      Tensor[] feeds,
      long run,
      Consumer<Prepared> commit,
      Optional<Recorder> recorder) {
    Arena arena = takeArena();
    try {
      return arena.run(workers, feeds, run, commit, recorder);
    } finally {
      synchronized (idle) {
        idle.push(arena.soft());
      }
    }
  }

  private Arena takeArena() {
    synchronized (idle) {
      while (!idle.isEmpty()) {
        Arena kept = idle.pop().get();
        if (kept != null) {
          return kept;
        }
      }
    }
    return new Arena(this);
  }

  /** Makes the new contents of variables their contents. */
  void commit() {
    for (int i = 0; i < assigned.size(); i++) {
      assigned.get(i).commit();
    }
  }

  /** Bytes that a run with these feeds works in, without scratch memory. */
  long memoryBytes(Tensor[] feeds) {
    var fed = new long[binding.dims()];
    var symbols = new long[binding.size()];
    binding.note(feeds, fed);
    binding.bind(feeds, fed, symbols);
    return memory.total(symbol -> symbols[binding.position(symbol)]);
  }

  PlannedMemory memory() {
    return memory;
  }

  /** Unknown dims on which new contents of variables depend. */
  Set<Dim.Symbol> learntFromDims() {
    return learntFrom;
  }

  Program program() {
    return program;
  }

  /** Who may compute contractions. */
  Optional<ContractionProvider> provider() {
    return provider;
  }

  DimBinding binding() {
    return binding;
  }

  List<Input> inputs() {
    return inputs;
  }

  List<VariableStore.Cell> assigned() {
    return assigned;
  }

  Loaded loaded() {
    return loaded;
  }
}
