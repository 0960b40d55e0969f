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
        for row i2 from 16*i0 below min[16*i0 + 16, d0]
        for column i3 below 10
          tmp4[-160*i0 + 10*i2 + i3] = sum over i4 below 784 of in5[784*i2 + i4] * in6[i3 + 10*i4]
        for i5 from 16*i0 below min[16*i0 + 16, d0]
          for i6 below 10 in 16 lanes
            v7 = tmp4[-160*i0 + 10*i5 + i6]
            v8 = in7[i6]
            v9 = add v7 v8
            tmp0[i6] = v9
            v10 = FLOAT32 1.0
            v11 = negate v10
            v12 = in8[10*i5 + i6]
            v13 = multiply v11 v12
            tmp2[i6] = v13
            v14 = negate v13
          v15 = maximum of v9
          v16 = sum of v14
          for i17 below 10 in 16 lanes
            v18 = tmp0[i17]
            v19 = subtract v18 v15
            v20 = exp v19
            tmp1[i17] = v20
          v21 = sum of v20
          v22 = divide v16 v21
          for i23 below 10
            v24 = tmp1[i23]
            v25 = multiply v22 v24
            v26 = tmp2[i23]
            v27 = add v26 v25
            out3[10*i5 + i23] = v27
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
      tmp1: FLOAT32[1040]
      in2: FLOAT32[784*d0]
      in3: FLOAT32[10*d0]
      in4: FLOAT32[7840]
      for each task i0 below 8
        for row i2 from 104*i0 below min[104*i0 + 104, 784]
        for column i3 below 10
          tmp1[-1040*i0 + 10*i2 + i3] = sum over i4 below d0 of in2[i2 + 784*i4] * in3[i3 + 10*i4]
        for i5 from 104*i0 below min[104*i0 + 104, 784]
          for i6 below 10
            v7 = tmp1[-1040*i0 + 10*i5 + i6]
            v8 = FLOAT32 0.01
            v9 = multiply v7 v8
            v10 = in4[10*i5 + i6]
            v11 = subtract v10 v9
            out0[10*i5 + i6] = v11
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
    assertEquals(1, program.slots().size());
    assertEquals(FLOAT32, program.slots().getFirst().dtype());
    assertEquals(batch.times(10), program.slots().getFirst().size());
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
