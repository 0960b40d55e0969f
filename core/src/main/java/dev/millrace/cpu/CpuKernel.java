package dev.millrace.cpu;

import dev.millrace.kernel.Kernel;
import java.util.LinkedHashMap;
import java.util.Map;

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

  /** How much longer the scalar form takes than what {@link Work} estimates. */
  private static final double SCALAR_FACTOR = 6;

  private static final Map<Kernel, CpuKernel> LOADED =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Kernel, CpuKernel> eldest) {
          return size() > MOST_KEPT;
        }
      };

  private final Extent tasks;
  private final Work work;
  private final KernelCode code;

  private CpuKernel(Kernel kernel) {
    this.tasks = Extent.of(kernel.tasks());
    this.work = Work.of(kernel);
    this.code = Scratch.around(kernel, KernelCompiler.compile(kernel, Form.SCALAR));
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
    int count = (int) tasks.evaluate(dims);
    if (count > 0) {
      workers.run(code, buffers, dims, count, chunk(workers, dims, count));
    }
  }

  private int chunk(Workers workers, int[] dims, int count) {
    if (workers.threads() == 1 || count == 1) {
      return count;
    }
    double nanos = work.nanos(dims) * count * SCALAR_FACTOR;
    if (nanos < WORTH_SHARING) {
      return count;
    }
    double most = Math.min((double) CHUNKS_PER_THREAD * workers.threads(), nanos / WORTH_CLAIMING);
    return Math.max(1, (int) Math.ceil(count / most));
  }
}
