package dev.millrace.compile;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Action;
import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.train.GradientDescentOptimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the training step of the tutorial is compiled to; docs/architecture.md shows a part. */
class TutorialTest {
  private static final String SOFTMAX_AND_CROSS_ENTROPY =
      """
      # matmul, add, reduceMax, subtract, exp, reduceSum, multiply_1, negate_2, reduceSum_3, divide_1, multiply_2, add_1
      tmp0: FLOAT32[10]
      tmp1: FLOAT32[10]
      tmp2: FLOAT32[10]
      out3: FLOAT32[10*d0]
      tmp4: FLOAT32[160]
      in5: FLOAT32[784*d0]
      in6: FLOAT32[7840]
      in7: FLOAT32[10]
      in8: FLOAT32[10*d0]
      for each task i0 below floor((d0 + 15)/16)
        for row i1 from 16*i0 below min[16*i0 + 16, d0]
        for column i2 below 10
          tmp4[-160*i0 + 10*i1 + i2] = sum over i3 below 784 of in5[784*i1 + i3] * in6[i2 + 10*i3]
        for i4 from 16*i0 below min[16*i0 + 16, d0]
          for i5 below 10 in 16 lanes
            v6 = tmp4[-160*i0 + 10*i4 + i5]
            v7 = in7[i5]
            v8 = add v6 v7
            tmp0[i5] = v8
            v9 = FLOAT32 1.0
            v10 = negate v9
            v11 = in8[10*i4 + i5]
            v12 = multiply v10 v11
            tmp2[i5] = v12
            v13 = negate v12
          v14 = maximum of v8
          v15 = sum of v13
          for i16 below 10 in 16 lanes
            v17 = tmp0[i16]
            v18 = subtract v17 v14
            v19 = exp v18
            tmp1[i16] = v19
          v20 = sum of v19
          v21 = divide v15 v20
          for i22 below 10
            v23 = tmp1[i22]
            v24 = multiply v21 v23
            v25 = tmp2[i22]
            v26 = add v25 v24
            out3[10*i4 + i22] = v26
      """;

  private static final String NEW_BIAS =
      """
      # reduceSum_5, multiply_4, subtract_3
      out0: FLOAT32[10]
      in1: FLOAT32[10*d0]
      in2: FLOAT32[10]
      for each task i0 below 1
        for i1 below 10
          for i2 below d0
            v3 = in1[i1 + 10*i2]
          v4 = sum of v3
          v5 = FLOAT32 0.01
          v6 = multiply v4 v5
          v7 = in2[i1]
          v8 = subtract v7 v6
          out0[i1] = v8
      """;

  private static final String NEW_WEIGHTS =
      """
      # matmul_1, multiply_3, subtract_2
      out0: FLOAT32[7840]
      tmp1: FLOAT32[160]
      in2: FLOAT32[784*d0]
      in3: FLOAT32[10*d0]
      in4: FLOAT32[7840]
      for each task i0 below 49
        for row i1 from 16*i0 below min[16*i0 + 16, 784]
        for column i2 below 10
          tmp1[-160*i0 + 10*i1 + i2] = sum over i3 below d0 of in2[i1 + 784*i3] * in3[i2 + 10*i3]
        for i4 from 16*i0 below min[16*i0 + 16, 784]
          for i5 below 10
            v6 = tmp1[-160*i0 + 10*i4 + i5]
            v7 = FLOAT32 0.01
            v8 = multiply v6 v7
            v9 = in4[10*i4 + i5]
            v10 = subtract v9 v8
            out0[10*i4 + i5] = v10
      """;

  private final Graph graph = new Graph();
  private final Value x = graph.placeholder(FLOAT32, Shape.of(ANY, 784)).named("x");
  private final Program program = compile();

  private Program compile() {
    var weights = graph.variable(zeros(784, 10)).named("W");
    var bias = graph.variable(zeros(10)).named("b");
    var y = softmax(matmul(x, weights).plus(bias));
    var labels = graph.placeholder(FLOAT32, Shape.of(ANY, 10)).named("y_");
    var crossEntropy = reduceSum(labels.times(log(y))).negate();
    Action step = new GradientDescentOptimizer(0.01).minimize(crossEntropy);
    return Compiler.compile(List.copyOf(step.assignments().values()));
  }

  @Test
  void theStepIsThreeKernels() {
    assertEquals(
        String.join("\n", SOFTMAX_AND_CROSS_ENTROPY, NEW_BIAS, NEW_WEIGHTS), program.toString());
  }

  @Test
  void onlyTheDerivativeOfTheLogitsLiesBetweenKernels() {
    Dim batch = x.shape().dim(0);
    assertEquals(List.of(new Program.Slot(FLOAT32, batch.times(10))), program.slots());
    assertEquals(List.of("x", "W", "b", "y_"), program.inputs().stream().map(Value::name).toList());
    assertEquals(
        List.of(new Storage.Result(0), new Storage.Result(1)),
        program.results().stream().map(Program.Result::storage).toList());
    for (Program.Check check : program.checks()) {
      assertEquals("the result must have at most 2^31-1 elements", check.requirement().rule());
    }
    for (Step step : program.steps()) {
      assertEquals(List.of(batch.symbol()), step.dims());
    }
  }

  @Test
  void equalGraphsGiveEqualKernels() {
    Program again = new TutorialTest().program;
    assertEquals(
        program.steps().stream().map(Step::kernel).toList(),
        again.steps().stream().map(Step::kernel).toList());
  }

  @Test
  void theDocumentationShowsWhatTheCompilerPrints() throws IOException {
    Path page = Path.of(System.getProperty("millrace.root", ".."), "docs", "architecture.md");
    String shown = NEW_BIAS.lines().map(line -> "  " + line + "\n").collect(Collectors.joining());
    assertTrue(Files.readString(page).contains("  ```\n" + shown + "  ```\n"), page::toString);
  }
}
