package dev.millrace.cpu;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds that it takes to give work to the pool and to wait for it, beside the work. In the
 * package of the pool, whose runs are its own affair.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ForkBenchmark {
  private static final Object[] NO_BUFFERS = {};
  private static final int[] NO_DIMS = {};
  private static final long PATIENCE_NANOS = 100_000;

  /** Threads of the pool, the caller's among them. */
  @Param({"2"})
  private int threads;

  private final AtomicInteger arrived = new AtomicInteger();
  private Workers workers;

  /** Finds the pool. */
  @Setup
  public void open() {
    workers = Workers.of(threads);
  }

  /** A task of nothing for each thread; the caller may be the first to take all of them. */
  @Benchmark
  public void empty() {
    workers.run(ForkBenchmark::nothing, NO_BUFFERS, NO_DIMS, threads, 1);
  }

  /** A task for each thread that lasts until all threads have begun theirs. */
  @Benchmark
  public void meeting() {
    arrived.set(0);
    workers.run(this::meet, NO_BUFFERS, NO_DIMS, threads, 1);
  }

  private static void nothing(Object[] buffers, int[] dims, int begin, int end) {
    // what it costs to do nothing is the question
  }

  private void meet(Object[] buffers, int[] dims, int begin, int end) {
    arrived.getAndAdd(end - begin);
    long start = System.nanoTime();
    while (arrived.get() < threads && System.nanoTime() - start < PATIENCE_NANOS) {
      Thread.onSpinWait();
    }
  }
}
