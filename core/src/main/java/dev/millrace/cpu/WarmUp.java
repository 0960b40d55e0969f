package dev.millrace.cpu;

import dev.millrace.kernel.Buffer;
import dev.millrace.kernel.Buffer.Role;
import dev.millrace.kernel.Kernel;
import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs the vector form of a kernel until the JVM has compiled it, in a thread of its own and on
 * data of its own, so that nobody waits for it: interpreted vector code is 25 to 50 times slower
 * than scalar code. One thread serves all kernels, those with the most work first.
 */
final class WarmUp {
  /** Elements that warming up may allocate. */
  private static final long MOST_ELEMENTS = 1L << 24;

  private static final long MOST_NANOS = 2_000_000_000L;

  /** How long compiled code may stay slower than the scalar form. */
  private static final long MOST_SLOW_NANOS = 400_000_000L;

  private static final long BATCH_NANOS = 200_000;

  /** Nanoseconds of scalar code beside which a call's own cost does not count. */
  private static final double BULK_NANOS = 20_000;

  /** Estimated nanoseconds of a call from which on its caller waits for the vector form. */
  private static final double WORTH_WAITING = 1_000_000;

  private static final double EXPERIENCED = 0.1;

  /** Whether a vector form has been warmed up in this process. */
  private static volatile boolean isExperienced;

  private static final int FEW = 3;
  private static final int FAST_BATCHES = 3;
  private static final int SCALAR_EVERY = 8;

  /** The vector form is taken for compiled below this multiple of the scalar form's time ... */
  private static final double WARM = 2;

  /** ... and takes over once it needs at most this part of it. */
  private static final double FASTER = 0.9;

  private static final System.Logger LOG = System.getLogger("dev.millrace.cpu");

  /**
   * A kernel whose turn will come.
   *
   * @param dims of a call
   * @param nanos estimated duration of that call
   * @param first whether this is the kernel's first turn
   * @param result takes the vector form when it is ready; nothing if it was not faster in time
   * @param done opens when the kernel has had its turn
   */
  record Candidate(
      Kernel kernel,
      KernelCode scalar,
      int[] dims,
      double nanos,
      boolean first,
      Consumer<Optional<KernelCode>> result,
      CountDownLatch done) {
    Candidate(
        Kernel kernel,
        KernelCode scalar,
        int[] dims,
        double nanos,
        boolean first,
        Consumer<Optional<KernelCode>> result) {
      this(kernel, scalar, dims, nanos, first, result, new CountDownLatch(1));
    }

    /** Whether a caller waits for it, since its scalar form takes so long. */
    boolean isAwaited() {
      return first && nanos >= WORTH_WAITING;
    }
  }

  private static final class Queue {
    static final PriorityBlockingQueue<Candidate> WAITING =
        new PriorityBlockingQueue<>(16, Comparator.comparingDouble(c -> -c.nanos));

