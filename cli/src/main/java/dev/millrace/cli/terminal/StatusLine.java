package dev.millrace.cli.terminal;

import java.io.PrintStream;

/**
 * One line that is written over while something goes on. Where the output is no terminal, only
 * {@linkplain #keep what is to be kept} is printed, as lines of its own. Safe to share between
 * threads.
 */
public final class StatusLine {
  private final PrintStream out;
  private final boolean interactive;
  private int shown;

  /** A line on this stream. */
  public StatusLine(PrintStream out, Terminal terminal) {
    this.out = out;
    this.interactive = terminal.interactive();
  }

  /** Whether {@link #show} shows anything. */
  public boolean isInteractive() {
    return interactive;
  }

  /** Writes over the line. */
  public synchronized void show(String text) {
    if (interactive) {
      out.print("\r" + text + " ".repeat(Math.max(0, shown - text.length())));
      out.flush();
      shown = text.length();
    }
  }

  /** Writes over the line a last time and leaves it; what follows is below. */
  public synchronized void keep(String text) {
    show(text);
    out.println(interactive ? "" : text);
    shown = 0;
  }

  /** Clears the line, if something is shown, so that another line can be printed in its place. */
  public synchronized void clear() {
    if (shown > 0) {
      show("");
      out.print("\r");
      out.flush();
      shown = 0;
    }
  }
}
