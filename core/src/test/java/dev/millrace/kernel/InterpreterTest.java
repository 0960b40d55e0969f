package dev.millrace.kernel;

import static dev.millrace.tensor.DType.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.kernel.Buffer.Role;
import dev.millrace.kernel.Statement.Combiner;
import dev.millrace.kernel.Statement.Place;
import dev.millrace.kernel.Statement.Range;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.IndexException;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterpreterTest {
  private static final float NAN = Float.NaN;
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  private static Range below(long end) {
    return Range.upTo(Dim.of(end));
  }

  private static Index at(int variable) {
    return Index.ofVariable(variable);
  }

  private static Index at(int variable, long factor) {
    return at(variable).times(Dim.of(factor));
  }

  /** {@code ins[i]} is the input number i and the output has its number behind them. */
  private static <T> T run(KernelSketch sketch, long tasks, T out, Object... ins) {
    var arrays = Arrays.copyOf(ins, ins.length + 1);
    arrays[ins.length] = out;
    Interpreter.run(sketch.kernel(0, Dim.of(tasks)), arrays, new int[0]);
    return out;
  }

  /** The result of {@code op} on literals; bool and integers as doubles too. */
  private static double apply(ScalarOp op, DType dtype, double... operands) {
    var sketch = new KernelSketch();
    var variables = new int[operands.length];
    for (int i = 0; i < operands.length; i++) {
      boolean condition = op == ScalarOp.SELECT && i == 0;
      variables[i] = sketch.literal(condition ? BOOL : dtype, operands[i]);
    }
    int result = sketch.apply(op, variables);
    int wide = sketch.cast(FLOAT64, result);
    sketch.store(sketch.out(FLOAT64, 1), Index.ZERO, wide);
    return run(sketch, 1, new double[1])[0];
  }

  @ParameterizedTest(name = "{0} {1} {2} {3} = {4}")
  @CsvSource({
    "ADD, FLOAT32, 16777216, 1, 16777216",
    "ADD, FLOAT64, 16777216, 1, 16777217",
    "ADD, INT32, 2147483647, 1, -2147483648",
    "ADD, UINT8, 250, 10, 4",
    "SUBTRACT, FLOAT32, Infinity, Infinity, NaN",
    "SUBTRACT, UINT8, 3, 5, 254",
    "MULTIPLY, FLOAT32, 0, -1, -0.0",
    "MULTIPLY, FLOAT32, 1e30, 1e30, Infinity",
    "MULTIPLY, FLOAT32, 1e-30, 1e-30, 0",
    "MULTIPLY, INT32, 65536, 65536, 0",
    "MULTIPLY, INT64, 65536, 65536, 4294967296",
    "MULTIPLY, UINT8, 16, 17, 16",
    "DIVIDE, FLOAT32, 1, 0, Infinity",
    "DIVIDE, FLOAT32, 1, -0.0, -Infinity",
    "DIVIDE, FLOAT32, 1, 3, 0.3333333432674408",
    "DIVIDE, INT32, -7, 2, -3",
    "DIVIDE, INT32, -2147483648, -1, -2147483648",
    "DIVIDE, UINT8, 250, 100, 2",
    "MODULO, FLOAT32, 5.5, 2, 1.5",
    "MODULO, FLOAT32, -5.5, 2, 0.5",
    "MODULO, FLOAT32, 5.5, -2, -0.5",
    "MODULO, FLOAT32, -5.5, -2, -1.5",
    "MODULO, FLOAT64, 1, 0, NaN",
    "MODULO, INT32, -7, 3, 2",
    "MODULO, INT32, 7, -3, -2",
    "MODULO, INT32, -2147483648, -1, 0",
    "MODULO, UINT8, 200, 7, 4",
    "POWER, FLOAT32, 2, -1, 0.5",
    "POWER, FLOAT64, 0, 0, 1",
    "POWER, FLOAT64, -8, 0.5, NaN",
    "MAXIMUM, FLOAT32, NaN, 1, NaN",
    "MAXIMUM, FLOAT32, 1, NaN, NaN",
    "MAXIMUM, FLOAT32, -0.0, 0.0, 0.0",
    "MAXIMUM, UINT8, 200, 100, 200",
    "MAXIMUM, BOOL, 1, 0, 1",
    "MINIMUM, FLOAT64, NaN, 1, NaN",
    "MINIMUM, FLOAT32, 0.0, -0.0, -0.0",
    "MINIMUM, INT64, 3, -4, -4",
    "MINIMUM, BOOL, 1, 0, 0",
    "EQUAL, FLOAT32, NaN, NaN, 0",
    "EQUAL, FLOAT32, 0.0, -0.0, 1",
    "EQUAL, INT32, 4, 4, 1",
    "NOT_EQUAL, FLOAT64, NaN, NaN, 1",
    "LESS, FLOAT32, 1, 2, 1",
    "LESS, FLOAT32, 1, NaN, 0",
    "LESS, UINT8, 100, 200, 1",
    "LESS_EQUAL, INT64, 2, 2, 1",
    "GREATER, INT32, 2, 2, 0",
    "GREATER_EQUAL, FLOAT64, 2, 2, 1",
    "GREATER_EQUAL, FLOAT64, NaN, 2, 0",
    "AND, BOOL, 1, 0, 0",
    "AND, BOOL, 1, 1, 1",
    "OR, BOOL, 1, 0, 1",
    "OR, BOOL, 0, 0, 0",
  })
  void computesBinaryOperations(ScalarOp op, DType dtype, double a, double b, double expected) {
    assertEquals(expected, apply(op, dtype, a, b));
  }

  @ParameterizedTest(name = "{0} {1} {2} = {3}")
  @CsvSource({
    "NEGATE, FLOAT32, 0, -0.0",
    "NEGATE, INT32, -2147483648, -2147483648",
    "NEGATE, UINT8, 1, 255",
    "ABS, FLOAT32, -0.0, 0",
    "ABS, INT32, -2147483648, -2147483648",
    "ABS, UINT8, 200, 200",
    "SIGN, FLOAT32, -3, -1",
    "SIGN, FLOAT32, -0.0, -0.0",
    "SIGN, FLOAT64, NaN, NaN",
    "SIGN, INT64, -9, -1",
    "SIGN, UINT8, 200, 1",
    "EXP, FLOAT32, 0, 1",
    "EXP, FLOAT32, 89, Infinity",
    "EXP, FLOAT32, 1, 2.7182817459106445",
    "EXPM1, FLOAT64, 1e-20, 1e-20",
    "LOG, FLOAT32, 0, -Infinity",
    "LOG, FLOAT64, -1, NaN",
    "LOG1P, FLOAT64, 1e-20, 1e-20",
    "SQRT, FLOAT32, 2, 1.4142135381698608",
    "SIN, FLOAT32, 0, 0",
    "COS, FLOAT64, 0, 1",
    "TANH, FLOAT32, 100, 1",
    "ERF, FLOAT64, 0, 0",
    "NDTRI, FLOAT64, 0.5, 0",
    "FLOOR, FLOAT32, -0.5, -1",
    "CEIL, FLOAT32, -0.5, -0.0",
    "ROUND, FLOAT32, 2.5, 2",
    "ROUND, FLOAT32, 3.5, 4",
    "ROUND, FLOAT64, -0.5, -0.0",
    "NOT, BOOL, 0, 1",
    "NOT, BOOL, 1, 0",
  })
  void computesUnaryOperations(ScalarOp op, DType dtype, double a, double expected) {
    assertEquals(expected, apply(op, dtype, a));
  }

  @Test
  void selects() {
    assertEquals(3, apply(ScalarOp.SELECT, FLOAT32, 1, 3, 4));
    assertEquals(4, apply(ScalarOp.SELECT, UINT8, 0, 3, 4));
  }

  @ParameterizedTest(name = "{0} {1} to {2} = {3}")
  @CsvSource({
    "FLOAT32, 0.1, FLOAT64, 0.10000000149011612",
    "FLOAT64, 0.1, FLOAT32, 0.10000000149011612",
    "FLOAT64, 1e300, FLOAT32, Infinity",
    "FLOAT32, -2.9, INT32, -2",
    "FLOAT32, 1e20, INT32, 2147483647",
    "FLOAT32, NaN, INT64, 0",
    "FLOAT32, -1.5, UINT8, 255",
    "FLOAT32, 257, UINT8, 1",
    "FLOAT64, 1e300, UINT8, 255",
    "FLOAT32, NaN, BOOL, 1",
    "FLOAT32, -0.0, BOOL, 0",
    "FLOAT64, 1e-300, BOOL, 1",
    "INT64, 4294967297, INT32, 1",
    "INT32, 16777217, FLOAT32, 16777216",
    "INT32, -1, UINT8, 255",
    "UINT8, 200, INT32, 200",
    "UINT8, 200, FLOAT32, 200",
    "BOOL, 1, FLOAT32, 1",
    "INT64, 256, BOOL, 1",
  })
  void casts(DType from, double value, DType to, double expected) {
    var sketch = new KernelSketch();
    int wide = sketch.cast(FLOAT64, sketch.cast(to, sketch.literal(from, value)));
    sketch.store(sketch.out(FLOAT64, 1), Index.ZERO, wide);
    assertEquals(expected, run(sketch, 1, new double[1])[0]);
  }

  @Test
  void integersDividedByZeroThrow() {
    for (DType dtype : List.of(INT32, INT64, UINT8)) {
      assertThrows(ArithmeticException.class, () -> apply(ScalarOp.DIVIDE, dtype, 1, 0));
      assertThrows(ArithmeticException.class, () -> apply(ScalarOp.MODULO, dtype, 1, 0));
    }
  }

  /** Folds the whole input of one type. */
  private static <T> T fold(Combiner combiner, int lanes, DType dtype, Object in, T out) {
    int size = Array.getLength(in);
    var sketch = new KernelSketch();
    Buffer input = sketch.in(dtype, size);
    Buffer output = sketch.out(combiner.isPosition() ? INT64 : dtype, 1);
    int folded = sketch.fold(combiner, below(size), lanes, i -> sketch.load(input, at(i)));
    sketch.store(output, Index.ZERO, folded);
    return run(sketch, 1, out, in);
  }

  private static float fold(Combiner combiner, int lanes, float... values) {
    return fold(combiner, lanes, FLOAT32, values, new float[1])[0];
  }

  @Test
  void foldsInOrderInOneLane() {
    assertEquals(0, fold(Combiner.SUM, 1, 1e8f, 1, -1e8f));
    assertEquals(24, fold(Combiner.PRODUCT, 1, 1, 2, 3, 4));
    assertEquals(NAN, fold(Combiner.MAXIMUM, 1, 1, NAN, 3));
    assertEquals(-0f, fold(Combiner.MINIMUM, 1, 0f, -0f));
  }

  @Test
  void foldsLanesByHalves() {
    // Lanes: 1e8 + 2, 1 - 1e8, 3, 4; then (lane 0 + lane 2) + (lane 1 + lane 3).
    float lane0 = 1e8f + 2f;
    float lane1 = 1f + -1e8f;
    float expected = (lane0 + 3f) + (lane1 + 4f);
    assertEquals(expected, fold(Combiner.SUM, 4, 1e8f, 1, 3, 4, 2, -1e8f));
    float inOrder = ((((1e8f + 1) + 3) + 4) + 2) + -1e8f;
    assertEquals(inOrder, fold(Combiner.SUM, 1, 1e8f, 1, 3, 4, 2, -1e8f));
  }

  @Test
  void foldsOfNothingAreNeutral() {
    for (int lanes : new int[] {1, 16}) {
      assertEquals(0f, fold(Combiner.SUM, lanes));
      assertEquals(1f, fold(Combiner.PRODUCT, lanes));
      assertEquals(-INFINITY, fold(Combiner.MAXIMUM, lanes));
      assertEquals(INFINITY, fold(Combiner.MINIMUM, lanes));
      assertArrayEquals(
          new int[] {Integer.MIN_VALUE},
          fold(Combiner.MAXIMUM, lanes, INT32, new int[0], new int[1]));
      assertArrayEquals(
          new byte[] {(byte) 255}, fold(Combiner.MINIMUM, lanes, UINT8, new byte[0], new byte[1]));
      assertArrayEquals(
          new byte[] {1}, fold(Combiner.MINIMUM, lanes, BOOL, new byte[0], new byte[1]));
    }
    assertArrayEquals(
        new long[] {-1}, fold(Combiner.FIRST_MAXIMUM, 1, FLOAT32, new float[0], new long[1]));
  }

  @Test
  void sumStartsAtPlusZero() {
    assertEquals(0f, fold(Combiner.SUM, 1, -0f, -0f));
  }

  @Test
  void integerSumsWrap() {
    assertArrayEquals(
        new byte[] {(byte) 44},
        fold(Combiner.SUM, 2, UINT8, new byte[] {(byte) 200, 100}, new byte[1]));
  }

  private static long first(Combiner combiner, float... values) {
    return fold(combiner, 1, FLOAT32, values, new long[1])[0];
  }

  @Test
  void findsTheFirstExtreme() {
    assertEquals(1, first(Combiner.FIRST_MAXIMUM, 1, 5, 5, 2));
    assertEquals(0, first(Combiner.FIRST_MINIMUM, 1, 5, 1, 2));
    assertEquals(2, first(Combiner.FIRST_MAXIMUM, 1, INFINITY, NAN, 9, NAN));
    assertEquals(1, first(Combiner.FIRST_MINIMUM, 1, NAN, -INFINITY));
    assertEquals(0, first(Combiner.FIRST_MAXIMUM, -INFINITY, -INFINITY));
    assertEquals(0, first(Combiner.FIRST_MAXIMUM, -0f, 0f));
    long[] close = {Long.MAX_VALUE - 1, Long.MAX_VALUE};
    assertEquals(1, fold(Combiner.FIRST_MAXIMUM, 1, INT64, close, new long[1])[0]);
  }

  @Test
  void positionsAreLoopVariablesAndNotCounts() {
    var sketch = new KernelSketch();
    Buffer in = sketch.in(FLOAT32, 5);
    Range upper = new Range(Index.of(Dim.of(2)), List.of(Index.of(Dim.of(5))));
    int first = sketch.fold(Combiner.FIRST_MAXIMUM, upper, 1, i -> sketch.load(in, at(i)));
    sketch.store(sketch.out(INT64, 1), Index.ZERO, first);
    assertArrayEquals(new long[] {3}, run(sketch, 1, new long[1], new float[] {9, 9, 1, 4, 2}));
  }

  @Test
  void lanesCountIterationsFromTheBeginOfTheRange() {
    // From 1 in two lanes: 1e8 and -1e8 share lane 0, so that the 1 between them survives.
    var sketch = new KernelSketch();
    Buffer in = sketch.in(FLOAT32, 4);
    Range range = new Range(Index.of(Dim.ONE), List.of(Index.of(Dim.of(4))));
    int sum = sketch.fold(Combiner.SUM, range, 2, i -> sketch.load(in, at(i)));
    sketch.store(sketch.out(FLOAT32, 1), Index.ZERO, sum);
    assertEquals(1f, run(sketch, 1, new float[1], new float[] {7, 1e8f, 1, -1e8f})[0]);
  }

  @Test
  void aRangeEndsAtTheSmallestEnd() {
    // Blocks of 4 of 10 rows: the third has two.
    var sketch = new KernelSketch();
    Buffer out = sketch.out(INT64, 10);
    Index begin = at(Kernel.TASK, 4);
    Range block = new Range(begin, List.of(begin.plus(Dim.of(4)), Index.of(Dim.of(10))));
    sketch.loop(
        block,
        i -> sketch.store(out, at(i), sketch.let(new Scalar.Position(at(Kernel.TASK, 100)))));
    assertArrayEquals(
        new long[] {0, 0, 0, 0, 100, 100, 100, 100, 200, 200}, run(sketch, 3, new long[10]));
  }

  @Test
  void aRangeThatEndsBeforeItBeginsIsEmpty() {
    var sketch = new KernelSketch();
    Buffer out = sketch.out(INT64, 1);
    Range empty = new Range(Index.of(Dim.of(3)), List.of(Index.of(Dim.of(2))));
    sketch.loop(empty, i -> sketch.store(out, at(i), sketch.let(new Scalar.Position(Index.ZERO))));
    assertArrayEquals(new long[] {7}, run(sketch, 1, new long[] {7}));
  }

  private static KernelSketch product(DType dtype, Dim m, Dim n, Dim k) {
    var sketch = new KernelSketch();
    Buffer left = sketch.buffer(Role.INPUT, dtype, m.times(k));
    Buffer right = sketch.buffer(Role.INPUT, dtype, k.times(n));
    Buffer target = sketch.buffer(Role.OUTPUT, dtype, m.times(n));
    sketch.contract(
        Range.upTo(m),
        n,
        k,
        (row, column, inner) ->
            List.of(
                new Place(left, row.times(k).plus(inner)),
                new Place(right, inner.times(n).plus(column)),
                new Place(target, row.times(n).plus(column))));
    return sketch;
  }

  @Test
  void contractsWithUnknownDims() {
    Kernel kernel =
        product(FLOAT64, Kernel.dim(0), Kernel.dim(1), Kernel.dim(2)).kernel(3, Dim.ONE);
    double[] left = {1, 2, 3, 4, 5, 6};
    double[] right = {1, 0, 2, 0, 1, 3};
    var target = new double[4];
    Interpreter.run(kernel, new Object[] {left, right, target}, new int[] {2, 2, 3});
    assertArrayEquals(new double[] {1 * 1 + 2 * 2 + 3 * 1, 9, 20, 18}, target);
  }

  @Test
  void contractsFloatsWithOneRounding() {
    float a = 1 + 0x1p-12f;
    var out =
        run(
            product(FLOAT32, Dim.ONE, Dim.ONE, Dim.of(2)),
            1,
            new float[1],
            new float[] {1, a},
            new float[] {-1, a});
    assertEquals(0x1p-11f + 0x1p-24f, out[0]);
  }

  @Test
  void contractsNothingToPlusZeroAndWrapsIntegers() {
    var zeros =
        run(
            product(FLOAT32, Dim.of(2), Dim.ONE, Dim.ZERO),
            1,
            new float[] {7, 7},
            new float[0],
            new float[0]);
    assertArrayEquals(new float[2], zeros);
    int big = Integer.MAX_VALUE;
    var wrapped =
        run(
            product(INT32, Dim.ONE, Dim.ONE, Dim.of(2)),
            1,
            new int[1],
            new int[] {big, 1},
            new int[] {2, 3});
    assertEquals(2 * big + 3, wrapped[0]);
  }

  private static KernelSketch gather(long extent) {
    var sketch = new KernelSketch();
    Buffer table = sketch.in(FLOAT32, 3);
    Buffer which = sketch.in(INT32, 2);
    Buffer out = sketch.out(FLOAT32, 2);
    int loaded = sketch.load(which, at(Kernel.TASK));
    int index = sketch.let(new Scalar.CheckedIndex(INT32, loaded, Dim.of(extent)));
    sketch.store(out, at(Kernel.TASK), sketch.load(table, at(index)));
    return sketch;
  }

  @Test
  void checkedIndicesIndex() {
    float[] table = {10, 20, 30};
    for (int[] at : new int[][] {{2, 0}, {-1, -3}}) {
      assertArrayEquals(new float[] {30, 10}, run(gather(3), 2, new float[2], table, at));
    }
    for (int wrong : new int[] {-4, 3}) {
      int[] at = {wrong, 0};
      var error =
          assertThrows(IndexException.class, () -> run(gather(3), 2, new float[2], table, at));
      String range = wrong < 0 ? "[-3, 3)" : "[0, 3)";
      assertEquals("index " + wrong + " is outside of " + range, error.getMessage());
    }
  }

  @Test
  void drawsByElement() {
    var sketch = new KernelSketch();
    Buffer floats = sketch.out(FLOAT64, 2);
    int run = sketch.literal(INT64, 5);
    Index element = at(Kernel.TASK).plus(Dim.of(10));
    int narrow = sketch.cast(FLOAT64, sketch.let(new Scalar.Draw(FLOAT32, 42, run, element)));
    int wide = sketch.let(new Scalar.Draw(FLOAT64, 42, run, element));
    sketch.store(floats, Index.ZERO, narrow);
    sketch.store(floats, Index.of(Dim.ONE), wide);
    double[] drawn = run(sketch, 1, new double[2]);
    assertEquals(Philox.uniformFloat(Philox.bits(42, 5, 10)), drawn[0]);
    double expected = Philox.uniformDouble(Philox.bits(42, 5, 20), Philox.bits(42, 5, 21));
    assertEquals(expected, drawn[1]);
  }

  @Test
  void anIndexOutsideOfItsBufferIsNamed() {
    var sketch = gather(9);
    var error =
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> run(sketch, 2, new float[2], new float[9], new int[] {3, 0}));
    assertEquals(
        "kernel: an index must lie inside its buffer: in0[3], in0 has 3 elements",
        error.getMessage());
  }

  @Test
  void anIndexThatOverflowsIsNamed() {
    var sketch = new KernelSketch();
    Buffer out = sketch.out(INT64, 3);
    Index far = at(Kernel.TASK, 1 << 30);
    sketch.store(out, at(Kernel.TASK), sketch.let(new Scalar.Position(far)));
    var error = assertThrows(ArithmeticException.class, () -> run(sketch, 3, new long[3]));
    assertEquals(
        "kernel: positions and sizes must fit into 32 bits: 1073741824*i0 is 2147483648",
        error.getMessage());
  }

  @Test
  void scratchThatTheTaskHasNotWrittenIsNotRead() {
    var sketch = new KernelSketch();
    Buffer scratch = sketch.buffer(Role.SCRATCH, FLOAT32, Dim.ONE);
    Buffer out = sketch.out(FLOAT32, 2);
    Range firstTaskOnly = new Range(at(Kernel.TASK), List.of(Index.of(Dim.ONE)));
    sketch.loop(firstTaskOnly, i -> sketch.store(scratch, at(i), sketch.literal(FLOAT32, 1)));
    sketch.store(out, at(Kernel.TASK), sketch.load(scratch, Index.ZERO));
    Kernel kernel = sketch.kernel(0, Dim.of(2));
    var arrays = new Object[] {null, new float[2]};
    var error =
        assertThrows(
            IllegalStateException.class, () -> Interpreter.run(kernel, arrays, new int[0]));
    assertEquals(
        "kernel: a task reads only what it has written: task 1 reads tmp0[0], written by task 0",
        error.getMessage());
  }

  @Test
  void tasksThatWriteOneElementAreNamed() {
    var sketch = new KernelSketch();
    sketch.store(sketch.out(FLOAT32, 1), Index.ZERO, sketch.literal(FLOAT32, 1));
    var error = assertThrows(IllegalStateException.class, () -> run(sketch, 2, new float[1]));
    assertEquals(
        "kernel: tasks write disjoint elements: task 1 writes out0[0], written by task 0",
        error.getMessage());
  }

  @Test
  void arraysMustFitTheirBuffers() {
    var sketch = gather(3);
    float[] table = new float[3];
    int[] which = new int[2];
    assertMisfit("in0 has 3 elements, the array 2", sketch, new float[2], which, new float[2]);
    assertMisfit("in1 needs a int[], found long[]", sketch, table, new long[2], new float[2]);
    assertMisfit("out2 needs an array of 2, found none", sketch, table, which, null);
  }

  private static void assertMisfit(String message, KernelSketch sketch, Object... arrays) {
    Kernel kernel = sketch.kernel(0, Dim.of(2));
    var error =
        assertThrows(
            IllegalArgumentException.class, () -> Interpreter.run(kernel, arrays, new int[0]));
    assertEquals("kernel: an array must fit its buffer: " + message, error.getMessage());
  }
}
