// The tutorial's program with one more layer: a network with 128 hidden units reads about 97 of 100 digits.
// prints: 0\.97[0-9]*
import module dev.millrace;
import static dev.millrace.Ops.*;

void main() {
  var mnist = Mnist.readDataSets(Path.of("MNIST_data"), ONE_HOT);

  var g = new Graph(1);
  var x = g.placeholder(FLOAT32, Shape.of(ANY, 784));
  var y_ = g.placeholder(FLOAT32, Shape.of(ANY, 10));

  // Random weights to begin with: hidden units that start alike would stay alike.
  var hidden = relu(layer(g, x, 784, 128, 0.05));
  var logits = layer(g, hidden, 128, 10, 0.1);

  var loss = reduceMean(softmaxCrossEntropy(y_, logits));
  var trainStep = new AdamOptimizer(0.002).minimize(loss);

  var session = new Session(g);
  session.run(g.initializeAllVariables());
  for (int i = 1; i <= 1800; i++) {
    var batch = mnist.train().nextBatch(100);
    var feeds = feed(x, batch.images(), y_, batch.labels());
    if (i % 300 == 0) {
      IO.println("step " + i + ": loss " + session.run(trainStep, List.of(loss), feeds).getFirst());
    } else {
      session.run(trainStep, feeds);
    }
  }

  var correct = equal(argMax(logits, 1), argMax(y_, 1));
  var accuracy = reduceMean(cast(correct, FLOAT32));
  IO.println(session.run(accuracy, feed(x, mnist.test().images(), y_, mnist.test().labels())));
}

/** {@code x W + b} with weights near 0. */
Expr layer(Graph g, Expr x, long inputs, long outputs, double deviation) {
  var W = g.variable(truncatedNormal(g, Shape.of(inputs, outputs), 0, deviation));
  var b = g.variable(zeros(outputs));
  return matmul(x, W).plus(b);
}
