package dev.millrace.session;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Graph;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import dev.millrace.train.GradientDescentOptimizer;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A training step makes no garbage. The JVM has to compile the code first, which then does without
 * the short-lived objects that it says, so steps are counted until they settle.
 */
@Tag("kernels")
class GarbageTest {
  private static final int STEPS = 2000;
  private static final int ROUNDS = 200;

  /** Bytes of the array in which Java passes the arguments of a prepared call. */
  private static final double ARGUMENTS = 24;

  private static double bytesPerStep(Runnable step) {
    var bean = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = bean.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < STEPS; i++) {
      step.run();
    }
    return (bean.getCurrentThreadAllocatedBytes() - before) / (double) STEPS;
  }

  private static void settlesAt(double bytes, Runnable step) {
    double least = Double.POSITIVE_INFINITY;
    for (int round = 0; round < ROUNDS && least > bytes; round++) {
      least = Math.min(least, bytesPerStep(step));
    }
    double found = least;
    assertTrue(found <= bytes, () -> found + " bytes a step, at most " + bytes + " are due");
  }

  @Test
  void aTrainingStepMakesNoGarbage() {
    var g = new Graph();
    var x = g.placeholder(FLOAT32, Shape.of(ANY, 20));
    var w = g.variable(zeros(20, 5));
    var b = g.variable(zeros(5));
    var y = softmax(matmul(x, w).plus(b));
    var truth = g.placeholder(FLOAT32, Shape.of(ANY, 5));
    var loss = reduceSum(truth.times(log(y))).negate();
    var step = new GradientDescentOptimizer(0.01).minimize(loss);
    var session = new Session(g, 1);
    session.run(g.initializeAllVariables());
    Tensor images = ones(9, 20);
    Tensor labels = fill(0.2, 9, 5);

    var feeds = feed(x, images, truth, labels);
    settlesAt(0.5, () -> session.run(step, feeds));
    var function = session.function(step, List.of(x, truth), List.of());
    settlesAt(ARGUMENTS + 0.5, () -> function.run(images, labels));
  }
}
