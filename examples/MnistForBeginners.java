// The MNIST tutorial: softmax regression reads handwritten digits. docs/tutorial.md explains each line.
// prints: 0\.9[1-9][0-9]*
import module dev.millrace;
import static dev.millrace.Ops.*;

void main() {
  var mnist = Mnist.readDataSets(Path.of("MNIST_data"), ONE_HOT);

  var g = new Graph();
  var x = g.placeholder(FLOAT32, Shape.of(ANY, 784));
  var W = g.variable(zeros(784, 10));
  var b = g.variable(zeros(10));
  var y = softmax(matmul(x, W).plus(b));
  var y_ = g.placeholder(FLOAT32, Shape.of(ANY, 10));

  var crossEntropy = reduceSum(y_.times(log(y))).negate();
  var trainStep = new GradientDescentOptimizer(0.01).minimize(crossEntropy);
  var init = g.initializeAllVariables();

  var session = new Session(g);
  session.run(init);
  for (int i = 0; i < 1000; i++) {
    var batch = mnist.train().nextBatch(100);
    session.run(trainStep, feed(x, batch.images(), y_, batch.labels()));
  }

  var correct = equal(argMax(y, 1), argMax(y_, 1));
  var accuracy = reduceMean(cast(correct, FLOAT32));
  IO.println(session.run(accuracy, feed(x, mnist.test().images(), y_, mnist.test().labels())));
}
