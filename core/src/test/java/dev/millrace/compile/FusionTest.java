package dev.millrace.compile;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.op.Expr;
import dev.millrace.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which values share a kernel, and which need none. */
class FusionTest {
  private final Graph graph = new Graph();
  private final Value x = graph.placeholder(FLOAT32, Shape.of(ANY, 6)).named("x");
  private final Value w = graph.placeholder(FLOAT32, Shape.of(6, 5)).named("w");

  @Test
  void viewsTakeNoKernelAndNoMemory() {
    Expr row = squeeze(slice(x, 0, 0, 1), 0);
    Expr column = squeeze(slice(w, 1, 2, 3), 1);
    Program program = Compiled.program(transpose(transpose(x).plus(expandDims(row, 1))));
    assertEquals(List.of("add", "transpose_1"), Compiled.members(program));
    program = Compiled.program(reverse(x, 1).plus(row).times(column));
    assertEquals(List.of("add_1, multiply"), Compiled.members(program));
    assertEquals(List.of(), program.slots());
  }

  @Test
  void aViewThatIsAskedForIsCopied() {
    assertEquals(List.of("transpose"), Compiled.members(transpose(x)));
  }

  @Test
  void aReshapedInputThatIsAskedForNeedsNothing() {
    assertEquals(List.of(), Compiled.members(reshape(w, 30), w));
  }

  @Test
  void aChainOfElementwiseOpsIsOneKernel() {
    Program program = Compiled.program(logistic(exp(sin(x).plus(1)).negate().times(x)));
    assertEquals(List.of("sin, add, exp, negate, multiply, logistic"), Compiled.members(program));
    assertEquals(List.of(), program.slots());
    assertEquals(2, program.steps().getFirst().kernel().buffers().size(), program::toString);
  }

  @Test
  void softmaxIsOneKernel() {
    Program program = Compiled.program(softmax(x));
    assertEquals(List.of("reduceMax, subtract, exp, reduceSum, divide"), Compiled.members(program));
    assertEquals(List.of(), program.slots());
  }

  @Test
  void elementwiseOpsAndRowReductionsJoinTheProductBeforeThem() {
    Value bias = graph.placeholder(FLOAT32, Shape.of(5)).named("bias");
    Expr y = relu(matmul(x, w).plus(bias));
    assertEquals(List.of("matmul, add, relu"), Compiled.members(y));
    assertEquals(List.of("matmul, add, relu, reduceSum"), Compiled.members(reduceSum(y, 1)));
  }

  @Test
  void aProductBeginsAKernel() {
    Value v = graph.placeholder(FLOAT32, Shape.of(5, 3)).named("v");
    Program program = Compiled.program(tanh(matmul(relu(matmul(x, w)), v)));
    assertEquals(List.of("matmul, relu", "matmul_1, tanh"), Compiled.members(program));
    assertEquals(1, program.slots().size());
  }

  @Test
  void aColumnSumBeginsAKernelThatItsConsumersJoin() {
    Expr sums = reduceSum(exp(x), 0);
    assertEquals(
        List.of("exp", "reduceSum, multiply, negate"), Compiled.members(sums.times(2).negate()));
  }

  @Test
  void constantsArePartOfTheKernelsThatReadThem() {
    Program program = Compiled.program(x.times(3).plus(4));
    assertEquals(List.of(x), program.inputs(), program::toString);
  }

  @Test
  void aKernelKeepsToWhatTheJvmCompiles() {
    Expr y = x;
    for (int i = 0; i < 500; i++) {
      y = y.plus(sin(y));
    }
    Program program = Compiled.program(y);
    int most = program.steps().stream().mapToInt(step -> step.values().size()).max().orElseThrow();
    assertTrue(most <= 40 && program.steps().size() >= 25, program.steps().size() + ", " + most);
  }
}
