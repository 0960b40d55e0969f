package dev.millrace.cpu;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.compile.Compiler;
import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.kernel.Buffer;
import dev.millrace.kernel.Buffer.Role;
import dev.millrace.kernel.Index;
import dev.millrace.kernel.Interpreter;
import dev.millrace.kernel.Kernel;
import dev.millrace.kernel.KernelSketch;
import dev.millrace.kernel.Scalar;
import dev.millrace.kernel.ScalarOp;
import dev.millrace.kernel.Statement.Combiner;
import dev.millrace.kernel.Statement.Range;
import dev.millrace.op.Expr;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.IndexException;
import dev.millrace.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Kernels that are ready to run: shared by equal kernels, the same bits on any threads. */
@Tag("kernels")
class CpuKernelTest {
  private static final Dim ROWS = Kernel.dim(0);
  private static final Dim COLUMNS = Kernel.dim(1);

  /** Softmax of {@code d0} rows of {@code d1} numbers, over scratch, with sums in 16 lanes. */
  private static Kernel rowShares() {
    var sketch = new KernelSketch();
    Buffer in = sketch.buffer(Role.INPUT, DType.FLOAT32, ROWS.times(COLUMNS));
    Buffer out = sketch.buffer(Role.OUTPUT, DType.FLOAT32, ROWS.times(COLUMNS));
    Buffer row = sketch.buffer(Role.SCRATCH, DType.FLOAT32, COLUMNS);
    Index begin = Index.ofVariable(Kernel.TASK).times(COLUMNS);
    Range columns = Range.upTo(COLUMNS);
    int sum =
        sketch.fold(
            Combiner.SUM,
            columns,
            16,
            i -> {
              int x = sketch.load(in, begin.plus(Index.ofVariable(i)));
              int exp = sketch.apply(ScalarOp.EXP, x);
              sketch.store(row, Index.ofVariable(i), exp);
              return exp;
            });
    sketch.loop(
        columns,
        i -> {
          int exp = sketch.load(row, Index.ofVariable(i));
          int share = sketch.apply(ScalarOp.DIVIDE, exp, sum);
          sketch.store(out, begin.plus(Index.ofVariable(i)), share);
        });
    return sketch.kernel(2, ROWS);
  }

