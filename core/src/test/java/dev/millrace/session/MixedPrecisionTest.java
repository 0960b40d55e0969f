package dev.millrace.session;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.data.DataSets;
import dev.millrace.data.DrawnDigits;
import dev.millrace.graph.Action;
import dev.millrace.graph.Graph;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;
import dev.millrace.tensor.ElementBits;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import dev.millrace.train.AdamOptimizer;
import dev.millrace.train.GradientDescentOptimizer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sessions that multiply bfloat16 and sum float32. */
@Tag("kernels")
class MixedPrecisionTest {
  private static final SessionOptions MIXED =
      SessionOptions.defaults().compute(ComputeType.BFLOAT16);
  private static final int STEPS = 200;

  private final Graph graph = new Graph(3);

  /** {@code a b} with rounded operands, summed in the order of the inner index. */
  private static float[] product(float[] a, float[] b, int rows, int inner, int columns) {
    var product = new float[rows * columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        for (int k = 0; k < inner; k++) {
          product[i * columns + j] =
              Math.fma(
                  ElementBits.roundToBfloat16(a[i * inner + k]),
                  ElementBits.roundToBfloat16(b[k * columns + j]),
                  product[i * columns + j]);
        }
      }
    }
    return product;
  }

  private static Tensor numbers(int rows, int columns) {
    var numbers = new float[rows * columns];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) Math.sin(i * 1.3 + rows) * 3;
    }
    return Tensor.of(Shape.of(rows, columns), numbers);
  }

  @Test
  void theOperandsOfAProductAreRoundedAndItsSumIsNot() {
    Tensor left = numbers(5, 37);
    Tensor right = numbers(37, 4);
    Expr a = graph.placeholder(FLOAT32, Shape.of(ANY, 37));
    Expr b = graph.placeholder(FLOAT32, Shape.of(37, ANY));
    Tensor expected =
        Tensor.of(Shape.of(5, 4), product(left.toFloatArray(), right.toFloatArray(), 5, 37, 4));
    var feeds = feed(a, left, b, right);
    assertEquals(expected, new Session(graph, MIXED.threads(2)).run(matmul(a, b), feeds));
    assertNotEquals(expected, new Session(graph, 2).run(matmul(a, b), feeds));
    Expr turned = matmul(b.transpose(), a.transpose()).transpose();
    assertEquals(expected, new Session(graph, MIXED.threads(1)).run(turned, feeds));
  }

  @Test
  void allElseIsLeftAlone() {
    Expr x = graph.placeholder(FLOAT32, Shape.of(ANY));
    Expr d = graph.placeholder(FLOAT64, Shape.of(2, 2));
    Expr i = graph.placeholder(INT32, Shape.of(2, 2));
    var mixed = new Session(graph, MIXED);
    var exact = new Session(graph);
    Tensor tenth = Tensor.of(0.1f, 0.2f, 0.3f);
    Expr sum = reduceSum(x.times(x)).plus(exp(x));
    assertEquals(exact.run(sum, feed(x, tenth)), mixed.run(sum, feed(x, tenth)));
    Tensor doubles = Tensor.of(Shape.of(2, 2), 0.1, 0.2, 0.3, 0.4);
    assertEquals(
        exact.run(matmul(d, d), feed(d, doubles)), mixed.run(matmul(d, d), feed(d, doubles)));
    Tensor integers = Tensor.of(Shape.of(2, 2), 1001, 2003, 3001, 4001);
    assertEquals(
        exact.run(matmul(i, i), feed(i, integers)), mixed.run(matmul(i, i), feed(i, integers)));
  }

  @Test
  void variablesAndWhatIsFetchedKeepAllTheirBits() {
    Variable w = graph.variable(Tensor.of(Shape.of(1, 1), 1f));
    Expr x = graph.placeholder(FLOAT32, Shape.of(1, 1));
    var session = new Session(graph, MIXED);
    session.run(graph.initializeAllVariables());
    Expr loss = reduceSum(matmul(x, w));
    Action step = new GradientDescentOptimizer(0x1p-20).minimize(loss);
    for (int n = 0; n < 100; n++) {
      session.run(step, feed(x, Tensor.of(Shape.of(1, 1), 1f)));
    }
    // Steps of 2^-20 would be lost in a weight of 8 bits.
    assertEquals(1 - 100 * 0x1p-20, session.run(w).getFloat(0, 0));
  }

  private record Model(Expr x, Expr truth, Expr accuracy, Action step, List<Variable> variables) {}

  /** Softmax regression, with a hidden layer if it has units. */
  private Model model(int units) {
    Expr x = graph.placeholder(FLOAT32, Shape.of(ANY, 784));
    Expr truth = graph.placeholder(FLOAT32, Shape.of(ANY, 10));
    Expr last = x;
    if (units > 0) {
      var w = graph.variable(uniform(graph, Shape.of(784, units), -0.05, 0.05));
      last = relu(matmul(x, w).plus(graph.variable(zeros(units))));
    }
    var w = graph.variable(uniform(graph, Shape.of(units > 0 ? units : 784, 10), -0.05, 0.05));
    Expr y = softmax(matmul(last, w).plus(graph.variable(zeros(10))));
    Expr loss = reduceMean(reduceSum(truth.times(log(y)), 1).negate());
    Action step =
        units > 0
            ? new AdamOptimizer(0.001).minimize(loss)
            : new GradientDescentOptimizer(0.5).minimize(loss);
    Expr accuracy = reduceMean(cast(equal(argMax(y, 1), argMax(truth, 1)), FLOAT32));
    return new Model(x, truth, accuracy, step, graph.variables());
  }

  private record Trained(float accuracy, List<Tensor> variables) {}

  private Trained train(Model model, SessionOptions options) {
    var session = new Session(graph, options);
    session.run(graph.initializeAllVariables());
    DataSets data = DrawnDigits.dataSets(1, 2000, 1000, ONE_HOT);
    var step = session.function(model.step, List.of(model.x, model.truth), List.of());
    var train = data.train();
    for (int n = 0; n < STEPS; n++) {
      var batch = train.nextBatch(100);
      step.run(batch.images(), batch.labels());
    }
    var feeds = feed(model.x, data.test().images(), model.truth, data.test().labels());
    return new Trained(session.run(model.accuracy, feeds).getFloat(), session.run(model.variables));
  }

  private void learnsAsWell(Model model) {
    float exact = train(model, MIXED.compute(ComputeType.FLOAT32)).accuracy;
    Trained one = train(model, MIXED.threads(1));
    assertTrue(exact > 0.8, () -> "accuracy " + exact);
    assertEquals(exact, one.accuracy, 0.02);
    for (int threads = 2; threads <= 3; threads++) {
      assertEquals(one, train(model, MIXED.threads(threads)));
    }
  }

  @Test
  void softmaxRegressionLearnsAsWellWithTheSameBitsOnAnyNumberOfThreads() {
    learnsAsWell(model(0));
  }

  @Test
  void aHiddenLayerLearnsAsWellWithTheSameBitsOnAnyNumberOfThreads() {
    learnsAsWell(model(32));
  }

  @Test
  void optionsCompose() {
    SessionOptions options = SessionOptions.defaults().threads(3).compute(ComputeType.BFLOAT16);
    assertEquals(new SessionOptions(3, ComputeType.BFLOAT16), options);
    assertEquals(options, new Session(graph, options).options());
    assertEquals(new SessionOptions(5, ComputeType.FLOAT32), new Session(graph, 5).options());
    for (int wrong : new int[] {0, -1, 1025}) {
      assertEquals(
          "session: takes 1 to 1024 threads, found " + wrong,
          assertThrows(RunException.class, () -> options.threads(wrong)).getMessage());
    }
  }
}
