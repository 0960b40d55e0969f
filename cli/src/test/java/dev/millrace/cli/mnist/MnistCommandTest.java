package dev.millrace.cli.mnist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.cli.Main;
import dev.millrace.cli.Outcome;
import dev.millrace.cli.terminal.Terminal;
import dev.millrace.data.DrawnDigits;
import dev.millrace.data.LabelEncoding;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistCommandTest {
  private static final Terminal COLORED = new Terminal(true, Terminal.Colors.TRUE);

  @TempDir Path temporary;
  private Path data;
  private Path out;

  @BeforeEach
  void writeFiles() throws IOException {
    data = temporary.resolve("data");
    out = temporary.resolve("pictures/of one run");
    SmallMnist.write(data);
  }

  /** A run of 100 steps, unless the arguments say something else. */
  private Outcome run(Terminal terminal, String... more) {
    var arguments =
        new ArrayList<>(
            List.of("mnist", "--data", data.toString(), "--out", out.toString(), "--steps=100"));
    arguments.addAll(List.of(more));
    return Outcome.of(terminal, arguments.toArray(String[]::new));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(out)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aPipeGetsFiveMilestonesAndTheAccuracyInTheLastLine() {
    Outcome outcome = run(Terminal.PLAIN);
    assertEquals("", outcome.err());
    assertEquals(Main.DONE, outcome.code());
    List<String> lines = outcome.lines();
    assertEquals(9, lines.size(), outcome.out());
    assertEquals(
        "MNIST from " + data + ": 600 images to learn from, 200 to measure with", lines.get(0));
    for (int i = 1; i <= 5; i++) {
      String milestone = "step " + 20 * i + "/100   \\d+ steps/s   loss \\d+\\.\\d\\d";
      assertTrue(lines.get(i).matches(milestone), lines.get(i));
    }
    assertEquals(
        "pictures in " + out + ": digits.png, weights.png, confusion.png, mistakes.png",
        lines.get(6));
    assertTrue(lines.get(7).matches("\\d+ of 200 test images are right"), lines.get(7));
    assertTrue(lines.get(8).matches("accuracy 0\\.\\d{4}"), lines.get(8));
    assertFalse(outcome.out().contains("\u001b") || outcome.out().contains("\r"));
  }

  @Test
  void aTerminalGetsOneLineThatIsWrittenOver() {
    String text = run(new Terminal(true, Terminal.Colors.NONE)).out();
    assertEquals(5, text.lines().filter(line -> !line.isEmpty()).count() - updates(text));
    assertTrue(text.contains("\n\rstep 1/100   "), text);
    assertTrue(text.matches("(?s).*\\rstep 100/100   \\d+ steps/s   loss \\d+\\.\\d\\d *\\n.*"));
    assertFalse(text.contains("\u001b"), text);
  }

  /** How often the line was written over before it was left; {@code lines()} parts at each. */
  private static long updates(String text) {
    return text.lines().filter(line -> line.startsWith("step ")).count() - 1;
  }

  @Test
  void aTerminalWithColorsShowsDigitsAndWeights() {
    List<String> pictures =
        run(COLORED).lines().stream().filter(line -> line.contains("\u2580")).toList();
    // Three rows of tiles, each 14 pixels high, two of them in a line.
    assertEquals(3 * 7, pictures.size());
    for (String line : pictures) {
      assertEquals(5 * 14, line.chars().filter(c -> c == '\u2580').count());
      assertTrue(line.contains("\u001b[38;2;") && line.endsWith("\u001b[0m"), line);
    }
    var indexed = run(new Terminal(true, Terminal.Colors.INDEXED));
    assertTrue(indexed.out().contains("\u001b[38;5;"));
    assertFalse(indexed.out().contains("\u001b[38;2;"));
  }

  @Test
  void writesFourPicturesAndNothingElse() throws IOException {
    run(Terminal.PLAIN);
    assertEquals(List.of("confusion.png", "digits.png", "mistakes.png", "weights.png"), files());
    assertEquals(List.of(1064, 696), size("digits.png"));
    assertEquals(List.of(968, 568), size("weights.png"));
    assertEquals(List.of(826, 764), size("confusion.png"));
    List<Integer> mistakes = size("mistakes.png");
    assertEquals(1056, mistakes.get(0));
    assertEquals(0, (mistakes.get(1) - 100) % 156);
  }

  private List<Integer> size(String file) throws IOException {
    BufferedImage image = ImageIO.read(out.resolve(file).toFile());
    return List.of(image.getWidth(), image.getHeight());
  }

  @Test
  void writesOverThePicturesOfAnEarlierRun() throws IOException {
    Files.createDirectories(out);
    Files.writeString(out.resolve("weights.png"), "old");
    assertEquals(Main.DONE, run(Terminal.PLAIN).code());
    assertEquals(List.of(968, 568), size("weights.png"));
  }

  @Test
  void withoutPicturesNothingIsWrittenOrShown() {
    Outcome outcome = run(COLORED, "--no-pictures");
    assertEquals(Main.DONE, outcome.code());
    assertFalse(Files.exists(out));
    assertFalse(outcome.out().contains("\u001b") || outcome.out().contains("pictures"));
  }

  @Test
  void saysThatTheFolderOfThePicturesIsAFile() throws IOException {
    Files.createDirectories(out.getParent());
    Files.writeString(out, "");
    String message = "millrace mnist: --out: must be a folder, " + out + " is a file\n";
    assertEquals(new Outcome(Main.FAILED, "", message), run(Terminal.PLAIN));
  }

  @Test
  void namesThePictureThatCannotBeWritten() throws IOException {
    Files.createDirectories(out.resolve("weights.png/full"));
    Outcome outcome = run(Terminal.PLAIN);
    assertEquals(Main.FAILED, outcome.code());
    String message = "millrace mnist: --out: cannot write " + out.resolve("weights.png") + ": ";
    assertTrue(outcome.err().startsWith(message), outcome.err());
    assertEquals(1, outcome.err().lines().count());
    assertFalse(files().toString().contains(".part"), files().toString());
  }

  @Test
  void namesABrokenFileAndShowsWhereItWasReadOnlyWhenToldTo() throws IOException {
    Path broken = data.resolve("t10k-labels-idx1-ubyte");
    Files.write(broken, new byte[] {0, 0, 8});
    String message =
        "millrace mnist: "
            + broken
            + ": offset 0: truncated: the header must go on for 4 bytes, found 3\n";
    assertEquals(new Outcome(Main.FAILED, "", message), run(Terminal.PLAIN));
    String trace = run(Terminal.PLAIN, "--stacktrace").err();
    assertTrue(trace.startsWith(message + "dev.millrace"), trace);
    assertTrue(trace.contains("\tat dev.millrace.data.Mnist."), trace);
  }

  @Test
  void advisesALowerLearningRate() {
    String advice =
        "the loss did not fall below 230.26, that of guessing:"
            + " the learning rate 100 is too high; try 0.01";
    assertTrue(run(Terminal.PLAIN, "--learning-rate=100").lines().contains(advice));
    assertFalse(run(Terminal.PLAIN, "--steps=5", "--learning-rate=100").out().contains("try"));
  }

  @Test
  void stopsWhereTheLossIsNoNumber() {
    Outcome outcome = run(Terminal.PLAIN, "--learning-rate=1e39");
    assertEquals(Main.FAILED, outcome.code());
    assertTrue(
        outcome
            .err()
            .matches("millrace mnist: the loss is \\S+ in step \\d of 100: .*; try 0.01\n"),
        outcome.err());
  }

  @Test
  void wantsABatchThatTheImagesFill() {
    Outcome outcome = run(Terminal.PLAIN, "--batch=601");
    assertEquals(Main.FAILED, outcome.code());
    assertEquals(
        "millrace mnist: nextBatch: n must be 1 to 600 (the number of images), found 601\n",
        outcome.err());
  }

  @Test
  void theSeedDecidesTheOrderAndTheLastOfTwoCounts() throws IOException {
    run(Terminal.PLAIN);
    byte[] first = Files.readAllBytes(out.resolve("weights.png"));
    run(Terminal.PLAIN, "--seed=7", "--seed=0");
    assertEquals(-1, Arrays.mismatch(first, Files.readAllBytes(out.resolve("weights.png"))));
    run(Terminal.PLAIN, "--seed=7");
    assertTrue(Arrays.mismatch(first, Files.readAllBytes(out.resolve("weights.png"))) >= 0);
  }

  @Test
  void showsWhatTheKernelsOfTrainingTookWhereThatIsAskedFor() throws IOException {
    Path trace = temporary.resolve("trace.json");
    Outcome outcome =
        run(Terminal.PLAIN, "--no-pictures", "--profile", "--trace", trace.toString());
    assertEquals("", outcome.err());
    List<String> lines = outcome.lines();
    int head = 6;
    assertTrue(lines.get(head).startsWith("100 runs in "), lines.get(head));
    assertTrue(lines.get(head + 1).contains("GFLOP/s"), lines.get(head + 1));
    assertTrue(lines.get(head + 2).contains("SoftmaxRegression.java:"), lines.get(head + 2));
    assertEquals(
        "trace in " + trace + ": open it with chrome://tracing or ui.perfetto.dev",
        lines.get(lines.size() - 3));
    assertTrue(lines.getLast().startsWith("accuracy "), lines.getLast());
    assertTrue(Files.readString(trace).contains("\"cat\": \"kernel\""));
  }

  @Test
  void marksTheAccuracyOfDrawnDigits() {
    var written = new ByteArrayOutputStream();
    try (var stream = new PrintStream(written, false, StandardCharsets.UTF_8)) {
      var settings =
          new Settings(
              data, 20, 100, 0.01, 0, OptionalInt.empty(), out, false, false, Optional.empty());
      new MnistCommand(stream, stream, Terminal.PLAIN)
          .run(
              settings,
              Background.start(
                  "data", () -> DrawnDigits.dataSets(0, 600, 200, LabelEncoding.ONE_HOT)));
    }
    List<String> lines = written.toString(StandardCharsets.UTF_8).lines().toList();
    assertEquals(
        "drawn digits (not MNIST): 600 images to learn from, 200 to measure with",
        lines.getFirst());
    String last = lines.getLast();
    assertTrue(last.matches("accuracy 0\\.\\d{4} \\(drawn digits, not MNIST\\)"), last);
  }
}
