package dev.millrace.bench.scaling;

import dev.millrace.bench.workload.Clock;
import dev.millrace.bench.workload.Report;
import dev.millrace.bench.workload.Setting;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a task of some size costs in a JVM of its own.
 *
 * @param step seconds of a training step in the long run
 * @param start seconds from nothing to the end of the first step: recording, differentiation,
 *     compilation and the run itself
 * @param bytes of the heap that are held between two steps: graph, variables, memory of the program
 */
public record Sample(int size, double step, double start, double bytes) {
  private static final long SPAN = 500;
  private static final Pattern LINE = Pattern.compile("\"metric\":\"(\\w+)\",\"value\":([^}]+)}");

  /** Measures in this JVM and prints what {@link #inNewJvm} reads; {@code most} is the size. */
  public static void print(Setting setting) {
    var family = Family.valueOf(setting.only().pattern());
    int size = setting.most();
    long before = used();
    long start = System.nanoTime();
    Runnable step = family.task(size).start(family.threads(size, setting.threads()));
    step.run();
    double first = (System.nanoTime() - start) / 1e9;
    double seconds = Clock.median(SPAN, step) / 1e9;
    double bytes = Math.max(1, used() - before);
    step.run();
    new Sample(size, seconds, first, bytes).report(setting.report("scaling"), family);
  }

  /** What is reachable of the heap; the first collection may leave what waits for a clean-up. */
  private static long used() {
    System.gc();
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private void report(Report report, Family family) {
    String name = family.name().toLowerCase(Locale.ROOT) + "_" + size;
    report.put(name + "_step_us", step * 1e6);
    report.put(name + "_start_ms", start * 1e3);
    report.put(name + "_held_kib", bytes / 1024);
  }

  /**
   * Measures in a new JVM with this one's options, and prints the lines that it prints.
   *
   * @throws IOException if it cannot be started, or fails
   */
  static Sample inNewJvm(Family family, int size, OptionalInt threads) throws IOException {
    var command = new ArrayList<String>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-XX:ArchiveClassesAtExit"))
        .forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("dev.millrace.bench.Main", "sample"));
    command.addAll(List.of("--only", family.name(), "--most", String.valueOf(size)));
    threads.ifPresent(number -> command.addAll(List.of("--threads", String.valueOf(number))));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    System.out.print(output);
    return read(size, output);
  }

  private static Sample read(int size, String output) throws IOException {
    return new Sample(
        size,
        value(output, "_step_us") / 1e6,
        value(output, "_start_ms") / 1e3,
        value(output, "_held_kib") * 1024);
  }

  private static double value(String output, String metric) throws IOException {
    Matcher line = LINE.matcher(output);
    while (line.find()) {
      if (line.group(1).endsWith(metric)) {
        return Double.parseDouble(line.group(2));
      }
    }
    throw new IOException("a JVM that was to measure ended without '" + metric + "'");
  }
}
