package dev.millrace.cli.mnist;

import dev.millrace.cli.terminal.StatusLine;
import dev.millrace.cli.text.Decimal;

/** Shows how training goes: step, steps per second, loss. */
final class Progress {
  /** Nanoseconds between two updates of a terminal's line. */
  private static final long INTERVAL = 50_000_000;

  /** Lines that a file gets. */
  private static final int MILESTONES = 5;

  private final StatusLine line;
  private final int steps;
  private final long start = System.nanoTime();
  private long next = start;

  Progress(StatusLine line, int steps) {
    this.line = line;
    this.steps = steps;
  }

  /** After step {@code done}, counted from 1. */
  void step(int done, float loss) {
    long now = System.nanoTime();
    if (done == steps) {
      line.keep(text(done, loss, now));
    } else if (line.isInteractive()) {
      if (now >= next) {
        next = now + INTERVAL;
        line.show(text(done, loss, now));
      }
    } else if ((long) done * MILESTONES / steps != (done - 1L) * MILESTONES / steps) {
      line.keep(text(done, loss, now));
    }
  }

  private String text(int done, float loss, long now) {
    double seconds = Math.max(1, now - start) * 1e-9;
    String rate = Decimal.fixed(done / seconds, 0);
    return "step "
        + done
        + "/"
        + steps
        + "   "
        + rate
        + " steps/s   loss "
        + Decimal.fixed(loss, 2);
  }
}
