package dev.millrace.cli.mnist;

import dev.millrace.cli.terminal.StatusLine;
import dev.millrace.cli.text.Decimal;
import dev.millrace.data.DataSet;
import dev.millrace.tensor.MillraceException;
import java.math.BigDecimal;
import java.math.MathContext;

/** The training loop. */
final class Training {
  /** Steps in which the loss of a good learning rate may still jump above that of guessing. */
  private static final int UNSTEADY = 20;

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
        String place = " in step " + step + " of " + settings.steps() + ": ";
        throw new MillraceException("the loss is " + loss + place + advice());
      }
      progress.step(step, loss);
    }
    double guessing = settings.batch() * Math.log(DataSet.CLASSES);
    if (settings.steps() > UNSTEADY && loss > guessing) {
      String bound = Decimal.fixed(guessing, 2);
      line.keep("the loss did not fall below " + bound + ", that of guessing: " + advice());
    }
  }

  private String advice() {
    double rate = settings.learningRate();
    double lower = Math.min(rate / 10, 0.01);
    return "the learning rate " + plain(rate) + " is too high; try " + plain(lower);
  }

  private static String plain(double number) {
    return new BigDecimal(number, new MathContext(7)).stripTrailingZeros().toPlainString();
  }
}
