package dev.millrace.compile;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.millrace.graph.Action;
import dev.millrace.graph.Graph;
import dev.millrace.tensor.Shape;
import dev.millrace.train.GradientDescentOptimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tutorial's training step, as docs/architecture.md follows it through the compiler. */
class TutorialTest {
  private static final String EXCERPT_BEGIN = "# reduceSum_5";

  private static Program trainingStep() {
    var g = new Graph();
    var x = g.placeholder(FLOAT32, Shape.of(ANY, 784));
    var w = g.variable(zeros(784, 10));
    var b = g.variable(zeros(10));
    var y = softmax(matmul(x, w).plus(b));
    var truth = g.placeholder(FLOAT32, Shape.of(ANY, 10));
    var crossEntropy = reduceSum(truth.times(log(y))).negate();
    Action step = new GradientDescentOptimizer(0.01).minimize(crossEntropy);
    return Compiler.compile(List.copyOf(step.assignments().values()));
  }

  @Test
  void theTrainingStepIsThreeKernels() {
    assertEquals(
        List.of(
            "matmul, add, reduceMax, subtract, exp, reduceSum, multiply_1, negate_2,"
                + " reduceSum_3, divide_1, multiply_2, add_1",
            "reduceSum_5, multiply_4, subtract_3",
            "matmul_1, multiply_3, subtract_2"),
        Compiled.members(trainingStep()));
  }

  @Test
  void onlyTheDerivativeOfTheLogitsLiesBetweenThem() {
    Program program = trainingStep();
    assertEquals(1, program.slots().size(), program::toString);
    assertEquals("10*?", program.slots().getFirst().size().toString());
  }

  @Test
  void thePageShowsWhatTheCompilerPrints() throws IOException {
    Path page = Path.of(System.getProperty("millrace.root", ".."), "docs", "architecture.md");
    String excerpt =
        Files.readString(page)
            .lines()
            .map(line -> line.startsWith("  ") ? line.substring(2) : line)
            .dropWhile(line -> !line.startsWith(EXCERPT_BEGIN))
            .takeWhile(line -> !line.equals("```"))
            .map(line -> line + "\n")
            .reduce("", String::concat);
    String all = trainingStep().toString();
    String printed = all.substring(all.indexOf(EXCERPT_BEGIN));
    assertEquals(printed.substring(0, printed.indexOf("\n\n") + 1), excerpt);
  }
}
