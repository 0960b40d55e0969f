package dev.millrace.bench.workload;

import static dev.millrace.Ops.exp;

import dev.millrace.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Times of single computations through a session, with operands in memory that exists. Each is
 * measured twice: with a new tensor as its result, and, under names that end in {@code _out}, into
 * the memory of a variable.
 */
public final class Kernels {
  /** Milliseconds of a measurement. */
  private static final long SPAN = 300;

  private final Setting setting;
  private final Report report;

  /** The kernels in this setting. */
  public Kernels(Setting setting) {
    this.setting = setting;
    this.report = setting.report("kernels");
  }

  /** Measures and reports all of them. */
  public void run() {
    for (KernelCase one : cases()) {
      if (setting.only().matcher(one.name()).find()) {
        report(one, "", one.fetching(setting));
        report(one, "_out", one.assigning(setting));
      }
    }
  }

  private void report(KernelCase one, String variant, Runnable call) {
    double nanos = Clock.median(SPAN, call);
    switch (one.name()) {
      case "matmul1024" -> report.put("matmul1024_ms" + variant, nanos / 1e6);
      default -> report.put(one.name() + "_us" + variant, nanos / 1e3);
    }
    if (one.flop() > 0) {
      report.put(one.name() + "_gflops" + variant, one.flop() / nanos);
    }
  }

  private static List<KernelCase> cases() {
    var cases = new ArrayList<KernelCase>();
    cases.add(KernelCase.matmul(1024, 1024, 1024).named("matmul1024"));
    cases.add(KernelCase.matmul(100, 784, 10));
    cases.add(new KernelCase("exp1M", 0, List.of(Shape.of(1 << 20)), x -> exp(x.getFirst())));
    cases.add(KernelCase.matmul(64, 64, 64));
    cases.add(KernelCase.matmul(256, 256, 256));
    cases.add(KernelCase.matmul(2048, 2048, 2048));
    cases.add(KernelCase.transposedMatmul(784, 100, 10));
    cases.add(KernelCase.matmul(128, 784, 512));
    cases.add(KernelCase.transposedMatmul(784, 128, 512));
    cases.add(KernelCase.matmul(128, 512, 10));
    cases.add(KernelCase.matmul(1, 784, 10));
    cases.add(KernelCase.matmul(1, 784, 512));
    cases.addAll(KernelCase.convolutions(50, 28, 1, 5, 32));
    cases.addAll(KernelCase.convolutions(50, 14, 32, 5, 64));
    cases.addAll(KernelCase.convolutions(32, 28, 64, 3, 64));
    return cases;
  }
}
