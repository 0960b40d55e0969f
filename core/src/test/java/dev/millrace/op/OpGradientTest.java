package dev.millrace.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.grad.Gradients;
import dev.millrace.grad.Tangents;
import dev.millrace.graph.Body;
import dev.millrace.graph.GraphException;
import dev.millrace.graph.Value;
import dev.millrace.session.CompiledFunction;
import dev.millrace.session.Session;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Derivatives of every op of the list, of first and second order, against central differences. */
class OpGradientTest {
  private static final int N = 3;
  private static final double STEP = 1e-5;
  private static final double TOLERANCE = 2e-7;

  @TestFactory
  Stream<DynamicTest> derivativesAgreeWithCentralDifferences() {
    return OpList.all().stream()
        .filter(entry -> OpTableTest.types(entry).contains(DType.FLOAT64))
        .map(entry -> new OpExample(entry, DType.FLOAT64, Dim.of("n")))
        .filter(example -> !example.variables().isEmpty())
        .map(example -> DynamicTest.dynamicTest(example.toString(), () -> check(example)));
  }

  static void check(OpExample example) {
    Op op = example.result().op().orElseThrow();
    if (op.isDifferentiable() && example.result().dtype() == DType.FLOAT64) {
      var derivatives = new Derivatives(example);
      derivatives.checkFirstOrder();
      derivatives.checkSecondOrder();
      derivatives.checkForwardMode();
    } else if (op instanceof Cast || op.isDifferentiable()) {
      assertTrue(!example.result().dtype().isFloating() || op instanceof Cast);
    } else {
      assertNoDerivative(example);
    }
  }

  private static void assertNoDerivative(OpExample example) {
    Value x = example.variables().getFirst();
    Expr y = example.result().cast(DType.FLOAT64);
    try {
      Gradients.of(y, List.of(x));
    } catch (GraphException none) {
      String message = none.getMessage();
      String op = example.result().op().orElseThrow().name();
      assertTrue(message.contains(" only through " + op + " ("), message);
      assertTrue(message.contains("), which has no derivative; the way from y to x: "), message);
      return;
    }
    throw new AssertionError(example + " has a derivative");
  }

  /** A weighted sum of an op's result, differentiated at one point. */
  private static final class Derivatives {
    private final OpExample example;
    private final Session session;
    private final Map<Value, Tensor> point;
    private final Expr sum;
    private final SplittableRandom random = new SplittableRandom(3);

    Derivatives(OpExample example) {
      this.example = example;
      this.session = new Session(example.graph(), 1);
      this.point = new HashMap<>(example.smooth(N, 11));
      this.sum = weighted(example.result());
    }

    /** The sum of x times random numbers. */
    private Expr weighted(Expr x) {
      Shape shape = x.shape().map(dim -> Dim.of(dim.evaluate(symbol -> N)));
      double[] weights = random.doubles(shape.size(), -1, 1).toArray();
      Expr constant = x.recorder().constant(Tensor.of(shape, weights));
      return ReductionFunctions.reduceSum(x.times(constant));
    }

    void checkFirstOrder() {
      for (Value x : example.variables()) {
        compare(sum, x, Optional.of(gradient(sum, x)));
      }
    }

    /** The derivative of the derivative; where that does not depend on x, differences are 0. */
    void checkSecondOrder() {
      for (Value x : example.variables()) {
        Expr slope = weighted(gradient(sum, x));
        for (Value z : example.variables()) {
          compare(slope, z, secondGradient(slope, z));
        }
      }
    }

    /** What a change of x does to the weighted sum, forwards and in reverse. */
    void checkForwardMode() {
      for (Value x : example.variables()) {
        Shape shape = x.shape().map(dim -> Dim.of(dim.evaluate(symbol -> N)));
        double[] change = random.doubles(shape.size(), -1, 1).toArray();
        Expr tangent = x.recorder().constant(Tensor.of(shape, change)).broadcastTo(x.shape());
        double forward = run(Tangents.of(sum, List.of(x), List.of(tangent))).getDouble();
        Expr pulled = gradient(sum, x).times(tangent);
        double reverse = run(ReductionFunctions.reduceSum(pulled)).getDouble();
        assertEquals(
            reverse,
            forward,
            1e-12 * (1 + Math.abs(reverse)),
            () -> example + ": forward mode by '" + x.name() + "'");
      }
    }

    private static Expr gradient(Expr y, Value x) {
      return Gradients.of(y, List.of(x)).getFirst();
    }

    private static Optional<Expr> secondGradient(Expr slope, Value x) {
      try {
        return Optional.of(gradient(slope, x));
      } catch (GraphException independent) {
        return Optional.empty();
      }
    }

    private void compare(Expr y, Value x, Optional<Expr> gradient) {
      double[] found = gradient.map(g -> run(g).toDoubleArray()).orElse(new double[0]);
      List<Value> fed = needed(y);
      CompiledFunction function = session.function(fed, List.of(y));
      double[] at = point.get(x).toDoubleArray();
      for (int i = 0; i < at.length; i++) {
        double expected = difference(function, fed, x, at, i);
        double actual = gradient.isEmpty() ? 0 : found[i];
        int element = i;
        assertEquals(
            expected,
            actual,
            TOLERANCE * (1 + Math.abs(expected)),
            () -> example + ": by element " + element + " of '" + x.name() + "'");
      }
    }

    /** The placeholders that y, or one of its dims, depends on: a run takes no others. */
    private List<Value> needed(Expr y) {
      var needed = new HashSet<Value>();
      Body.of(List.of((Value) y)).equations().forEach(e -> needed.addAll(e.operands()));
      return example.placeholders().stream()
          .filter(x -> needed.contains(x) || !x.shape().isKnown())
          .toList();
    }

    private double difference(
        CompiledFunction function, List<Value> fed, Value x, double[] at, int i) {
      double[] values = new double[2];
      for (int side = 0; side < 2; side++) {
        double[] moved = at.clone();
        moved[i] += side == 0 ? STEP : -STEP;
        var arguments = new ArrayList<Tensor>();
        for (Value placeholder : fed) {
          Tensor tensor = point.get(placeholder);
          arguments.add(placeholder == x ? Tensor.of(tensor.shape(), moved) : tensor);
        }
        values[side] = function.run(arguments.toArray(Tensor[]::new)).getFirst().getDouble();
      }
      return (values[0] - values[1]) / (2 * STEP);
    }

    private Tensor run(Expr y) {
      List<Value> fed = needed(y);
      Tensor[] arguments = fed.stream().map(point::get).toArray(Tensor[]::new);
      return session.function(fed, List.of(y)).run(arguments).getFirst();
    }
  }
}
