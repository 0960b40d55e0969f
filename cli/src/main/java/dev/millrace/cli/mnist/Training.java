package dev.millrace.cli.mnist;

import dev.millrace.cli.terminal.StatusLine;
import dev.millrace.cli.text.Decimal;
import dev.millrace.data.DataSet;
import dev.millrace.tensor.MillraceException;

/** The training loop. */
final class Training {
  private final SoftmaxRegression model;
  private final DataSet data;
  private final Settings settings;
  private final StatusLine line;

  Training(SoftmaxRegression model, DataSet data, Settings settings, StatusLine line) {
    this.model = model;
    this.data = data;
    this.settings = settings;
    this.line = line;
  }

  /**
   * Does all steps.
   *
   * @throws MillraceException if the loss becomes infinite or NaN
   */
  void run() {
    var progress = new Progress(line, settings.steps());
    float loss = 0;
    for (int step = 1; step <= settings.steps(); step++) {
      loss = model.train(data.nextBatch(settings.batch()));
      if (!Float.isFinite(loss)) {
        line.clear();
        throw new MillraceException(
            "the loss is "
                + loss
                + " in step "
                + step
                + " of "
                + settings.steps()
                + ": "
                + advice());
      }
      progress.step(step, loss);
    }
    double guessing = settings.batch() * Math.log(DataSet.CLASSES);
    if (settings.steps() > 1 && loss > guessing) {
      line.keep(
          "the loss is above that of guessing, " + Decimal.fixed(guessing, 2) + ": " + advice());
    }
  }

  private String advice() {
    return "steps are too long for what they aim at; try a smaller --learning-rate than "
        + settings.learningRate()
        + ", such as "
        + (float) (settings.learningRate() / 10);
  }
}
