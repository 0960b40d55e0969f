package dev.millrace.profile;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.millrace.compile.Compiler;
import dev.millrace.compile.Program;
import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.op.Expr;
import dev.millrace.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is counted of kernels, against what can be counted by hand. */
class KernelCostTest {
  private final Graph graph = new Graph();
  private final Value x = graph.placeholder(FLOAT32, Shape.of(ANY, 30));

  private static KernelCost cost(int rows, Expr... wanted) {
    List<Value> values = Arrays.stream(wanted).map(Value.class::cast).toList();
    Program program = Compiler.compile(values);
    assertEquals(1, program.steps().size(), program::toString);
    var kernel = program.steps().getFirst().kernel();
    var dims = new int[kernel.dims()];
    Arrays.fill(dims, rows);
    return KernelCost.of(kernel, dims);
  }

  @Test
  void aProductIsTwoOperationsForEachTriple() {
    Expr w = graph.placeholder(FLOAT32, Shape.of(30, 7));
    for (int rows : new int[] {1, 15, 16, 17, 100}) {
      assertEquals(
          new KernelCost(2.0 * rows * 30 * 7, 0, 4.0 * (rows * 30 + 30 * 7), 4.0 * rows * 7),
          cost(rows, matmul(x, w)));
    }
  }

  @Test
  void aBatchOfProductsIsThatManyTimesOne() {
    Expr a = graph.placeholder(FLOAT32, Shape.of(5, 17, 3));
    Expr b = graph.placeholder(FLOAT32, Shape.of(5, 3, 4));
    double flop = 2.0 * 5 * 17 * 3 * 4;
    assertEquals(
        new KernelCost(flop, 0, 4.0 * 5 * (17 * 3 + 3 * 4), 4.0 * 5 * 17 * 4),
        cost(0, matmul(a, b)));
  }

  @Test
  void whatFollowsAProductIsCountedForEachElement() {
    Expr w = graph.placeholder(FLOAT32, Shape.of(30, 7));
    Expr b = graph.placeholder(FLOAT32, Shape.of(7));
    KernelCost plain = cost(33, matmul(x, w));
    KernelCost activated = cost(33, exp(matmul(x, w).plus(b)));
    assertEquals(plain.flop() + 2 * 33 * 7, activated.flop());
    assertEquals(plain.bytesRead() + 4 * 7, activated.bytesRead());
    assertEquals(plain.bytesWritten(), activated.bytesWritten());
  }

  @Test
  void theLastBlockOfALongLoopIsNotCountedAsAWholeOne() {
    // 30 * 1000 elements are seven blocks of 4096 and a part of one.
    assertEquals(new KernelCost(30_000, 0, 120_000, 120_000), cost(1000, x.plus(1)));
  }

  @Test
  void doublesAreTold() {
    Expr d = graph.placeholder(FLOAT64, Shape.of(10));
    assertEquals(new KernelCost(20, 20, 80, 80), cost(0, d.times(d).plus(1)));
  }

  @Test
  void aSumTakesOneOperationForEachElement() {
    assertEquals(new KernelCost(30 * 12, 0, 4 * 30 * 12, 4 * 12), cost(12, reduceSum(x, 1)));
    assertEquals(new KernelCost(30 * 12, 0, 4 * 30 * 12, 4 * 30), cost(12, reduceSum(x, 0)));
  }

  @Test
  void anElementThatIsReadOftenCountsOnceAndOneThatIsNotReadNotAtAll() {
    Expr row = graph.placeholder(FLOAT32, Shape.of(30));
    assertEquals(4 * (30 * 9 + 30), cost(9, x.plus(row)).bytesRead());
    Expr table = graph.placeholder(FLOAT32, Shape.of(100_000, 4));
    Expr rows = graph.placeholder(INT64, Shape.of(3));
    assertEquals(8 * 3 + 4 * 3 * 4, cost(0, gather(table, rows, 0)).bytesRead());
  }

  @Test
  void nothingIsDoneForAnEmptyBatch() {
    assertEquals(new KernelCost(0, 0, 0, 0), cost(0, x.plus(1)));
  }
}
