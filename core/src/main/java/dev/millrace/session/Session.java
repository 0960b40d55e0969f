package dev.millrace.session;

import dev.millrace.compile.Compiler;
import dev.millrace.compile.ContractionPolicy;
import dev.millrace.cpu.CpuKernel;
import dev.millrace.cpu.Workers;
import dev.millrace.graph.Action;
import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;
import dev.millrace.profile.Profile;
import dev.millrace.profile.Recorder;
import dev.millrace.provider.ContractionProvider;
import dev.millrace.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Consumer;

/**
 * Runs a graph and keeps its variables.
 *
 * <p>A run is a transaction: it reads every variable as it was before the run, and commits all
 * changes together at the end; a run that throws changes nothing. Sessions may be shared between
 * threads: runs that only read go side by side, also beside one that computes changes. There is
 * nothing to close.
 *
 * <p>The first run of something compiles it; later runs, whatever their batch sizes, use the same
 * code. The results do not depend on the number of threads.
 */
public final class Session {
  private static final int MAX_PREPARED = 64;
  private static final Consumer<Prepared> NOTHING = call -> {};

  private final Graph graph;
  private final SessionOptions options;
  private final Workers workers;
  private final VariableStore store = new VariableStore();
  private final ReentrantLock writers = new ReentrantLock();
  private final StampedLock state = new StampedLock();
  private final Consumer<Prepared> committer = this::commit;
  private long nextRun;