  private static float[] numbers(int count) {
    var numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) Math.sin(i * 0.7) * 3;
    }
    return numbers;
  }

  private static float[] run(CpuKernel kernel, int threads, int rows, int columns) {
    var out = new float[rows * columns];
    Object[] buffers = {numbers(rows * columns), out, null};
    kernel.run(Workers.of(threads), buffers, new int[] {rows, columns});
    return out;
  }

  @Test
  void theBitsAreThoseOfTheInterpreterOnAnyNumberOfThreads() {
    int rows = 301;
    int columns = 97;
    var expected = new float[rows * columns];
    Object[] buffers = {numbers(rows * columns), expected, null};
    Interpreter.run(rowShares(), buffers, new int[] {rows, columns});
    float[] alone = run(CpuKernel.load(rowShares()), 1, rows, columns);
    assertArrayEquals(expected, alone, 1e-6f);
    for (int threads : new int[] {2, 3, 8}) {
      assertArrayEquals(alone, run(CpuKernel.load(rowShares()), threads, rows, columns));
    }
  }

  @Test
  void theBitsStayTheSameWhileTheVectorFormTakesOver() {
    CpuKernel kernel = CpuKernel.load(rowShares());
    float[] first = run(kernel, 2, 200, 130);
    long end = System.nanoTime() + 1_000_000_000;
    while (System.nanoTime() < end) {
      assertArrayEquals(first, run(kernel, 2, 200, 130));
    }
  }

  @Test
  void sizesMayChangeFromRunToRunAndThreadToThread() throws Exception {
    CpuKernel kernel = CpuKernel.load(rowShares());
    var callers = new ArrayList<Callable<Boolean>>();
    for (int number = 0; number < 6; number++) {
      int columns = 5 + 40 * number;
      float[] expected = run(kernel, 1, 50, columns);
      callers.add(() -> {
        for (int i = 0; i < 200; i++) {
          assertArrayEquals(expected, run(kernel, 1 + i % 3, 50, columns));
        }
        return true;
      });
    }
    try (var executor = Executors.newFixedThreadPool(callers.size())) {
      for (Future<Boolean> caller : executor.invokeAll(callers)) {
        assertEquals(true, caller.get());
      }
    }
  }

  @Test
  void noTasksAreNoWork() {
    CpuKernel kernel = CpuKernel.load(rowShares());
    kernel.run(Workers.of(2), new Object[3], new int[] {0, 10});
    assertEquals(0, run(kernel, 2, 0, 10).length);
    assertEquals(0, run(kernel, 2, 10, 0).length);
  }

  @Test
  void aWrongIndexIsTheCallersToHandle() {
    var sketch = new KernelSketch();
    Buffer at = sketch.buffer(Role.INPUT, DType.INT32, ROWS);
    Buffer table = sketch.in(DType.FLOAT32, 10);
    Buffer out = sketch.buffer(Role.OUTPUT, DType.FLOAT32, ROWS);
    Index task = Index.ofVariable(Kernel.TASK);
    int row = sketch.let(new Scalar.CheckedIndex(DType.INT32, sketch.load(at, task), Dim.of(10)));
    sketch.store(out, task, sketch.load(table, Index.ofVariable(row)));
    CpuKernel kernel = CpuKernel.load(sketch.kernel(1, ROWS));
    var indices = new int[1000];
    indices[900] = 10;
    Object[] buffers = {indices, numbers(10), new float[1000]};
    for (int threads : new int[] {1, 2, 3}) {
      var error =
          assertThrows(
              IndexException.class,
              () -> kernel.run(Workers.of(threads), buffers, new int[] {1000}));
      assertEquals("index 10 is outside of [0, 10)", error.getMessage());
    }
    indices[900] = 9;
    kernel.run(Workers.of(3), buffers, new int[] {1000});
    assertEquals(numbers(10)[9], ((float[]) buffers[2])[900]);
  }

  @Test
  void aKernelThatIsNotValidIsRefused() {
    var sketch = new KernelSketch();
    Buffer in = sketch.in(DType.FLOAT32, 1);
    sketch.store(in, Index.ZERO, sketch.literal(DType.FLOAT32, 1));
    Kernel kernel = sketch.kernel(0, Dim.ONE);
    assertThrows(IllegalArgumentException.class, () -> CpuKernel.load(kernel));
    List<Kernel> again = List.of(kernel);
    assertThrows(IllegalArgumentException.class, () -> CpuKernel.load(again.getFirst()));
  }

  private static Kernel scaledSoftmax(Dim rows, long classes, double scale) {
    var graph = new Graph();
    Expr x = graph.placeholder(FLOAT32, Shape.of(rows, classes));
    return Compiler.compile(List.of((Value) softmax(x.times(scale)))).steps().getFirst().kernel();
  }

  @Test
  void equalKernelsOfDifferentGraphsShareOne() {
    Kernel first = scaledSoftmax(Dim.of("batch"), 5, 0.5);
    Kernel second = scaledSoftmax(Dim.unknown(), 5, 0.5);
    assertEquals(first, second);
    assertEquals(first.hashCode(), second.hashCode());
    assertSame(CpuKernel.load(first), CpuKernel.load(second));
  }

  @Test
  void differentSizesAndConstantsMakeDifferentKernels() {
    CpuKernel one = CpuKernel.load(scaledSoftmax(Dim.of("n"), 5, 0.5));
    assertNotSame(one, CpuKernel.load(scaledSoftmax(Dim.of("n"), 6, 0.5)));
    assertNotSame(one, CpuKernel.load(scaledSoftmax(Dim.of("n"), 5, 0.25)));
    assertNotSame(one, CpuKernel.load(scaledSoftmax(Dim.of(8), 5, 0.5)));
  }
}
