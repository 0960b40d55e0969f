package dev.millrace.train;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Action;
import dev.millrace.graph.Graph;
import dev.millrace.graph.GraphException;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;
import dev.millrace.session.Session;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Tensor;
import dev.millrace.train.Optimizer.Gradient;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** The rules against plain arithmetic, several optimizers in one graph, and what can go wrong. */
class OptimizerTest {
  private static final int STEPS = 25;

  private static Session initialised(Graph graph) {
    var session = new Session(graph, 1);
    session.run(graph.initializeAllVariables());
    return session;
  }

  private static Stream<DynamicTest> forEachRule(Consumer<PlainRule> test) {
    return PlainRule.all().stream()
        .map(rule -> DynamicTest.dynamicTest(rule.name(), () -> test.accept(rule)));
  }

  /** The message, without the line: these tests are in a package that counts as the library. */
  private static String message(Executable executable) {
    return assertThrows(MillraceException.class, executable)
        .getMessage()
        .replaceAll("\\w+.java:\\d+", "HERE");
  }

  @TestFactory
  Stream<DynamicTest> theRuleIsThatOfItsDocumentationInDoublePrecision() {
    return forEachRule(rule -> followsTheFormula(rule, FLOAT64, 1e-12));
  }

  @TestFactory
  Stream<DynamicTest> theRuleIsThatOfItsDocumentationInSinglePrecision() {
    return forEachRule(rule -> followsTheFormula(rule, FLOAT32, 2e-5));
  }

  private static void followsTheFormula(PlainRule rule, DType dtype, double tolerance) {
    var bowl = new Bowl(dtype);
    Action step = rule.optimizer().get().minimize(bowl.loss);
    Session session = initialised(bowl.graph);
    var plain = new Bowl.Plain();
    for (int i = 0; i < STEPS; i++) {
      session.run(step);
      plain.step(rule, plain.w);
      assertArrayEquals(plain.w, session.run(bowl.w).toDoubleArray(), tolerance);
    }
  }

  @TestFactory
  Stream<DynamicTest> theLossFalls() {
    return forEachRule(rule -> {
      var bowl = new Bowl(FLOAT32);
      Action step = rule.optimizer().get().minimize(bowl.loss);
      Session session = initialised(bowl.graph);
      double before = session.run(bowl.loss).getDouble();
      for (int i = 0; i < 100; i++) {
        session.run(step);
      }
      double after = session.run(bowl.loss).getDouble();
      assertTrue(after < 0.01 * before, () -> "from " + before + " to " + after);
    });
  }

  @TestFactory
  Stream<DynamicTest> oneOptimizerKeepsTwoLossesApart() {
    return forEachRule(rule -> {
      var bowl = new Bowl(FLOAT64);
      Variable v = bowl.graph.variable(Bowl.tensor(FLOAT64, Bowl.START)).named("v");
      Optimizer optimizer = rule.optimizer().get();
      Action stepOfW = optimizer.minimize(bowl.loss);
      Action stepOfV = optimizer.minimize(bowl.loss(v));
      Session session = initialised(bowl.graph);
      var plainW = new Bowl.Plain();
      var plainV = new Bowl.Plain();
      for (int i = 0; i < STEPS; i++) {
        session.run(stepOfW);
        plainW.step(rule, plainW.w);
        if (i % 3 == 0) {
          session.run(stepOfV);
          plainV.step(rule, plainV.w);
        }
      }
      assertArrayEquals(plainW.w, session.run(bowl.w).toDoubleArray(), 1e-12);
      assertArrayEquals(plainV.w, session.run(v).toDoubleArray(), 1e-12);
    });
  }

  @TestFactory
  Stream<DynamicTest> minimizingTwiceMakesTwoStepsWithStateOfTheirOwn() {
    return forEachRule(rule -> {
      var bowl = new Bowl(FLOAT64);
      Optimizer optimizer = rule.optimizer().get();
      List<Action> steps = List.of(optimizer.minimize(bowl.loss), optimizer.minimize(bowl.loss));
      Session session = initialised(bowl.graph);
      var states = List.of(new Bowl.Plain(), new Bowl.Plain());
      double[] w = Bowl.START.clone();
      for (int i = 0; i < STEPS; i++) {
        session.run(steps.get(i % 2));
        states.get(i % 2).step(rule, w);
      }
      assertArrayEquals(w, session.run(bowl.w).toDoubleArray(), 1e-12);
    });
  }

