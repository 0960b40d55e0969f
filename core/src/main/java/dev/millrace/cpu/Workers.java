package dev.millrace.cpu;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that run the tasks of kernels, together with the thread that asks for it.
 *
 * <p>Tasks are claimed in chunks, so that a thread that the system takes away holds up no more than
 * the chunk that it has. Waiting threads spin for some microseconds and then park: an idle pool
 * costs nothing. A pool serves one caller at a time; another one that comes meanwhile does its work
 * alone. Results do not depend on any of this.
 */
public final class Workers {
  /** Greatest number of threads of a pool. */
  public static final int MOST_THREADS = 1024;

  private static final int SPIN_NANOS = 20_000;
  private static final int SPINS_BEFORE_YIELD = 1000;
  private static final int CLOSED = Integer.MAX_VALUE;
  private static final Map<Integer, Workers> POOLS = new ConcurrentHashMap<>();

  private final int threads;
  private final AtomicBoolean busy = new AtomicBoolean();

  /** Number of the run in the upper half, which makes late claims fail; next chunk in the lower. */
  private final AtomicLong claim = new AtomicLong(CLOSED);

  private final AtomicInteger done = new AtomicInteger();
  private Worker[] workers = {};
  private volatile int chunks;
  private KernelCode code = Workers::nothing;
  private Object[] buffers = {};
  private int[] dims = {};
  private int tasks;
  private int chunk = 1;
  private final AtomicFailure failure = new AtomicFailure();

  private Workers(int threads) {
    this.threads = threads;
  }

  /**
   * The pool of this many threads, the caller's among them.
   *
   * @param threads 1 to 1024
   * @throws IllegalArgumentException if it is not
   */
  public static Workers of(int threads) {
    if (threads < 1 || threads > MOST_THREADS) {
      throw new IllegalArgumentException(
          "workers: threads must be 1 to " + MOST_THREADS + ", found " + threads);
    }
    return POOLS.computeIfAbsent(threads, Workers::new);
  }

  /** The system property {@code millrace.threads}, or else the number of processors. */
  public static int defaultThreads() {
    int processors = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_THREADS);
    int threads = Integer.getInteger("millrace.threads", processors);
    return Math.clamp(threads, 1, MOST_THREADS);
  }

  /** How many threads work at most, the caller's among them. */
  public int threads() {
    return threads;
  }

  /**
   * Runs the tasks 0 to below {@code tasks} and returns when all are done.
   *
   * @param chunk tasks that are claimed at once
   * @throws RuntimeException the first one that a task has thrown
   */
  void run(KernelCode code, Object[] buffers, int[] dims, int tasks, int chunk) {
    int count = Math.ceilDiv(tasks, chunk);
    if (threads == 1 || count <= 1 || !busy.compareAndSet(false, true)) {
      code.run(buffers, dims, 0, tasks);
      return;
    }
    try {
      runShared(code, buffers, dims, tasks, chunk);
      // Before another caller may come, whose run forgets this one's failure.
      failure.rethrow();
    } finally {
      busy.set(false);
    }
  }

  private void runShared(KernelCode code, Object[] buffers, int[] dims, int tasks, int chunk) {
    try {
      open(code, buffers, dims, tasks, chunk);
      wake(chunks - 1);
      work();
      await(chunks);
    } finally {
      close();
    }
  }

  private void open(KernelCode code, Object[] buffers, int[] dims, int tasks, int chunk) {
    this.code = code;
    this.buffers = buffers;
    this.dims = dims;
    this.tasks = tasks;
    this.chunk = chunk;
    failure.clear();
    done.set(0);
    chunks = Math.ceilDiv(tasks, chunk);
    claim.set(nextRun());
  }

  /** From here on every claim fails. Keeps no reference to the caller's data. */
  private void close() {
    claim.set(nextRun() | CLOSED);
    code = Workers::nothing;
    buffers = new Object[0];
  }

  private long nextRun() {
    return ((claim.get() >>> Integer.SIZE) + 1) << Integer.SIZE;
  }

  private void wake(int wanted) {
    if (workers.length == 0) {
      workers = new Worker[threads - 1];
      for (int i = 0; i < workers.length; i++) {
        workers[i] = new Worker(i + 1);
        workers[i].start();
      }
    }
    for (int i = 0; i < Math.min(wanted, workers.length); i++) {
      if (workers[i].isParked) {
        LockSupport.unpark(workers[i]);
      }
    }
  }

  private boolean hasWork() {
    return (int) claim.get() < chunks;
  }

  /** Runs chunks until all are claimed; tells whether there was one. */
  private boolean work() {
    boolean any = false;
    while (true) {
      long state = claim.get();
      int number = (int) state;
      if (number >= chunks) {
        return any;
      }
      KernelCode claimedCode = code;
      Object[] claimedBuffers = buffers;
      int[] claimedDims = dims;
      int begin = number * chunk;
      int end = begin + Math.min(chunk, tasks - begin);
      // Succeeds only within the run that the fields were read in: it can't end before this chunk.
      if (claim.compareAndSet(state, state + 1)) {
        any = true;
        runChunk(claimedCode, claimedBuffers, claimedDims, begin, end);
        done.getAndIncrement();
      }
    }
  }

  private void runChunk(KernelCode code, Object[] buffers, int[] dims, int begin, int end) {
    if (failure.isSet()) {
      return;
    }
    try {
      code.run(buffers, dims, begin, end);
    } catch (RuntimeException | Error e) {
      failure.set(e);
    }
  }

  private void await(int count) {
    int spins = 0;
    while (done.get() < count) {
      if (++spins < SPINS_BEFORE_YIELD) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }

  private static void nothing(Object[] buffers, int[] dims, int begin, int end) {
    // stands where no run is on
  }

  /** A thread of the pool. */
  private final class Worker extends Thread {
    private volatile boolean isParked;

    Worker(int number) {
      super("millrace-worker-" + number);
      setDaemon(true);
    }

    @Override
    public void run() {
      long idleSince = System.nanoTime();
      while (true) {
        if (work()) {
          idleSince = System.nanoTime();
        } else if (System.nanoTime() - idleSince < SPIN_NANOS) {
          Thread.onSpinWait();
        } else {
          isParked = true;
          if (!hasWork()) {
            LockSupport.park(Workers.this);
          }
          isParked = false;
          idleSince = System.nanoTime();
        }
      }
    }
  }
}