    static {
      Thread thread = new Thread(WarmUp::serve, "millrace-warm-up");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private final Candidate candidate;
  private final KernelCode vector;
  private final Object[] buffers;
  private final int tasks;
  private int task;

  private WarmUp(Candidate candidate, KernelCode vector, Object[] buffers) {
    this.candidate = candidate;
    this.vector = vector;
    this.buffers = buffers;
    this.tasks = (int) Extent.of(candidate.kernel.tasks()).evaluate(candidate.dims);
  }

  /**
   * Puts a kernel into the queue. Waits for its turn to end where one more call of the scalar form
   * would take longer than the wait is likely to.
   */
  static void submit(Candidate candidate) {
    Queue.WAITING.add(candidate);
    if (candidate.isAwaited()) {
      try {
        candidate.done.await(MOST_NANOS, TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * How much sooner than the first one a kernel is worth warming up, by the nanoseconds of a call:
   * the JVM has compiled the Vector API by then, and one whose callers wait competes with nobody.
   */
  static double share(double nanos) {
    return isExperienced && nanos >= WORTH_WAITING ? EXPERIENCED : 1;
  }

  private static void serve() {
    while (true) {
      try {
        Candidate candidate = Queue.WAITING.take();
        try {
          warm(candidate);
        } finally {
          candidate.done.countDown();
        }
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | Error e) {
        // The scalar form goes on; a kernel that fails on harmless data is worth a look, no more.
        LOG.log(Level.WARNING, "a kernel was not warmed up, and stays slow", e);
      }
    }
  }

  private static void warm(Candidate candidate) {
    Optional<KernelCompiler.VectorForm> form = KernelCompiler.compileVectors(candidate.kernel);
    if (form.isEmpty()) {
      return;
    }
    for (SharedCode shared : form.get().shared()) {
      if (shared instanceof TileKind tile && tile.doesMostWork()) {
        TileWarmUp.run(tile);
      }
    }
    KernelCode vector = Scratch.around(candidate.kernel, form.get().code());
    Optional<Object[]> buffers = buffers(candidate.kernel, candidate.dims);
    // Without data of its own to run on: a run of that size lasts long enough to get compiled.
    boolean faster =
        buffers.isEmpty() || new WarmUp(candidate, vector, buffers.get()).isFasterInTime();
    isExperienced = true;
    candidate.result.accept(faster ? Optional.of(vector) : Optional.empty());
  }

  /**
   * Arrays of zeros to run on; none if they are too big. Each is as long as in a real call, because
   * the compiled code depends on which accesses have come close to an array's end.
   */
  private static Optional<Object[]> buffers(Kernel kernel, int[] dims) {
    var buffers = new Object[kernel.buffers().size()];
    long sum = 0;
    for (Buffer buffer : kernel.buffers()) {
      long size = buffer.role() == Role.SCRATCH ? 0 : Extent.of(buffer.size()).evaluate(dims);
      sum += size;
      if (sum > MOST_ELEMENTS) {
        return Optional.empty();
      }
      buffers[buffer.id()] = buffer.dtype().newArray((int) size);
    }
    return Optional.of(buffers);
  }

  private boolean isFasterInTime() {
    long start = System.nanoTime();
    double few = batch(candidate.scalar, FEW);
    int bulk = bulk(few);
    double many = batch(candidate.scalar, bulk);
    long compiled = Long.MAX_VALUE;
    double best = Double.MAX_VALUE;
    int fast = 0;
    for (int i = 1; System.nanoTime() - start < MOST_NANOS; i++) {
      boolean warm = batch(vector, FEW) <= WARM * few;
      if (!warm) {
        compiled = Long.MAX_VALUE;
      } else if (compiled == Long.MAX_VALUE) {
        compiled = System.nanoTime();
      }
      // The shortest ones are compared: others lose their processor now and then.
      best = warm ? Math.min(best, batch(vector, bulk)) : Double.MAX_VALUE;
      fast = best <= FASTER * many ? fast + 1 : 0;
      if (fast >= FAST_BATCHES) {
        return true;
      }
      if (compiled < Long.MAX_VALUE && System.nanoTime() - compiled > MOST_SLOW_NANOS) {
        return false;
      }
      if (i % SCALAR_EVERY == 0) {
        few = Math.min(few, batch(candidate.scalar, FEW));
        bulk = bulk(few);
        many = Math.min(many, batch(candidate.scalar, bulk));
      }
    }
    return false;
  }

  private int bulk(double nanosOfTask) {
    return Math.clamp((long) (BULK_NANOS / nanosOfTask), 1, tasks);
  }

  /**
   * Runs tasks, at most {@code most} in a call, and returns the time of one. Calls are short while
   * the code is slow: the JVM counts calls, and it must see that tasks repeat.
   */
  private double batch(KernelCode code, int most) {
    long start = System.nanoTime();
    long now = start;
    long count = 0;
    while (now - start < BATCH_NANOS) {
      int end = Math.min(tasks, task + 1 + (int) (count % most));
      code.run(buffers, candidate.dims, task, end);
      count += end - task;
      task = end % tasks;
      now = System.nanoTime();
    }
    return (double) (now - start) / count;
  }
}
