package dev.millrace.cli.mnist;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millrace.cli.Main;
import dev.millrace.cli.Outcome;
import dev.millrace.cli.terminal.StatusLine;
import dev.millrace.cli.terminal.Terminal;
import dev.millrace.data.DataSet;
import dev.millrace.data.LabelEncoding;
import dev.millrace.data.Mnist;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The tutorial on MNIST itself, where the shared folder has it. */
class RealMnistTest {
  private final Path folder =
      Path.of(System.getProperty("millrace.shared", "../../shared"), "mnist");

  @BeforeEach
  void findMnist() {
    assumeTrue(
        Files.exists(folder.resolve("train-images-idx3-ubyte.gz")),
        "MNIST is not in the shared folder: set MILLRACE_SHARED to run this test");
  }

  @Test
  void readsMoreThan91Of100DigitsWhateverTheSeed() {
    for (int seed = 0; seed < 5; seed++) {
      Outcome outcome =
          Outcome.of("mnist", "--data", folder.toString(), "--no-pictures", "--seed=" + seed);
      assertEquals(Main.DONE, outcome.code(), outcome.err());
      String last = outcome.lines().getLast();
      assertTrue(last.matches("accuracy 0\\.\\d{4}"), last);
      double accuracy = Double.parseDouble(last.substring("accuracy ".length()));
      assertTrue(accuracy >= 0.91 && accuracy < 0.93, "seed " + seed + ": " + last);
    }
  }

  @Test
  void theWeightsHaveTheSameBitsInEveryRunOfASeedAndOnAnyNumberOfThreads() {
    DataSet train = Mnist.readDataSets(folder, LabelEncoding.ONE_HOT).train();
    float[] weights = train(train, 3, OptionalInt.of(1));
    assertArrayEquals(weights, train(train, 3, OptionalInt.of(1)));
    assertArrayEquals(weights, train(train, 3, OptionalInt.of(2)));
    assertArrayEquals(weights, train(train, 3, OptionalInt.empty()));
    assertFalse(Arrays.equals(weights, train(train, 4, OptionalInt.of(1))));
  }

  private static float[] train(DataSet data, long seed, OptionalInt threads) {
    var settings =
        new Settings(
            Path.of(""),
            1000,
            100,
            0.01,
            seed,
            threads,
            Path.of(""),
            false,
            false,
            Optional.empty());
    var model = new SoftmaxRegression(settings.learningRate(), threads);
    var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    var line = new StatusLine(nowhere, Terminal.PLAIN);
    new Training(model, data.withSeed(seed), settings, line).run();
    return model.weights().toFloatArray();
  }
}
