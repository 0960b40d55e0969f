package dev.millrace.bench.workload;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Trains a network on MNIST and tests it.
 *
 * @param batch images in a step
 * @param warmUp first steps that the quantiles leave out
 */
public record Training(String name, Network network, int batch, int steps, int warmUp) {
  private static final Path STATUS = Path.of("/proc/self/status");

  /**
   * Reports the time of a step, which begins with gathering its batch, and the accuracy.
   *
   * @throws IOException if MNIST cannot be read
   */
  public void run(Setting setting) throws IOException {
    Report report = setting.report(name);
    Digits.Parts digits = Digits.read(setting.data());
    Classifier classifier = network.start(setting);
    var batches = new Batches(digits.train(), batch);
    Clock.loop(
        report,
        steps,
        warmUp,
        () -> {
          batches.next();
          classifier.train(batches);
        });
    double accuracy = classifier.accuracy(digits.test());
    long end = System.currentTimeMillis();
    report.put("accuracy", accuracy);
    long start = ManagementFactory.getRuntimeMXBean().getStartTime();
    report.put("jvm_start_to_accuracy_s", (end - start) / 1e3);
    reportMemory(report);
  }

  /** The most memory that the process has held so far, where the system tells it. */
  static void reportMemory(Report report) throws IOException {
    if (!Files.isReadable(STATUS)) {
      return;
    }
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith("VmHWM:")) {
        report.put("peak_rss_mib", Long.parseLong(line.replaceAll("\\D", "")) / 1024.0);
      }
    }
  }
}