  @Test
  void twoOptimizersShareVariablesButNoState() {
    var bowl = new Bowl(FLOAT64);
    for (PlainRule rule : PlainRule.all()) {
      Action own = rule.optimizer().get().minimize(bowl.loss);
      Action other = new AdamOptimizer(0.01).minimize(bowl.loss);
      Session session = initialised(bowl.graph);
      session.run(other);
      double[] w = session.run(bowl.w).toDoubleArray();
      new Bowl.Plain().step(rule, w);
      session.run(own);
      assertArrayEquals(w, session.run(bowl.w).toDoubleArray(), 1e-12, rule.name());
    }
    Action both = new AdamOptimizer(0.1).minimize(bowl.loss);
    assertEquals(
        "action: variable 'w' is set twice in one run; all assignments of a run happen at once, so"
            + " keep one of them",
        message(() -> both.and(new AdagradOptimizer(0.1).minimize(bowl.loss))));
  }

  @Test
  void slotsAreNamedAfterTheirVariable() {
    var bowl = new Bowl(FLOAT32);
    new AdamOptimizer(0.1).minimize(bowl.loss);
    new MomentumOptimizer(0.1, 0.9).minimize(bowl.loss);
    new MomentumOptimizer(0.1, 0.9).minimize(bowl.loss);
    assertEquals(
        List.of("w", "steps", "w/mean", "w/square", "w/momentum", "w/momentum_1"),
        bowl.graph.variables().stream().map(Variable::name).toList());
  }

  @Test
  void integerVariablesAreLeftAlone() {
    var graph = new Graph();
    Variable w = graph.variable(Tensor.of(1f, 2f)).named("w");
    Variable count = graph.variable(Tensor.of(3, 4)).named("count");
    Action step =
        new GradientDescentOptimizer(0.5).minimize(reduceSum(w.times(cast(count, FLOAT32))));
    assertEquals(List.of(w), List.copyOf(step.assignments().keySet()));
    Session session = initialised(graph);
    session.run(step);
    assertEquals(Tensor.of(-0.5f, 0f), session.run(w));
    assertEquals(Tensor.of(3, 4), session.run(count));
  }

  @Test
  void aLossThatIsNoScalarCountsAsItsSum() {
    var graph = new Graph();
    Variable w = graph.variable(Tensor.of(1f, 2f));
    Action step = new GradientDescentOptimizer(0.5).minimize(w.square());
    Session session = initialised(graph);
    session.run(step);
    assertEquals(Tensor.of(0f, 0f), session.run(w));
  }

  @Test
  void aLossWithoutVariablesIsExplained() {
    var graph = new Graph();
    Variable count = graph.variable(Tensor.of(3, 4)).named("count");
    var loss = reduceSum(cast(count, FLOAT32)).named("loss");
    var optimizer = new GradientDescentOptimizer(0.5);
    assertEquals(
        "minimize: the loss loss: FLOAT32 [] (HERE) depends on no floating-point variable; make one"
            + " with graph.variable(...) and use it in the loss",
        message(() -> optimizer.minimize(loss)));
    assertEquals(
        "applyGradients: takes one gradient or more, found none",
        assertThrows(GraphException.class, () -> optimizer.applyGradients(List.of())).getMessage());
  }

  @Test
  void wrongConstantsAreNamed() {
    String rate = "learning rate: must be a positive number, found ";
    assertEquals(rate + "0.0", message(() -> new GradientDescentOptimizer(0)));
    assertEquals(rate + "-1.0", message(() -> new MomentumOptimizer(-1, 0.9)));
    assertEquals(rate + "NaN", message(() -> new AdagradOptimizer(Double.NaN)));
    assertEquals(rate + "Infinity", message(() -> new RmsPropOptimizer(Double.POSITIVE_INFINITY)));
    assertEquals(rate + "0.0", message(() -> new AdamOptimizer(0)));
    String epsilon = "epsilon: must be a positive number, found 0.0";
    assertEquals(epsilon, message(() -> new AdagradOptimizer(0.1, 0)));
    assertEquals(epsilon, message(() -> new RmsPropOptimizer(0.1, 0.9, 0, 0)));
    assertEquals(epsilon, message(() -> new AdamOptimizer(0.1, 0.9, 0.999, 0)));
    String range = ": must be in [0, 1), found ";
    assertEquals("momentum" + range + "1.0", message(() -> new MomentumOptimizer(0.1, 1)));
    assertEquals("decay" + range + "1.0", message(() -> new RmsPropOptimizer(0.1, 1, 0, 1e-8)));
    assertEquals(
        "momentum" + range + "-0.5", message(() -> new RmsPropOptimizer(0.1, 0.9, -0.5, 1e-8)));
    assertEquals("beta1" + range + "1.0", message(() -> new AdamOptimizer(0.1, 1, 0.9, 1e-8)));
    assertEquals("beta2" + range + "NaN", message(() -> new AdamOptimizer(0.1, 0, Double.NaN, 1)));
  }

