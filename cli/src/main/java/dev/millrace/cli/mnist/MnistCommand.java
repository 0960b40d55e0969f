package dev.millrace.cli.mnist;

import dev.millrace.cli.picture.ConfusionMatrix;
import dev.millrace.cli.picture.SampleSheet;
import dev.millrace.cli.picture.WeightImages;
import dev.millrace.cli.picture.WrongDigits;
import dev.millrace.cli.terminal.StatusLine;
import dev.millrace.cli.terminal.Terminal;
import dev.millrace.cli.text.Decimal;
import dev.millrace.data.DataSet;
import dev.millrace.data.DataSets;
import dev.millrace.data.LabelEncoding;
import dev.millrace.data.Mnist;
import dev.millrace.data.MnistListener;
import dev.millrace.profile.Profile;
import dev.millrace.tensor.MillraceException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code ./millrace mnist}: the tutorial from the data to the accuracy, with pictures. */
public final class MnistCommand implements Callable<Integer> {
  private final PrintStream out;
  private final PrintStream err;
  private final Terminal terminal;
  private final MnistOptions options = new MnistOptions();

  /** The command with results on {@code out} and notices on {@code err}. */
  public MnistCommand(PrintStream out, PrintStream err, Terminal terminal) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
  }

  /** Its options and its help. */
  public CommandSpec spec() {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    spec.usageMessage()
        .abbreviateSynopsis(true)
        .sortOptions(false)
        .description(
            "Trains softmax regression, the model of the MNIST tutorial, to read handwritten"
                + " digits, and measures how many of 10,000 unseen ones it gets right. Where the"
                + " folder lacks MNIST's files, they are looked for in the folder that MNIST_DIR"
                + " names, and else downloaded.");
    options.addTo(spec);
    return spec;
  }

  /**
   * Runs it.
   *
   * @throws MillraceException if the data is broken, a picture cannot be written, or training fails
   */
  @Override
  public Integer call() {
    Settings settings = options.settings();
    run(settings, Background.start("data", () -> read(settings.data())));
    return 0;
  }

  private DataSets read(Path folder) {
    var line = new StatusLine(err, terminal);
    DataSets sets =
        Mnist.readDataSets(
            folder,
            LabelEncoding.ONE_HOT,
            new MnistListener() {
              @Override
              public void notice(String sentence) {
                line.clear();
                err.println(sentence);
              }

              @Override
              public void progress(String file, long bytes, long total) {
                line.show(
                    file + ": " + bytes / 1024 + (total < 0 ? "" : "/" + total / 1024) + " KiB");
              }
            });
    line.clear();
    return sets;
  }

  void run(Settings settings, Background<DataSets> reading) {
    Optional<Gallery> gallery =
        settings.pictures() ? Optional.of(new Gallery(settings.out())) : Optional.empty();
    var model = new SoftmaxRegression(settings.learningRate(), settings.threads());
    DataSets sets = reading.await();
    DataSet train = sets.train().withSeed(settings.seed());
    out.println(
        sets.origin()
            + ": "
            + train.size()
            + " images to learn from, "
            + sets.test().size()
            + " to measure with");
    gallery.ifPresent(pictures -> begin(pictures, train));
    train(model, settings, new Training(model, train, settings, new StatusLine(out, terminal)));
    Evaluation evaluation = model.evaluate(sets.test());
    gallery.ifPresent(pictures -> finish(pictures, model, evaluation, settings.out()));
    out.println(evaluation.right() + " of " + evaluation.size() + " test images are right");
    String mark = sets.isMnist() ? "" : " (drawn digits, not MNIST)";
    out.println("accuracy " + Decimal.fixed(evaluation.accuracy(), 4) + mark);
  }

  private void train(SoftmaxRegression model, Settings settings, Training training) {
    if (!settings.profile() && settings.trace().isEmpty()) {
      training.run();
      return;
    }
    Profile profile = model.profile(training::run);
    if (settings.profile()) {
      out.println(profile);
    }
    settings
        .trace()
        .ifPresent(file -> {
          profile.writeTrace(file);
          out.println("trace in " + file + ": open it with chrome://tracing or ui.perfetto.dev");
        });
  }

  private void begin(Gallery gallery, DataSet train) {
    gallery.add("digits.png", () -> SampleSheet.draw(train, "Digits to learn from"));
    out.print(new TerminalPictures(terminal).digits(train));
  }

  private void finish(
      Gallery gallery, SoftmaxRegression model, Evaluation evaluation, Path folder) {
    var weights = model.weights();
    gallery.add("weights.png", () -> WeightImages.draw(weights));
    gallery.add("confusion.png", () -> ConfusionMatrix.draw(evaluation.confusion()));
    gallery.add(
        "mistakes.png",
        () -> {
          int all = evaluation.size() - evaluation.right();
          return WrongDigits.draw(evaluation.surestMistakes(WrongDigits.SHOWN), all);
        });
    out.print(new TerminalPictures(terminal).weights(weights));
    gallery.await();
    out.println("pictures in " + folder + ": digits.png, weights.png, confusion.png, mistakes.png");
  }
}
