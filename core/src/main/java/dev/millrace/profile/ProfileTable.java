package dev.millrace.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A {@link Profile} as text. */
final class ProfileTable {
  private static final int NAME_WIDTH = 36;
  private static final double MILLION = 1e6;
  private static final double THOUSAND = 1e3;
  private static final int PERCENT = 100;

  private static final List<String> HEADS =
      List.of(
          "time",
          "total ms",
          "calls",
          "median us",
          "MFLOP",
          "MB",
          "GFLOP/s",
          "GB/s",
          "of limit",
          "form",
          "kernel",
          "line");

  /** Columns of text, which begin at the left; numbers end at the right. */
  private static final int FIRST_TEXT = 9;

  private final Profile profile;
  private final MachineLimits machine;

  ProfileTable(Profile profile, MachineLimits machine) {
    this.profile = profile;
    this.machine = machine;
  }

  @Override
  public String toString() {
    var rows = new ArrayList<List<String>>();
    rows.add(HEADS);
    profile.kernels().forEach(kernel -> rows.add(row(kernel)));
    return head() + layOut(rows) + foot();
  }

  private String head() {
    return format(
        "%d runs in %.1f ms on %d thread%s, median %.1f us; compiled for %.1f ms; memory %s\n",
        profile.runs(),
        profile.runNanos() / MILLION,
        profile.threads(),
        profile.threads() == 1 ? "" : "s",
        profile.medianRunNanos() / THOUSAND,
        profile.compileNanos() / MILLION,
        bytes(profile.memoryBytes()));
  }

  private String foot() {
    long kernels = profile.kernels().stream().mapToLong(KernelProfile::totalNanos).sum();
    return format(
        "%.1f ms in kernels, %.1f ms around them. Limit of %d thread%s: %.0f GFLOP/s, %.0f GB/s"
            + " from memory.\n",
        kernels / MILLION,
        Math.max(0, profile.runNanos() - kernels) / MILLION,
        machine.threads(),
        machine.threads() == 1 ? "" : "s",
        machine.gigaflops(),
        machine.memoryGigabytes());
  }

  private List<String> row(KernelProfile kernel) {
    double calls = Math.max(1, kernel.calls());
    double all = Math.max(1, profile.runNanos());
    return List.of(
        format("%.1f%%", PERCENT * kernel.totalNanos() / all),
        format("%.2f", kernel.totalNanos() / MILLION),
        Long.toString(kernel.calls()),
        format("%.1f", kernel.medianNanos() / THOUSAND),
        number(kernel.cost().flop() / calls / MILLION),
        number(kernel.cost().bytes() / calls / MILLION),
        number(kernel.gigaflops()),
        number(kernel.gigabytes()),
        format("%.0f%% ", PERCENT * kernel.shareOfLimit(machine))
            + (kernel.isComputeBound(machine) ? "flop" : "byte"),
        kernel.form(),
        kernel.shortName(NAME_WIDTH),
        kernel.line());
  }

  private static String layOut(List<List<String>> rows) {
    int columns = HEADS.size();
    var widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    var text = new StringBuilder();
    for (List<String> row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        String cell = row.get(i);
        String space = " ".repeat(widths[i] - cell.length());
        line.append(i == 0 ? "" : "  ").append(i < FIRST_TEXT ? space + cell : cell + space);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  /** Three digits that count. */
  private static String number(double value) {
    int digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
    return format("%." + digits + "f", value);
  }

  private static String bytes(long bytes) {
    return bytes < MILLION
        ? format("%.1f KB", bytes / THOUSAND)
        : format("%.1f MB", bytes / MILLION);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
