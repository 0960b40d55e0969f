package dev.millrace.cpu;

import dev.millrace.tensor.MillraceException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Threads that run the tasks of kernels, together with the thread that asks for it.
 *
 * <p>Tasks are claimed in chunks, so that a thread that the system takes away holds up no more than
 * the chunk that it has. Where that happens, the machine is busy with something else, and the
 * caller works alone for a while. Waiting threads spin for some microseconds, let others go first
 * for some more, and then park: an idle pool costs nothing. A pool serves one caller at a time;
 * another one that comes meanwhile does its work alone. Results do not depend on any of this.
 */
public final class Workers {
  /** Greatest number of threads of a pool. */
  public static final int MOST_THREADS = 1024;

  private static final String PROPERTY = "millrace.threads";
  private static final int SPIN_NANOS = 20_000;

  /** For so long a waiting thread looks again and again, and lets others go first. */
  private static final int YIELD_NANOS = 200_000;

  /** A wait beyond this and some chunks' time means that the system has taken a thread away. */
  private static final long STALL_NANOS = 200_000;

  private static final int STALL_CHUNKS = 3;

  /** After a stall the caller works alone for so many times its length ... */
  private static final int REST = 16;

  /** ... but not longer than this. */
  private static final long MOST_REST_NANOS = 250_000_000;

  private static final int SPINS_BEFORE_YIELD = 1000;
  private static final int CLOSED = Integer.MAX_VALUE;
  private static final Object[] NO_BUFFERS = {};
  private static final int[] NO_DIMS = {};
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

  /** As of {@link System#nanoTime}; by then a busy machine may have time for more threads. */
  private volatile long aloneUntil = System.nanoTime();

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
    if (!isPossible(threads)) {
      throw new IllegalArgumentException(
          "workers: threads must be 1 to " + MOST_THREADS + ", found " + threads);
    }
    return POOLS.computeIfAbsent(threads, Workers::new);
  }

  /**
   * The system property {@code millrace.threads}, or else the number of processors.
   *
   * @throws MillraceException if the property is no number from 1 to 1024
   */
  public static int defaultThreads() {
    String text = System.getProperty(PROPERTY);
    if (text == null) {
      return Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_THREADS);
    }
    if (!text.strip().matches("[0-9]{1,4}") || !isPossible(Integer.parseInt(text.strip()))) {
      throw new MillraceException(
          "session: the system property "
              + PROPERTY
              + " must be a number of threads, 1 to "
              + MOST_THREADS
              + ", found '"
              + text
              + "'; leave it out to use all processors");
    }
    return Integer.parseInt(text.strip());
  }

  private static boolean isPossible(int threads) {
    return threads >= 1 && threads <= MOST_THREADS;
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
    if (threads == 1 || count <= 1 || isResting() || !busy.compareAndSet(false, true)) {
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

  /** Runs {@code task} for the numbers 0 to below {@code tasks}; returns when all are done. */
  public void runTasks(int tasks, IntConsumer task) {
    KernelCode each =
        (ownBuffers, ownDims, begin, end) -> {
          for (int number = begin; number < end; number++) {
            task.accept(number);
          }
        };
    run(each, NO_BUFFERS, NO_DIMS, tasks, 1);
  }

  private void runShared(KernelCode code, Object[] buffers, int[] dims, int tasks, int chunk) {
    try {
      open(code, buffers, dims, tasks, chunk);
      wake(chunks - 1);
      long start = System.nanoTime();
      work();
      await(chunks, System.nanoTime() - start);
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

  private boolean isResting() {
    return System.nanoTime() - aloneUntil < 0;
  }

  /**
   * Waits for the chunks that other threads have claimed.
   *
   * @param worked nanoseconds that this thread's own chunks took
   */
  private void await(int count, long worked) {
    if (done.get() >= count) {
      return;
    }
    long start = System.nanoTime();
    int spins = 0;
    while (done.get() < count) {
      if (++spins < SPINS_BEFORE_YIELD) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
    long now = System.nanoTime();
    long waited = now - start;
    // All chunks took about as long as this thread's share of them, if it had one.
    if (waited > STALL_NANOS + STALL_CHUNKS * worked * threads / count) {
      aloneUntil = now + Math.min(REST * waited, MOST_REST_NANOS);
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
        } else if (System.nanoTime() - idleSince < YIELD_NANOS) {
          Thread.yield();
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
