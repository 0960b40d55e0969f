package dev.millrace.bench.workload;

import java.util.Locale;

/**
 * Figures on standard output, one JSON object a line: {@code {"peer", "workload", "metric",
 * "value"}}.
 */
public record Report(String peer, String workload) {
  /** One figure, with six digits. */
  public void put(String metric, double value) {
    System.out.printf(
        Locale.ROOT,
        "{\"peer\":\"%s\",\"workload\":\"%s\",\"metric\":\"%s\",\"value\":%.6g}%n",
        peer,
        workload,
        metric,
        value);
    System.out.flush();
  }
}
