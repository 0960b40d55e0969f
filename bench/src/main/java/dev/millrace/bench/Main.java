package dev.millrace.bench;

import dev.millrace.bench.scaling.Sample;
import dev.millrace.bench.scaling.Scaling;
import dev.millrace.bench.workload.Inference;
import dev.millrace.bench.workload.Kernels;
import dev.millrace.bench.workload.Network;
import dev.millrace.bench.workload.Setting;
import dev.millrace.bench.workload.Training;
import dev.millrace.tensor.MillraceException;
import java.io.IOException;

/**
 * The program behind {@code ./millrace bench w1|w2|w3|w4|kernels|scaling}: one workload in one
 * process, reported as JSON lines. Exit codes: 0 done, 1 failed, 2 called in a wrong way.
 */
public final class Main {
  private static final String USAGE =
      """
      usage: ./millrace bench w1|w2|w3|w4|kernels|scaling [options]
        w1        softmax regression, 1000 steps of batch 100
        w2        a network with 512 hidden units and Adam, 3 epochs of batch 128
        w3        a convolutional network with dropout and Adam, 300 steps of batch 50
        w4        inference with the network of w3 at batch 1 and 256
        kernels   matrix products, convolutions, row functions and exp, each on its own
        scaling   plots of time and memory against batch, width, nodes and threads
        --data DIR     folder of MNIST's four files (default: MNIST_data, else MNIST_DIR)
        --threads N    threads to compute on (default: all processors)
        --compute T    what products and convolutions multiply: float32 (default) or bfloat16
        --provider P   what computes large products and convolutions: onednn (default: Java)
        --only REGEX   of the kernels or plots, those in whose name it is found
        --most N       of the sizes of a plot, those up to N
        --out DIR      folder for the plots (default: out)
      """;

  private Main() {}

  /** Runs the workload that the first argument names and ends the process. */
  public static void main(String... arguments) {
    System.exit(run(arguments));
  }

  private static int run(String... arguments) {
    try {
      Setting setting = Setting.parse(arguments);
      switch (setting.workload()) {
        case "w1" -> new Training("W1", Network.REGRESSION, 100, 1000, 100).run(setting);
        case "w2" ->
            new Training("W2", Network.PERCEPTRON, 128, 3 * (60_000 / 128), 100).run(setting);
        case "w3" -> new Training("W3", Network.CONVOLUTIONAL, 50, 300, 50).run(setting);
        case "w4" -> new Inference(setting).run();
        case "scaling" -> new Scaling(setting).run();
        case "sample" -> Sample.print(setting);
        case "--help" -> System.out.print(USAGE);
        case "kernels" -> new Kernels(setting).run();
        default ->
            throw new IllegalArgumentException("there is no workload '" + setting.workload() + "'");
      }
      return 0;
    } catch (IllegalArgumentException misuse) {
      System.err.print("bench: " + misuse.getMessage() + "\n" + USAGE);
      return 2;
    } catch (IOException | MillraceException failure) {
      System.err.println("bench: " + failure.getMessage());
      return 1;
    }
  }
}
