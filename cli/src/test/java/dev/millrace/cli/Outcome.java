package dev.millrace.cli;

import dev.millrace.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What one call of the program did: its exit code and what it wrote on its two streams. */
public record Outcome(int code, String out, String err) {
  /** Runs the program as in a pipe. */
  public static Outcome of(String... arguments) {
    return of(Terminal.PLAIN, arguments);
  }

  /** Runs the program in this terminal. */
  public static Outcome of(Terminal terminal, String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    int code;
    try (var outStream = new PrintStream(out, false, StandardCharsets.UTF_8);
        var errStream = new PrintStream(err, false, StandardCharsets.UTF_8)) {
      code = new Main(outStream, errStream, terminal).run(arguments);
    }
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** The lines of the standard output. */
  public List<String> lines() {
    return out.lines().toList();
  }
}
