package dev.millrace.cli.terminal;

import java.io.Console;
import java.nio.charset.Charset;
import java.util.Map;
import java.util.Optional;

/**
 * What the standard output can show.
 *
 * @param interactive whether it is a terminal, where a line can be written over
 * @param colors the colours that it shows; none where it cannot show half blocks
 */
public record Terminal(boolean interactive, Colors colors) {
  /** How many colours there are. */
  public enum Colors {
    /** None: pictures are not printed. */
    NONE,
    /** The 256 colours of xterm. */
    INDEXED,
    /** 24 bits. */
    TRUE
  }

  /** A file or a pipe: no line is written over, no colours. */
  public static final Terminal PLAIN = new Terminal(false, Colors.NONE);

  /** What the process's own standard output can show. */
  public static Terminal detect() {
    boolean interactive =
        Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    return of(interactive, System.getenv(), System.out.charset());
  }

  /** What these variables of the environment (NO_COLOR, COLORTERM, TERM) say about a terminal. */
  static Terminal of(boolean interactive, Map<String, String> environment, Charset charset) {
    if (!interactive) {
      return PLAIN;
    }
    String term = environment.getOrDefault("TERM", "");
    boolean plain = !environment.getOrDefault("NO_COLOR", "").isEmpty() || term.equals("dumb");
    if (plain || !charset.newEncoder().canEncode(HalfBlocks.UPPER_HALF)) {
      return new Terminal(!term.equals("dumb"), Colors.NONE);
    }
    String depth = environment.getOrDefault("COLORTERM", "");
    if (depth.equals("truecolor") || depth.equals("24bit")) {
      return new Terminal(true, Colors.TRUE);
    }
    return new Terminal(true, term.endsWith("-256color") ? Colors.INDEXED : Colors.NONE);
  }
}