  @Test
  void aBetaOfZeroIsAllowed() {
    var bowl = new Bowl(FLOAT64);
    Action step = new AdamOptimizer(0.1, 0, 0, 1e-8).minimize(bowl.loss);
    Session session = initialised(bowl.graph);
    session.run(step);
    double[] expected = Bowl.START.clone();
    for (int i = 0; i < expected.length; i++) {
      expected[i] -= 0.1 * Math.signum(Bowl.gradient(i, expected[i]));
    }
    assertArrayEquals(expected, session.run(bowl.w).toDoubleArray(), 1e-6);
  }

  @TestFactory
  Stream<DynamicTest> minimizeComputesGradientsAndAppliesThem() {
    return forEachRule(rule -> {
      var whole = new Bowl(FLOAT32);
      Action once = rule.optimizer().get().minimize(whole.loss);
      var parts = new Bowl(FLOAT32);
      Optimizer optimizer = rule.optimizer().get();
      Action step = optimizer.applyGradients(optimizer.computeGradients(parts.loss));
      Session first = initialised(whole.graph);
      Session second = initialised(parts.graph);
      for (int i = 0; i < STEPS; i++) {
        first.run(once);
        second.run(step);
        assertEquals(first.run(whole.w), second.run(parts.w));
      }
    });
  }

  @Test
  void gradientsMayBeChangedBeforeTheyAreApplied() {
    var bowl = new Bowl(FLOAT64);
    var optimizer = new GradientDescentOptimizer(1);
    Gradient pair = optimizer.computeGradients(bowl.loss).getFirst();
    Action step =
        optimizer.applyGradients(List.of(new Gradient(bowl.w, pair.gradient().times(0).plus(2))));
    Session session = initialised(bowl.graph);
    session.run(step);
    double[] expected = Arrays.stream(Bowl.START).map(w -> w - 2).toArray();
    assertArrayEquals(expected, session.run(bowl.w).toDoubleArray());
  }

  @Test
  void variablesThatTheLossDoesNotDependOnSmoothlyAreLeftAlone() {
    var graph = new Graph();
    Variable w = graph.variable(Tensor.of(3.0, -2.0)).named("w");
    Variable v = graph.variable(Tensor.of(1.5, 1.0)).named("v");
    graph.variable(Tensor.of(9.0)).named("unused");
    Expr target = stopGradient(v.square());
    Expr signed = select(v.greater(1.2), w, w.negate());
    Expr loss = w.minus(target).square().plus(signed).sum();
    Action step = new GradientDescentOptimizer(0.5).minimize(loss);
    assertEquals(List.of(w), List.copyOf(step.assignments().keySet()));
    Session session = initialised(graph);
    session.run(step);
    assertEquals(Tensor.of(2.25 - 0.5, 1 + 0.5), session.run(w));
    assertEquals(Tensor.of(1.5, 1.0), session.run(v));
  }

  @Test
  void aLossThatDependsOnNothingSmoothlySaysOnWhatItDoes() {
    var graph = new Graph();
    Variable w = graph.variable(Tensor.of(3.0)).named("w");
    Expr rounded = round(w).sum().named("rounded");
    assertEquals(
        "gradients: 'rounded' (HERE) depends on w: FLOAT64 [1] (HERE) only through round (HERE),"
            + " which has no derivative; the way from y to x: reduceSum (HERE) <- round (HERE) <- 'w'",
        message(() -> new AdamOptimizer(0.1).minimize(rounded)));
  }

  @Test
  void aVariableCanItselfBeTheLoss() {
    var graph = new Graph();
    Variable w = graph.variable(Tensor.of(3.0, -2.0));
    Action step = new GradientDescentOptimizer(1).minimize(w);
    Session session = initialised(graph);
    session.run(step);
    assertEquals(Tensor.of(2.0, -3.0), session.run(w));
  }

  @Test
  void stateIsInitializedWithAllVariablesOnceItIsThere() {
    var bowl = new Bowl(FLOAT32);
    Action early = bowl.graph.initializeAllVariables();
    Action step = new MomentumOptimizer(0.05, 0.9).minimize(bowl.loss);
    Action late = bowl.graph.initializeAllVariables();
    var session = new Session(bowl.graph, 1);
    session.run(early);
    assertEquals(
        "run: variable 'w/momentum' (HERE) has no value yet; run graph.initializeAllVariables() in"
            + " this session first, made after the last variable (optimizers make some of their own)",
        message(() -> session.run(step)));
    session.run(late);
    session.run(step);
    session.run(step);
    Tensor twice = session.run(bowl.w);
    session.run(late);
    session.run(step);
    session.run(step);
    assertEquals(twice, session.run(bowl.w));
  }
}
