package dev.millrace.profile;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * What a session did while it was profiled: its text is a table of kernels, and {@link #writeTrace}
 * writes when each of them ran on which thread.
 *
 * <p>Times are those of the thread that called, so that waiting for other threads is in them. The
 * first calls of a kernel run its scalar form; to see what it settles at, run some steps first.
 */
public final class Profile {
  private final int threads;
  private final long wallNanos;
  private final Samples runs;
  private final long compileNanos;
  private final long memoryBytes;
  private final List<KernelProfile> kernels;
  private final Timeline timeline;

  Profile(
      int threads,
      long wallNanos,
      Samples runs,
      long compileNanos,
      long memoryBytes,
      List<KernelProfile> kernels,
      Timeline timeline) {
    this.threads = threads;
    this.wallNanos = wallNanos;
    this.runs = runs;
    this.compileNanos = compileNanos;
    this.memoryBytes = memoryBytes;
    this.kernels =
        kernels.stream()
            .sorted(Comparator.comparingLong(KernelProfile::totalNanos).reversed())
            .toList();
    this.timeline = timeline;
  }

  /** Threads of the session. */
  public int threads() {
    return threads;
  }

  /** Nanoseconds from the start to the end of profiling. */
  public long wallNanos() {
    return wallNanos;
  }

  /** How many runs there were. */
  public long runs() {
    return runs.count();
  }

  /** Nanoseconds of all runs together. */
  public long runNanos() {
    return runs.total();
  }

  /** Nanoseconds of a run, the median. */
  public long medianRunNanos() {
    return runs.median();
  }

  /** Nanoseconds that were spent on compiling programs, that is, on first runs. */
  public long compileNanos() {
    return compileNanos;
  }

  /** Bytes of the arrays that the largest run worked in, what it was fed and gave back included. */
  public long memoryBytes() {
    return memoryBytes;
  }

  /** The kernels, the one that took most time first. */
  public List<KernelProfile> kernels() {
    return kernels;
  }

  /**
   * Writes a trace in Chrome's JSON format, which {@code chrome://tracing} and ui.perfetto.dev
   * load: a track per thread; on the callers' runs, and in them kernels; on all of them the chunks
   * of tasks that they ran.
   *
   * @throws dev.millrace.tensor.MillraceException if the file can't be written
   */
  public void writeTrace(Path file) {
    new TraceFile(timeline).write(file);
  }

  /** The table, with what this machine could do at best, which is measured the first time. */
  @Override
  public String toString() {
    return new ProfileTable(this, MachineLimits.measured(threads)).toString();
  }
}
