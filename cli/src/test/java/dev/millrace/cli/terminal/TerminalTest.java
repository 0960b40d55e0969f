package dev.millrace.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.millrace.cli.terminal.Terminal.Colors;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {
  private static final Charset UTF_8 = StandardCharsets.UTF_8;

  private static Terminal terminal(Map<String, String> environment) {
    return Terminal.of(true, environment, UTF_8);
  }

  @Test
  void aPipeIsPlainWhateverTheEnvironmentSays() {
    var environment = Map.of("TERM", "xterm-256color", "COLORTERM", "truecolor");
    assertEquals(Terminal.PLAIN, Terminal.of(false, environment, UTF_8));
  }

  @Test
  void takesTheColorsThatTheEnvironmentPromises() {
    assertEquals(new Terminal(true, Colors.NONE), terminal(Map.of()));
    assertEquals(new Terminal(true, Colors.NONE), terminal(Map.of("TERM", "vt100")));
    assertEquals(new Terminal(true, Colors.INDEXED), terminal(Map.of("TERM", "xterm-256color")));
    for (String depth : new String[] {"truecolor", "24bit"}) {
      var environment = Map.of("TERM", "xterm", "COLORTERM", depth);
      assertEquals(new Terminal(true, Colors.TRUE), terminal(environment));
    }
  }

  @Test
  void noColorLeavesTheLineThatIsWrittenOver() {
    var environment = Map.of("TERM", "xterm-256color", "COLORTERM", "truecolor", "NO_COLOR", "1");
    assertEquals(new Terminal(true, Colors.NONE), terminal(environment));
    // As no-color.org has it: an empty value means nothing.
    environment = Map.of("TERM", "xterm-256color", "NO_COLOR", "");
    assertEquals(new Terminal(true, Colors.INDEXED), terminal(environment));
  }

  @Test
  void aDumbTerminalIsPlain() {
    var environment = Map.of("TERM", "dumb", "COLORTERM", "truecolor");
    assertEquals(Terminal.PLAIN, terminal(environment));
  }

  @Test
  void aCharsetWithoutHalfBlocksShowsNoPictures() {
    var environment = Map.of("TERM", "xterm-256color", "COLORTERM", "truecolor");
    assertEquals(
        new Terminal(true, Colors.NONE),
        Terminal.of(true, environment, StandardCharsets.ISO_8859_1));
  }
}
