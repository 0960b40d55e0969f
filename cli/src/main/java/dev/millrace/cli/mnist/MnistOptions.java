package dev.millrace.cli.mnist;

import dev.millrace.cli.option.FilePath;
import dev.millrace.cli.option.FolderPath;
import dev.millrace.cli.option.PositiveNumber;
import dev.millrace.cli.option.WholeNumber;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options of {@code ./millrace mnist}. */
final class MnistOptions {
  private static final int MAX_STEPS = 1_000_000_000;
  private static final int MAX_THREADS = 1024;
  private static final int TRAINING_IMAGES = 60_000;

  private final OptionSpec data =
      option("--data", "DIR", new FolderPath(), "MNIST_data", "folder of MNIST's four files");
  private final OptionSpec steps =
      option("--steps", "N", new WholeNumber(1, MAX_STEPS), "1000", "training steps");
  private final OptionSpec batch =
      option(
          "--batch",
          "N",
          new WholeNumber(1, TRAINING_IMAGES),
          "100",
          "images in a step, 1 to " + TRAINING_IMAGES);
  private final OptionSpec learningRate =
      option("--learning-rate", "X", new PositiveNumber(), "0.01", "how far a step goes, above 0");
  private final OptionSpec seed =
      option(
          "--seed",
          "N",
          new WholeNumber(Long.MIN_VALUE, Long.MAX_VALUE),
          "0",
          "decides the order of the training images");
  private final OptionSpec threads =
      option(
          "--threads",
          "N",
          new WholeNumber(1, MAX_THREADS),
          "",
          "threads to compute on (default: all processors)");
  private final OptionSpec out =
      option("--out", "DIR", new FolderPath(), "out", "folder for the pictures");
  private final OptionSpec noPictures =
      OptionSpec.builder("--no-pictures")
          .arity("0")
          .type(boolean.class)
          .description("makes no pictures, neither files nor in the terminal")
          .build();
  private final OptionSpec profile =
      OptionSpec.builder("--profile")
          .arity("0")
          .type(boolean.class)
          .description("prints what each kernel of training took")
          .build();
  private final OptionSpec trace =
      option(
          "--trace",
          "FILE",
          new FilePath(),
          "",
          "writes when each kernel ran, for chrome://tracing");

  /** An option with a value; {@code standard} holds where it is not given, unless it is empty. */
  private static OptionSpec option(
      String name, String value, ITypeConverter<?> converter, String standard, String meaning) {
    var option =
        OptionSpec.builder(name)
            .paramLabel(value)
            .arity("1")
            .type(Object.class)
            .converters(converter);
    return standard.isEmpty()
        ? option.description(meaning).build()
        : option
            .defaultValue(standard)
            .description(meaning + " (default: " + standard + ")")
            .build();
  }

  /** Makes them options of this command. */
  void addTo(CommandSpec command) {
    List.of(data, steps, batch, learningRate, seed, threads, out, noPictures, profile, trace)
        .forEach(command::addOption);
  }

  /** What the arguments say that were read last. */
  Settings settings() {
    return new Settings(
        data.<Path>getValue(),
        steps.<Long>getValue().intValue(),
        batch.<Long>getValue().intValue(),
        learningRate.<Double>getValue(),
        seed.<Long>getValue(),
        Optional.ofNullable(threads.<Long>getValue())
            .map(number -> OptionalInt.of(number.intValue()))
            .orElse(OptionalInt.empty()),
        out.<Path>getValue(),
        !Boolean.TRUE.equals(noPictures.getValue()),
        Boolean.TRUE.equals(profile.getValue()),
        Optional.ofNullable(trace.<Path>getValue()));
  }
}
