package dev.millrace.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class StatusLineTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);

  private String written() {
    return written.toString(StandardCharsets.UTF_8);
  }

  @Test
  void writesOverAllOfALongerText() {
    var line = new StatusLine(out, new Terminal(true, Terminal.Colors.NONE));
    line.show("abcdef");
    line.show("xy");
    line.keep("z");
    line.clear();
    assertEquals("\rabcdef\rxy    \rz \n", written());
  }

  @Test
  void clearsWhatIsShown() {
    var line = new StatusLine(out, new Terminal(true, Terminal.Colors.NONE));
    line.show("abc");
    line.clear();
    line.clear();
    assertEquals("\rabc\r   \r", written());
  }

  @Test
  void aPipeGetsOnlyWhatIsKept() {
    var line = new StatusLine(out, Terminal.PLAIN);
    line.show("abc");
    line.keep("kept");
    line.clear();
    assertEquals("kept\n", written());
  }
}
