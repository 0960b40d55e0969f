package dev.millrace.cli.mnist;

import dev.millrace.cli.option.Arguments;
import dev.millrace.cli.option.Option;
import dev.millrace.cli.option.Options;
import java.nio.file.Path;
import java.util.List;

/**
 * What one run of the tutorial is told.
 *
 * @param data folder of MNIST's files
 * @param steps number of training steps
 * @param batch images of a step
 * @param learningRate factor of the gradient in a step
 * @param seed of the order in which the training images come
 * @param threads that a step runs on
 * @param out folder for the pictures
 * @param pictures whether to make any, in files and in the terminal
 */
record Settings(
    Path data,
    int steps,
    int batch,
    double learningRate,
    long seed,
    int threads,
    Path out,
    boolean pictures) {
  static final String HELP = "--help";

  private static final int MAX_STEPS = 1_000_000_000;
  private static final int MAX_THREADS = 1024;
  private static final int TRAINING_IMAGES = 60_000;

  private static final Options OPTIONS =
      new Options(
          List.of(
              new Option("--data", "DIR", "MNIST_data", "folder of MNIST's four files"),
              new Option("--steps", "N", "1000", "training steps"),
              new Option("--batch", "N", "100", "images in a step, 1 to " + TRAINING_IMAGES),
              new Option("--learning-rate", "X", "0.01", "how far a step goes, above 0"),
              new Option("--seed", "N", "0", "decides the order of the training images"),
              new Option("--threads", "N", "", "threads to compute on (default: all processors)"),
              new Option("--out", "DIR", "out", "folder for the pictures"),
              Option.flag("--no-pictures", "makes no pictures"),
              Option.flag("--stacktrace", "shows where an error comes from"),
              Option.flag(HELP, "shows this help")));

  static Arguments parse(List<String> words) {
    return OPTIONS.parse(words);
  }

  static Settings of(Arguments given) {
    return new Settings(
        given.folder("--data"),
        (int) given.wholeNumber("--steps", 1, MAX_STEPS),
        (int) given.wholeNumber("--batch", 1, TRAINING_IMAGES),
        given.positiveNumber("--learning-rate"),
        given.wholeNumber("--seed", Long.MIN_VALUE, Long.MAX_VALUE),
        given.has("--threads")
            ? (int) given.wholeNumber("--threads", 1, MAX_THREADS)
            : Integer.getInteger("millrace.threads", Runtime.getRuntime().availableProcessors()),
        given.folder("--out"),
        !given.has("--no-pictures"));
  }

  static String help() {
    return """
    ./millrace mnist [options]

    Trains softmax regression, the model of the MNIST tutorial, to read handwritten digits,
    and measures how many of 10,000 unseen ones it gets right. Where the folder lacks MNIST's
    files, they are looked for in the folder that MNIST_DIR names, and else downloaded.

    """
        + OPTIONS.help();
  }
}
