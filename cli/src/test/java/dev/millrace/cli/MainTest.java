package dev.millrace.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.cli.terminal.Terminal;
import java.util.List;
import org.junit.jupiter.api.Test;

class MainTest {
  private static void assertMisused(String message, String... arguments) {
    assertEquals(new Outcome(Main.MISUSED, "", message + "\n"), Outcome.of(arguments));
  }

  /** The value, as a word of its own and behind an equals sign. */
  private static void assertWrongValue(String option, String allowed, String value) {
    String message =
        "millrace mnist: Invalid value for option '%s': must be %s, found '%s'"
            .formatted(option, allowed, value);
    assertMisused(message, "mnist", option, value);
    assertMisused(message, "mnist", option + "=" + value);
  }

  @Test
  void theExitCodesAreThoseThatShellsExpect() {
    assertEquals(List.of(0, 1, 2), List.of(Main.DONE, Main.FAILED, Main.MISUSED));
  }

  @Test
  void wantsACommand() {
    assertMisused("millrace: Missing required subcommand; see --help");
    assertMisused("millrace: there is no command 'mnits', there is: mnist", "mnits");
    assertMisused("millrace: there is no option '--verbose'; see --help", "--verbose", "mnist");
  }

  @Test
  void wantsWholeNumbersInTheirRanges() {
    for (String wrong :
        List.of("0", "-5", "1000000001", "1.5", "many", "", "99999999999999999999")) {
      assertWrongValue("--steps", "a whole number from 1 to 1000000000", wrong);
    }
    for (String wrong : List.of("0", "60001", "1e3", "ten")) {
      assertWrongValue("--batch", "a whole number from 1 to 60000", wrong);
    }
    for (String wrong : List.of("0", "-1", "1025", "all")) {
      assertWrongValue("--threads", "a whole number from 1 to 1024", wrong);
    }
    for (String wrong : List.of("0.5", "x", "9223372036854775808")) {
      String allowed = "a whole number from -9223372036854775808 to 9223372036854775807";
      assertWrongValue("--seed", allowed, wrong);
    }
  }

  @Test
  void wantsALearningRateAboveZero() {
    for (String wrong : List.of("0", "-0.01", "NaN", "Infinity", "1e999", "0,01", "fast", "")) {
      assertWrongValue("--learning-rate", "a number above 0", wrong);
    }
  }

  @Test
  void wantsPathsOfFolders() {
    for (String wrong : List.of("", "  ", "a\0b")) {
      assertWrongValue("--data", "the path of a folder", wrong);
      assertWrongValue("--out", "the path of a folder", wrong);
      assertWrongValue("--trace", "the path of a file", wrong);
    }
  }

  @Test
  void wantsAValueWhereOneIsNeededAndNoneElsewhere() {
    assertMisused(
        "millrace mnist: Missing required parameter for option '--steps' (N)", "mnist", "--steps");
    assertMisused(
        "millrace mnist: Expected parameter for option '--out' but found '--seed'",
        "mnist",
        "--out",
        "--seed",
        "1");
    assertMisused(
        "millrace mnist: option '--no-pictures' should be specified without 'yes' parameter",
        "mnist",
        "--no-pictures=yes");
    assertMisused(
        "millrace mnist: option '--stacktrace' should be specified without 'yes' parameter",
        "mnist",
        "--stacktrace=yes");
  }

  @Test
  void suggestsTheOptionsThatAnUnknownOneResembles() {
    assertMisused(
        "millrace mnist: there is no option '--sede'; did you mean --seed?",
        "mnist",
        "--sede",
        "1");
    assertMisused(
        "millrace mnist: there is no option '--learningrate=1'; did you mean --learning-rate?",
        "mnist",
        "--learningrate=1");
    assertMisused("millrace mnist: there is no option '-q'; see --help", "mnist", "-q");
    assertMisused("millrace mnist: takes options only, found 'x'; see --help", "mnist", "x");
    assertMisused("millrace mnist: takes options only, found '@x'; see --help", "mnist", "@x");
  }

  @Test
  void aWrongCallShowsNoStackTraceEvenWhereOneIsWanted() {
    assertMisused(
        "millrace mnist: there is no option '--sede'; did you mean --seed?",
        "mnist",
        "--stacktrace",
        "--sede");
  }

  @Test
  void theHelpListsEveryOptionWithWhatHoldsElse() {
    String help =
        """
        Usage: millrace mnist [OPTIONS]
        Trains softmax regression, the model of the MNIST tutorial, to read handwritten
        digits, and measures how many of 10,000 unseen ones it gets right. Where the
        folder lacks MNIST's files, they are looked for in the folder that MNIST_DIR
        names, and else downloaded.
              --data=DIR          folder of MNIST's four files (default: MNIST_data)
              --steps=N           training steps (default: 1000)
              --batch=N           images in a step, 1 to 60000 (default: 100)
              --learning-rate=X   how far a step goes, above 0 (default: 0.01)
              --seed=N            decides the order of the training images (default: 0)
              --threads=N         threads to compute on (default: all processors)
              --out=DIR           folder for the pictures (default: out)
              --no-pictures       makes no pictures, neither files nor in the terminal
              --profile           prints what each kernel of training took
              --trace=FILE        writes when each kernel ran, for chrome://tracing
              --stacktrace        shows where an error comes from
          -h, --help              shows this help
        """;
    assertEquals(new Outcome(Main.DONE, help, ""), Outcome.of("mnist", "--help"));
    assertEquals(new Outcome(Main.DONE, help, ""), Outcome.of("mnist", "-h"));
  }

  @Test
  void theHelpOfTheProgramListsItsCommands() {
    Outcome help = Outcome.of("--help");
    assertEquals(Main.DONE, help.code());
    assertTrue(help.out().contains("\n  mnist  Trains softmax regression"), help.out());
  }

  @Test
  void theHelpHasColorsOnlyWhereTheTerminalShowsThem() {
    var colors = new Terminal(true, Terminal.Colors.INDEXED);
    assertTrue(Outcome.of(colors, "mnist", "--help").out().contains("\u001b["));
    var none = new Terminal(true, Terminal.Colors.NONE);
    assertFalse(Outcome.of(none, "mnist", "--help").out().contains("\u001b["));
  }
}
