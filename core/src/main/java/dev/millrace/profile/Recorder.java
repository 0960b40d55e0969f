package dev.millrace.profile;

import dev.millrace.graph.Value;
import dev.millrace.kernel.Kernel;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes down what runs do while a session is profiled. Used by several runs at once, so it locks;
 * what it costs, about a microsecond a kernel, lies between the kernels and not in them.
 */
public final class Recorder {
  /** Events beyond these are counted and not kept: some 60 bytes each. */
  private static final int MOST_EVENTS = 400_000;

  private final int threads;
  private final long start = System.nanoTime();
  private final Map<List<Value>, KernelCalls> calls = new IdentityHashMap<>();
  private final List<Event> events = new ArrayList<>();
  private final Samples runs = new Samples();
  private long lost;
  private long compiling;
  private long memoryBytes;

  /**
   * A recorder of a session.
   *
   * @param threads that the session computes on
   */
  public Recorder(int threads) {
    this.threads = threads;
  }

  /**
   * A call of a kernel begins.
   *
   * @param values that it computes: the one list that stands for this kernel of a program
   */
  public Call begin(List<Value> values, Kernel kernel, int[] dims) {
    return new Call(calls(values, kernel), dims, System.nanoTime());
  }

  private synchronized KernelCalls calls(List<Value> values, Kernel kernel) {
    return calls.computeIfAbsent(values, same -> new KernelCalls(same, kernel));
  }

  /** A call of a kernel that goes on. */
  public final class Call {
    private final KernelCalls kernel;
    private final int[] dims;
    private final long from;

    private Call(KernelCalls kernel, int[] dims, long from) {
      this.kernel = kernel;
      this.dims = dims.clone();
      this.from = from;
    }

    /** The current thread has run the tasks {@code first} to below {@code end} of it. */
    public void ran(int first, int end, long began, long ended) {
      add(new Event.Chunk(Track.current(), began, ended, kernel, first, end));
    }

    /** The call is over; {@code form} of the kernel is the one that runs now. */
    public void end(String form) {
      long to = System.nanoTime();
      synchronized (Recorder.this) {
        kernel.add(dims, form, to - from);
        add(new Event.Call(Track.current(), from, to, kernel, dims));
      }
    }
  }

  /**
   * Notes a whole run.
   *
   * @param from its start as of {@link System#nanoTime}
   * @param bytes of the arrays that it worked in
   */
  public synchronized void noteRun(long from, long bytes) {
    long to = System.nanoTime();
    runs.add(to - from);
    memoryBytes = Math.max(memoryBytes, bytes);
    add(new Event.Span(Track.current(), from, to, "run"));
  }

  /** Notes that something was compiled from {@code from} until now. */
  public synchronized void noteCompilation(long from) {
    long to = System.nanoTime();
    compiling += to - from;
    add(new Event.Span(Track.current(), from, to, "compile"));
  }

  private synchronized void add(Event event) {
    if (events.size() < MOST_EVENTS) {
      events.add(event);
    } else {
      lost++;
    }
  }

  /** What was recorded so far. */
  public synchronized Profile finish() {
    return new Profile(
        threads,
        System.nanoTime() - start,
        runs,
        compiling,
        memoryBytes,
        calls.values().stream().map(KernelCalls::summary).toList(),
        new Timeline(start, List.copyOf(events), lost));
  }
}
