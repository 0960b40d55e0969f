package dev.millrace;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.data.DrawnDigits;
import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;
import dev.millrace.session.Session;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import dev.millrace.train.GradientDescentOptimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Each slip of docs/messages.md gives the message that the page shows, line numbers aside. */
class NewcomerMessagesTest {
  private static final String LINE = "[A-Za-z]+\\.java:[0-9]+";

  private final Graph g = new Graph();
  private final Value x = g.placeholder(FLOAT32, Shape.of(ANY, 784)).named("x");
  private final Variable W = g.variable(zeros(784, 10)).named("W");
  private final Variable b = g.variable(zeros(10)).named("b");
  private final Expr y = softmax(matmul(x, W).plus(b));
  private final Value y_ = g.placeholder(FLOAT32, Shape.of(ANY, 10)).named("y_");
  private final Expr crossEntropy = reduceSum(y_.times(log(y))).negate();
  private final Session session = new Session(g, 1);

  private static void saysWhatThePageShows(Executable mistake) throws IOException {
    String message = assertThrows(MillraceException.class, mistake).getMessage();
    Path page = Path.of(System.getProperty("millrace.root", ".."), "docs", "messages.md");
    String shown = Files.readString(page).replaceAll(LINE, "LINE");
    String said = message.replaceAll(LINE, "LINE");
    assertTrue(shown.contains("\n" + said + "\n"), () -> "not in " + page + ": " + message);
  }

  @Test
  void swappedOperandsOfMatmul() throws IOException {
    saysWhatThePageShows(() -> matmul(W, x));
  }

  @Test
  void aForgottenFeed() throws IOException {
    session.run(g.initializeAllVariables());
    var step = new GradientDescentOptimizer(0.01).minimize(crossEntropy);
    saysWhatThePageShows(() -> session.run(step, feed(x, zeros(100, 784))));
  }

  @Test
  void labelsThatAreNotOneHot() throws IOException {
    session.run(g.initializeAllVariables());
    Tensor classes = Tensor.zeros(INT64, Shape.of(100));
    saysWhatThePageShows(() -> session.run(crossEntropy, feed(x, zeros(100, 784), y_, classes)));
  }

  @Test
  void imagesThatAreNotFlat() throws IOException {
    saysWhatThePageShows(() -> session.run(y, feed(x, zeros(100, 28, 28))));
  }

  @Test
  void oneImageInsteadOfABatch() throws IOException {
    saysWhatThePageShows(() -> session.run(y, feed(x, zeros(784))));
  }

  @Test
  void imagesAndLabelsOfDifferentBatches() throws IOException {
    saysWhatThePageShows(
        () -> session.run(crossEntropy, feed(x, zeros(100, 784), y_, zeros(50, 10))));
  }

  @Test
  void aRunBeforeTheVariablesHaveValues() throws IOException {
    saysWhatThePageShows(() -> session.run(y, feed(x, zeros(100, 784))));
  }

  @Test
  void aNegativeLearningRate() throws IOException {
    saysWhatThePageShows(() -> new GradientDescentOptimizer(-0.01));
  }

  @Test
  void aLearningRateFarTooHighGivesNumbersNotNaN() {
    var step = new GradientDescentOptimizer(100).minimize(crossEntropy);
    session.run(g.initializeAllVariables());
    var digits = DrawnDigits.dataSets(1, 400, 100, ONE_HOT).train();
    float loss = 0;
    for (int i = 0; i < 4; i++) {
      var batch = digits.nextBatch(100);
      var feeds = feed(x, batch.images(), y_, batch.labels());
      loss = session.run(step, List.of(crossEntropy), feeds).getFirst().getFloat();
    }
    assertTrue(loss > 1e6 && Float.isFinite(loss), "loss " + loss);
  }

  @Test
  void aBiasOfTheWrongLength() throws IOException {
    var wrong = new Graph();
    var images = wrong.placeholder(FLOAT32, Shape.of(ANY, 784));
    var weights = wrong.variable(zeros(784, 10));
    var bias = wrong.variable(zeros(11)).named("b");
    saysWhatThePageShows(() -> matmul(images, weights).plus(bias));
  }

  @Test
  void aDerivativeOfAccuracy() throws IOException {
    var wrong = new Graph();
    var images = wrong.placeholder(FLOAT32, Shape.of(ANY, 784));
    var weights = wrong.variable(zeros(784, 10)).named("W");
    var labels = wrong.placeholder(INT64, Shape.of(ANY));
    var correct = equal(argMax(matmul(images, weights), 1), labels);
    var accuracy = reduceMean(cast(correct, FLOAT32));
    saysWhatThePageShows(() -> new GradientDescentOptimizer(0.01).minimize(accuracy.negate()));
  }

  @Test
  void aValueOfAnotherGraph() throws IOException {
    saysWhatThePageShows(() -> new Session(new Graph()).run(y, feed(x, zeros(1, 784))));
  }
}
