package dev.millrace.cpu;

import dev.millrace.compile.Stages;
import dev.millrace.kernel.Kernel;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/**
 * A kernel that is ready to run on the processor. Kernels that are equal share one: its code, and
 * what the JVM has learned about it.
 */
public final class CpuKernel {
  private static final int MOST_KEPT = 1000;

  /** Estimated nanoseconds of work below which waking another thread costs more than it saves. */
  private static final double WORTH_SHARING = 25_000;

  private static final double WORTH_CLAIMING = 8_000;
  private static final int CHUNKS_PER_THREAD = 4;

  /**
   * Estimated nanoseconds of a kernel's runs, the next one included, when its warming up begins,
   * which takes some hundred milliseconds of a processor: a program that is over soon has no use
   * for it.
   */
  private static final double WORTH_WARMING = 250_000_000;

  /** How much more work the first run must be, since there may be no second one. */
  private static final double FIRST = 4;

  /**
   * How often warming up is tried, and how much more work it takes each time: the JVM may have been
   * busy, or have given up on a method, where a copy fares better.
   */
  private static final int MOST_ATTEMPTS = 8;

  private static final double PATIENCE = 4;

  /** Estimated nanoseconds of a run below which nobody would notice another form. */
  private static final double WORTH_A_CLASS = 2_000;

  private static final Map<Kernel, CpuKernel> LOADED =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Kernel, CpuKernel> eldest) {
          return size() > MOST_KEPT;
        }
      };

  private static final System.Logger LOG = System.getLogger("dev.millrace.cpu");

  private final Kernel kernel;
  private final Extent tasks;
  private final KernelCode scalar;

  /** What runs now. */
  private volatile KernelCode code;

  /**
   * Estimated nanoseconds of all runs so far, until warming up is asked for; exactness is no
   * matter.
   */
  private double nanosSoFar;

  private volatile double worthWarming = WORTH_WARMING;
  private int attempts;

  private final AtomicBoolean isWarming;
  private final boolean startsAsVectors;

  /** Of a task in the form that runs now. */
  private volatile Work work;

  private CpuKernel(Kernel kernel) {
    Tier tier = Tier.chosen();
    // The JVM itself makes vectors of loops that only move data.
    this.isWarming = new AtomicBoolean(tier != Tier.AUTO || !Uses.of(kernel.body()).computes);
    this.kernel = kernel;
    this.tasks = Extent.of(kernel.tasks());
    this.work = tier == Tier.VECTOR ? Work.ofVectors(kernel) : Work.ofScalars(kernel);
    this.startsAsVectors = tier == Tier.VECTOR;
    Form form = tier == Tier.VECTOR ? Form.VECTOR : Form.SCALAR;
    this.scalar = Scratch.around(kernel, KernelCompiler.compile(kernel, form));
    this.code = scalar;
  }

  /**
   * Makes sure that what the system properties say of kernels can be followed.
   *
   * @throws dev.millrace.tensor.MillraceException naming the one that can't
   */
  public static void checkProperties() {
    Tier.chosen();
    Vectors.checkProperty();
    Stages.wanted();
  }

  /**
   * The code of {@code kernel}; the same object as long as an equal kernel is among the last
   * thousand.
   *
   * @throws IllegalArgumentException if the kernel is not valid
   */
  public static CpuKernel load(Kernel kernel) {
    synchronized (LOADED) {
      return LOADED.computeIfAbsent(kernel, CpuKernel::new);
    }
  }

  /**
   * Runs all tasks and returns when they are done. Safe to call from several threads at once.
   *
   * @param buffers the array of each buffer by its id, at least as long as the buffer; entries of
   *     scratch buffers are not looked at
   * @param dims the values of {@code d0, d1, ...}
   * @throws dev.millrace.tensor.IndexException if a checked index is outside of its extent
   * @throws ArithmeticException if an integer is divided by 0
   */
  public void run(Workers workers, Object[] buffers, int[] dims) {
    run(form -> form, workers, buffers, dims);
  }

  /** As {@link #run(Workers, Object[], int[])}; {@code listener} hears of each chunk of tasks. */
  public void run(Workers workers, Object[] buffers, int[] dims, ChunkListener listener) {
    run(form -> heard(form, listener), workers, buffers, dims);
  }

  private static KernelCode heard(KernelCode form, ChunkListener listener) {
    return (arrays, sizes, begin, end) -> {
      long began = System.nanoTime();
      form.run(arrays, sizes, begin, end);
      listener.ran(begin, end, began, System.nanoTime());
    };
  }

  private void run(UnaryOperator<KernelCode> view, Workers workers, Object[] buffers, int[] dims) {
    int count = (int) tasks.evaluate(dims);
    if (count <= 0) {
      return;
    }
    double nanos = count * work.nanos(dims);
    if (!isWarming.getPlain()) {
      considerWarming(dims, nanos);
    }
    workers.run(view.apply(code), buffers, dims, count, chunk(workers, nanos, count));
  }

  /** Which form runs now: {@code scalar} or {@code vector}. */
  public String form() {
    return code == scalar && !startsAsVectors ? "scalar" : "vector";
  }

  private static int chunk(Workers workers, double nanos, int count) {
    if (workers.threads() == 1 || nanos < WORTH_SHARING) {
      return count;
    }
    double most = Math.min((double) CHUNKS_PER_THREAD * workers.threads(), nanos / WORTH_CLAIMING);
    return Math.max(1, (int) Math.ceil(count / most));
  }

  private void considerWarming(int[] dims, double nanos) {
    boolean first = nanosSoFar == 0;
    nanosSoFar += nanos;
    if (nanos > WORTH_A_CLASS
        && nanosSoFar > worthWarming * WarmUp.share(nanos) * (first ? FIRST : 1)
        && isWarming.compareAndSet(false, true)) {
      WarmUp.submit(
          new WarmUp.Candidate(kernel, scalar, dims.clone(), nanos, attempts == 0, this::switchTo));
    }
  }

  private void switchTo(Optional<KernelCode> vector) {
    if (vector.isPresent()) {
      LOG.log(Level.DEBUG, () -> "a kernel changes to its vector form:\n" + kernel);
      work = Work.ofVectors(kernel);
      code = vector.get();
    } else if (++attempts < MOST_ATTEMPTS) {
      worthWarming *= PATIENCE;
      isWarming.set(false);
    }
  }
}
