package dev.millrace.bench.workload;

import dev.millrace.graph.Graph;
import dev.millrace.session.ComputeType;
import dev.millrace.session.Session;
import dev.millrace.session.SessionOptions;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What a process measures and how.
 *
 * @param workload its name, the first argument
 * @param data folder of MNIST's four files
 * @param threads threads to compute on; all processors where nothing is said
 * @param compute what products and convolutions multiply
 * @param only which kernels or figures: those in whose name it is found
 * @param most the greatest size that is measured where sizes grow
 * @param out folder for pictures
 */
public record Setting(
    String workload,
    Path data,
    OptionalInt threads,
    ComputeType compute,
    Pattern only,
    int most,
    Path out) {
  /** A workload with what holds where no option is given. */
  public Setting(String workload) {
    this(
        workload,
        Path.of("MNIST_data"),
        OptionalInt.empty(),
        ComputeType.FLOAT32,
        Pattern.compile(""),
        Integer.MAX_VALUE,
        Path.of("out"));
  }

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException if it has an option that there is not, or one without a value
   */
  public static Setting parse(String... arguments) {
    if (arguments.length == 0) {
      throw new IllegalArgumentException("a workload is wanted");
    }
    var setting = new Setting(arguments[0]);
    for (int i = 1; i < arguments.length; i += 2) {
      if (i + 1 == arguments.length) {
        throw new IllegalArgumentException("a value is wanted behind '" + arguments[i] + "'");
      }
      setting = setting.with(arguments[i], arguments[i + 1]);
    }
    return setting;
  }

  private Setting with(String option, String value) {
    return switch (option) {
      case "--data" -> new Setting(workload, Path.of(value), threads, compute, only, most, out);
      case "--threads" -> withThreads(wholeNumber(option, value));
      case "--only" ->
          new Setting(workload, data, threads, compute, pattern(option, value), most, out);
      case "--compute" ->
          new Setting(workload, data, threads, computeType(option, value), only, most, out);
      case "--provider" -> withProvider(value);
      case "--most" ->
          new Setting(workload, data, threads, compute, only, wholeNumber(option, value), out);
      case "--out" -> new Setting(workload, data, threads, compute, only, most, Path.of(value));
      default -> throw new IllegalArgumentException("there is no option '" + option + "'");
    };
  }

  /** The same on another number of threads. */
  public Setting withThreads(int number) {
    return new Setting(workload, data, OptionalInt.of(number), compute, only, most, out);
  }

  private static int wholeNumber(String option, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(option + " takes a number, found '" + value + "'", e);
    }
  }

  private static ComputeType computeType(String option, String value) {
    return switch (value) {
      case "float32" -> ComputeType.FLOAT32;
      case "bfloat16" -> ComputeType.BFLOAT16;
      default ->
          throw new IllegalArgumentException(
              option + " takes float32 or bfloat16, found '" + value + "'");
    };
  }

  /** The launcher puts it on the class path; here it only has to be the one that is found. */
  private Setting withProvider(String name) {
    if (!Session.provider().equals(Optional.of(name))) {
      throw new IllegalArgumentException("there is no provider '" + name + "' on the class path");
    }
    return this;
  }

  private static Pattern pattern(String option, String value) {
    try {
      return Pattern.compile(value);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          option + " takes a regular expression: " + e.getMessage(), e);
    }
  }

  /** The name under which figures are reported, as {@code millrace-onednn-bfloat16}. */
  public String peer() {
    String rounding = compute == ComputeType.BFLOAT16 ? "-bfloat16" : "";
    return "millrace" + Session.provider().map(name -> "-" + name).orElse("") + rounding;
  }

  /** A session on the wanted threads. */
  public Session session(Graph graph) {
    SessionOptions options = SessionOptions.defaults().compute(compute);
    return new Session(graph, threads.isPresent() ? options.threads(threads.getAsInt()) : options);
  }

  /** Where figures of {@code name} go. */
  public Report report(String name) {
    return new Report(peer(), name);
  }
}
