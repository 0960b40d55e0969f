package dev.millrace.bench.workload;

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
    for (KernelCase one : KernelCase.all()) {
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
}
