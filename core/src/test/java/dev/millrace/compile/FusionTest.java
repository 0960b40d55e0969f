package dev.millrace.compile;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.kernel.Buffer;
import dev.millrace.op.Expr;
import dev.millrace.tensor.Shape;
import java.util.List;
import java.util.stream.Collectors;
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
    Program program = Compiled.program(transpose(x).plus(expandDims(row, 1)));
    assertEquals(List.of("add"), Compiled.members(program));
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

  @Test
  void whatComesFromInputsAloneFindsItsConsumersKernel() {
    Value y = graph.placeholder(FLOAT32, Shape.of(ANY, 5)).named("y");
    Expr sum = matmul(x, w).plus(y.negate());
    assertEquals(List.of("matmul, negate, add"), Compiled.members(sum));
  }

  @Test
  void aReductionOfLeadingAxesIsAKernelOfItsOwnWithTasksOverColumns() {
    Program program = Compiled.program(x.exp().sum(0));
    assertEquals(2, program.steps().size());
    assertTrue(!tasks(program, "exp").equals("1"), program::toString);
    Value wide = graph.placeholder(FLOAT32, Shape.of(ANY, 640)).named("wide");
    assertEquals("10", tasks(Compiled.program(wide.sum(0).named("columns")), "columns"));
  }

  @Test
  void aSumOverAllDoesNotTakeTheTasksFromWhatUsesIt() {
    Expr centred = x.minus(x.sum()).named("centred");
    assertTrue(
        !tasks(Compiled.program(centred), "centred").equals("1"),
        () -> Compiled.program(centred).toString());
  }

  @Test
  void numbersFromInputsComeFirstSoThatAnUpdateJoinsItsGradientsKernel() {
    Value rate = graph.placeholder(FLOAT32, Shape.SCALAR).named("rate");
    Value old = graph.placeholder(FLOAT32, Shape.of(6, 5)).named("old");
    Expr gradient = matmul(transpose(x), matmul(x, w));
    Expr update = old.minus(gradient.times(rate.times(2).exp()));
    assertEquals(
        List.of("multiply, exp", "matmul", "matmul_1, multiply_1, subtract"),
        Compiled.members(update));
    Expr vector = rate.times(2).plus(reduceSum(w, 0));
    assertEquals(List.of("multiply_2", "reduceSum, add"), Compiled.members(vector));
  }

  @Test
  void aSumOfManyRowsLeavesTheRowsTheirTasks() {
    assertEquals(
        List.of("multiply, reduceSum", "reduceSum_1"), Compiled.members(reduceSum(square(x))));
    Value few = graph.placeholder(FLOAT32, Shape.of(4, 5)).named("few");
    assertEquals(List.of("exp, reduceSum_2, reduceSum_3"), Compiled.members(reduceSum(few.exp())));
  }

  @Test
  void readingAcrossRowsEndsAKernel() {
    Value square = graph.placeholder(FLOAT32, Shape.of(7, 7)).named("square");
    Expr exp = square.exp();
    assertEquals(List.of("exp", "add"), Compiled.members(exp.plus(transpose(exp))));
    assertEquals(List.of("exp", "add_1"), Compiled.members(exp.plus(reverse(exp, 0))));
  }

  @Test
  void lookUpsAndJoinsStandAlone() {
    Value at = graph.placeholder(INT64, Shape.of(3)).named("at");
    Expr exp = x.exp();
    assertEquals(List.of("exp", "gather, sin"), Compiled.members(gather(exp, at, 0).sin()));
    assertEquals(List.of("exp", "concat", "sin_1"), Compiled.members(concat(0, exp, x).sin()));
    assertEquals(
        List.of("gather_1", "scatterAdd", "sin_2"),
        Compiled.members(scatterAdd(at, gather(x, at, 0), 5).sin()));
  }

  @Test
  void valuesThatHaveNothingToDoWithOneAnotherAreKernelsOfTheirOwn() {
    assertEquals(List.of("exp", "sin"), Compiled.members(x.exp(), w.sin()));
  }

  @Test
  void aKernelReadsAtMostTwentyFourValues() {
    Expr y = x;
    for (int i = 0; i < 60; i++) {
      y = y.plus(graph.placeholder(FLOAT32, Shape.of(ANY, 6)));
    }
    for (Step step : Compiled.program(y).steps()) {
      long inputs =
          step.kernel().buffers().stream().filter(b -> b.role() == Buffer.Role.INPUT).count();
      assertTrue(inputs <= 24, step.kernel()::toString);
    }
  }

  @Test
  void allResultsOfAKernelAreStored() {
    Expr exp = x.exp();
    Program program = Compiled.program(exp, exp.sin(), exp.sum(1));
    assertEquals(1, program.steps().size());
    assertEquals(
        List.of(new Storage.Result(0), new Storage.Result(1), new Storage.Result(2)),
        program.results().stream().map(Program.Result::storage).toList());
  }

  private static String tasks(Program program, String member) {
    return program.steps().stream()
        .filter(step -> step.values().stream().anyMatch(value -> value.name().equals(member)))
        .map(step -> step.kernel().tasks().toString())
        .collect(Collectors.joining());
  }
}