  /** What is prepared, by what it does; the oldest goes first. */
  private final Map<Key, Prepared> prepared =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Prepared> eldest) {
          return size() > MAX_PREPARED;
        }
      };

  private volatile Optional<Recent> recent = Optional.empty();

  /** Takes down what runs do; mostly nothing does. */
  private volatile Optional<Recorder> recording = Optional.empty();

  private record Key(Action action, List<Expr> fetches, List<Value> fed) {}

  /** What ran last, found without a look-up that allocates. */
  private record Recent(Action action, List<Expr> fetches, Value[] fed, Prepared prepared) {
    boolean does(Action otherAction, List<? extends Expr> otherFetches, Value[] otherFed) {
      return action == otherAction && fetches.equals(otherFetches) && Arrays.equals(fed, otherFed);
    }
  }

  /**
   * A session on all processors, or as many as the system property {@code millrace.threads} says.
   *
   * @throws dev.millrace.tensor.MillraceException if a system property has a value that can't be
   *     followed
   */
  public Session(Graph graph) {
    this(graph, SessionOptions.defaults());
  }

  /**
   * A session on {@code threads} threads.
   *
   * @throws RunException if that is not 1 to 1024
   */
  public Session(Graph graph, int threads) {
    this(graph, new SessionOptions(threads, ComputeType.FLOAT32));
  }

  /**
   * A session with these options.
   *
   * @throws dev.millrace.tensor.MillraceException if a system property has a value that can't be
   *     followed
   */
  public Session(Graph graph, SessionOptions options) {
    this.graph = Objects.requireNonNull(graph, "session: the graph is null");
    this.options = Objects.requireNonNull(options, "session: the options are null");
    this.workers = Workers.of(options.threads());
    CpuKernel.checkProperties();
    Providers.checkProperty();
  }

  /** How this session computes. */
  public SessionOptions options() {
    return options;
  }

  /**
   * Name of what computes large products and convolutions in place of generated kernels, a module
   * on the class path; empty where there is none that works on this machine.
   */
  public static Optional<String> provider() {
    return Providers.available().map(ContractionProvider::name);
  }

  /** Does {@code action}, which needs no feeds. */
  public void run(Action action) {
    run(action, Feeds.NONE);
  }

  /** Does {@code action} with these feeds. */
  public void run(Action action, Feeds feeds) {
    run(action, List.of(), feeds);
  }

  /** The tensor of {@code fetch}, which needs no feeds. */
  public Tensor run(Expr fetch) {
    return run(fetch, Feeds.NONE);
  }

  /** The tensor of {@code fetch} with these feeds. */
  public Tensor run(Expr fetch, Feeds feeds) {
    return run(Action.none(), List.of(fetch), feeds).getFirst();
  }

  /** The tensors of several fetches, which need no feeds. */
  public List<Tensor> run(List<? extends Expr> fetches) {
    return run(fetches, Feeds.NONE);
  }

  /** The tensors of several fetches, all of one state of the variables. */
  public List<Tensor> run(List<? extends Expr> fetches, Feeds feeds) {
    return run(Action.none(), fetches, feeds);
  }

  /**
   * Does {@code action} and returns the fetches, which see the variables as they were before it.
   *
   * @throws RunException if a feed is missing or wrong, or a variable has no value yet
   */
  public List<Tensor> run(Action action, List<? extends Expr> fetches, Feeds feeds) {
    return run(prepare(action, fetches, feeds.placeholders()), feeds.tensors());
  }

  /**
   * A prepared call: {@code placeholders} become arguments and {@code fetches} results, without a
   * look-up in each call.
   */
  public CompiledFunction function(
      List<? extends Expr> placeholders, List<? extends Expr> fetches) {
    return function(Action.none(), placeholders, fetches);
  }

  /** A prepared call that also does {@code action}. */
  public CompiledFunction function(
      Action action, List<? extends Expr> placeholders, List<? extends Expr> fetches) {
    Value[] fed = placeholders.stream().map(Feeds::check).toArray(Value[]::new);
    return new CompiledFunction(this, prepare(action, fetches, fed));
  }

  /**
   * Profiles what {@code runs} does: from now on until it returns, this session notes what each of
   * its runs does, on whatever thread.
   *
   * @throws RunException if the session is being profiled already
   */
  public Profile profile(Runnable runs) {
    startProfile();
    try {
      runs.run();
    } catch (RuntimeException | Error failure) {
      recording = Optional.empty();
      throw failure;
    }
    return stopProfile();
  }

  /**
   * Begins to note what runs do.
   *
   * @throws RunException if that has begun already
   */
  public synchronized void startProfile() {
    if (recording.isPresent()) {
      throw new RunException("profile: the session is being profiled already; stop that first");
    }
    recording = Optional.of(new Recorder(options.threads()));
  }

  /**
   * Ends what {@link #startProfile} has begun.
   *
   * @return what was noted
   * @throws RunException if nothing has begun
   */
  public synchronized Profile stopProfile() {
    Profile profile =
        recording
            .orElseThrow(() ->
                new RunException("profile: the session is not being profiled; start that first"))
            .finish();
    recording = Optional.empty();
    return profile;
  }

  List<Tensor> run(Prepared call, Tensor[] feeds) {
    Optional<Recorder> recorder = recording;
    if (recorder.isEmpty()) {
      return run(call, feeds, recorder);
    }
    long start = System.nanoTime();
    List<Tensor> fetched = run(call, feeds, recorder);
    recorder.get().noteRun(start, call.memoryBytes(feeds));
    return fetched;
  }

  private List<Tensor> run(Prepared call, Tensor[] feeds, Optional<Recorder> recorder) {
    return call.changesState() ? write(call, feeds, recorder) : read(call, feeds, recorder);
  }

  private List<Tensor> read(Prepared call, Tensor[] feeds, Optional<Recorder> recorder) {
    long stamp = state.readLock();
    try {
      return call.run(workers, feeds, 0, NOTHING, recorder);
    } finally {
      state.unlockRead(stamp);
    }
  }

  private List<Tensor> write(Prepared call, Tensor[] feeds, Optional<Recorder> recorder) {
    writers.lock();
    try {
      return call.run(workers, feeds, nextRun, committer, recorder);
    } finally {
      writers.unlock();
    }
  }

  /** Readers wait for this only, which swaps arrays. */
  private void commit(Prepared call) {
    long stamp = state.writeLock();
    try {
      call.commit();
      nextRun += call.draws() ? 1 : 0;
    } finally {
      state.unlockWrite(stamp);
    }
  }

  private Prepared prepare(Action action, List<? extends Expr> fetches, Value[] fed) {
    Optional<Recent> last = recent;
    if (last.isPresent() && last.get().does(action, fetches, fed)) {
      return last.get().prepared;
    }
    var key = new Key(action, List.copyOf(fetches), List.of(fed));
    Prepared found;
    synchronized (prepared) {
      found = prepared.get(key);
      if (found == null) {
        long start = System.nanoTime();
        found = compile(action, fetches, fed);
        recording.ifPresent(recorder -> recorder.noteCompilation(start));
        prepared.put(key, found);
      }
    }
    recent = Optional.of(new Recent(action, key.fetches, fed, found));
    return found;
  }

  private Prepared compile(Action action, List<? extends Expr> fetches, Value[] fed) {
    for (Value placeholder : fed) {
      graph.own("feed", placeholder);
    }
    var results = new ArrayList<Value>();
    List<Variable> variables = List.copyOf(action.assignments().keySet());
    variables.forEach(variable -> graph.own("run", variable));
    results.addAll(action.assignments().values());
    fetches.forEach(fetch -> results.add(graph.own("run", fetch)));
    Optional<ContractionProvider> provider = Providers.available();
    var policy = new ContractionPolicy(options.compute() == ComputeType.BFLOAT16, provider);
    return new Prepared(Compiler.compile(results, policy), provider, fed, variables, store);
  }
}
