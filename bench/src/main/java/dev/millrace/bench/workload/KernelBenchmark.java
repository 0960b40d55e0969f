package dev.millrace.bench.workload;

import java.util.concurrent.TimeUnit;
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
 * The computations of {@code ./millrace bench kernels}, one in a process, with its result in memory
 * that exists: {@code ./millrace bench KernelBenchmark -p name=matmul1024,exp1M}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class KernelBenchmark {
  /** Which one, a name in the list of kernels. */
  @Param({
    "matmul1024",
    "matmul64x64x64",
    "matmul256x256x256",
    "matmul100x784x10",
    "matmul784x100x10_transposed",
    "matmul128x784x512",
    "matmul784x128x512_transposed",
    "matmul128x512x10",
    "matmul1x784x10",
    "matmul1x784x512",
    "conv50x28x28x1_5x5x32_forward",
    "conv50x28x28x1_5x5x32_weights",
    "conv50x14x14x32_5x5x64_forward",
    "conv50x14x14x32_5x5x64_data",
    "conv50x14x14x32_5x5x64_weights",
    "conv32x28x28x64_3x3x64_forward",
    "exp1M",
    "softmax1024x1000",
    "softmax1024x1000_gradient",
    "layerNorm1024x768",
    "layerNorm1024x768_gradient"
  })
  private String name = "";

  /** Threads of the session. */
  @Param({"1", "2"})
  private int threads;

  private Runnable call;

  /** Builds the graph. */
  @Setup
  public void build() {
    var setting = new Setting("kernels").withThreads(threads);
    call = KernelCase.named(name).assigning(setting);
  }

  /** One call. */
  @Benchmark
  public void run() {
    call.run();
  }
}
