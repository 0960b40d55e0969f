package dev.millrace.session;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Graph;
import dev.millrace.op.Expr;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import dev.millrace.train.GradientDescentOptimizer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What users do with elements of 16-bit floating point and of integers of all widths. */
@Tag("kernels")
class DTypesTest {
  private static final List<DType> HALVES = List.of(FLOAT16, BFLOAT16);

  private final Graph graph = new Graph(5);
  private final Session session = new Session(graph, 1);

  private Tensor run(Expr y) {
    return session.run(y);
  }

  private Expr constant(DType dtype, double... values) {
    return graph.constant(Tensor.of(dtype, values));
  }

  @Test
  void numbersOf16BitsAreFedKeptAndFetched() {
    for (DType dtype : HALVES) {
      var own = new Graph();
      Expr x = own.placeholder(dtype, Shape.of(ANY));
      var kept = own.variable(Tensor.of(dtype, 0.1, -2));
      var s = new Session(own, 1);
      s.run(own.initializeAllVariables());
      Tensor sum = s.run(x.plus(kept), feed(x, Tensor.of(dtype, 1, Double.POSITIVE_INFINITY)));
      float tenth = Tensor.of(dtype, 0.1).getFloat(0);
      assertEquals(Tensor.of(dtype, 1 + tenth, Double.POSITIVE_INFINITY), sum);
      assertEquals(2, dtype.bytes());
      assertTrue(sum.array() instanceof short[]);
    }
  }

  @Test
  void eachOpRoundsOnceWhetherItsKernelIsSharedOrNot() {
    Expr x = constant(FLOAT16, 1, 1000, 2049);
    assertArrayEquals(new float[] {1, 1000, 2048}, run(x).toFloatArray());
    // 2048 + 1 is a tie, which goes to the even 2048; then 1 is added again.
    Expr twice = constant(FLOAT16, 2048).plus(1).plus(1);
    assertEquals(2048, run(twice).getDouble(0));
    assertEquals(Float.POSITIVE_INFINITY, run(constant(FLOAT16, 60000).times(2)).getFloat(0));
    assertTrue(Float.isNaN(run(constant(BFLOAT16, -1).log()).getFloat(0)));
  }

  @Test
  void sumsAndMeansAddUpInFloat32() {
    for (DType dtype : HALVES) {
      Expr small = graph.constant(Tensor.filled(dtype, Shape.of(10_000), 0.001));
      assertEquals(10, run(reduceSum(small)).getDouble(), 0.05);
      Expr great = graph.constant(Tensor.filled(dtype, Shape.of(10_000), 96));
      assertEquals(96, run(reduceMean(great)).getDouble());
      assertEquals(dtype, reduceMean(great).dtype());
      Expr sums = cumulativeSum(small, 0);
      assertEquals(10, run(sums).getDouble(9_999), 0.05);
    }
  }

  @Test
  void productsOfMatricesAndConvolutionsAreThoseOfFloat32Rounded() {
    for (DType dtype : HALVES) {
      Expr a = uniform(graph, dtype, Shape.of(5, 300));
      Expr b = uniform(graph, dtype, Shape.of(300, 4));
      Expr wide = matmul(a.cast(FLOAT32), b.cast(FLOAT32)).cast(dtype);
      assertSame(wide, matmul(a, b));
      Expr images = uniform(graph, dtype, Shape.of(2, 6, 6, 3));
      Expr filters = uniform(graph, dtype, Shape.of(3, 3, 3, 4));
      Expr convolved = conv2d(images.cast(FLOAT32), filters.cast(FLOAT32), SAME).cast(dtype);
      assertSame(convolved, conv2d(images, filters, SAME));
    }
  }

  private void assertSame(Expr expected, Expr actual) {
    List<Tensor> both = session.run(List.of(expected, actual), Feeds.NONE);
    assertEquals(both.getFirst(), both.getLast());
  }

  @Test
  void gradientsHaveTheTypeAndTrainingConverges() {
    for (DType dtype : HALVES) {
      var own = new Graph(1);
      var w = own.variable(Tensor.of(dtype, 0, 0, 0));
      Expr goal = own.constant(Tensor.of(dtype, 1, -2, 3));
      Expr loss = reduceSum(square(w.minus(goal)));
      assertEquals(dtype, gradients(loss, List.of(w)).getFirst().dtype());
      var step = new GradientDescentOptimizer(0.25).minimize(loss);
      var s = new Session(own, 1);
      s.run(own.initializeAllVariables());
      for (int i = 0; i < 30; i++) {
        s.run(step);
      }
      assertEquals(0, s.run(loss).getDouble(), 1e-3);
    }
  }

  @Test
  void loopsCarry16BitsWithDerivatives() {
    for (DType dtype : HALVES) {
      Expr x = graph.placeholder(dtype, Shape.of(2));
      var powers = forLoop(3, (i, states) -> List.of(states.getFirst().times(x)), List.of(x));
      Expr power = powers.getFirst();
      Feeds feeds = feed(x, Tensor.of(dtype, 1.5, -2));
      Tensor expected = Tensor.of(dtype, 1.5 * 1.5 * 1.5 * 1.5, 16);
      assertEquals(expected, session.run(power, feeds));
      Tensor slope = Tensor.of(dtype, 4 * 1.5 * 1.5 * 1.5, -32);
      assertEquals(slope, session.run(gradient(power, x), feeds));
    }
  }

  @Test
  void elementsMoveWithoutBeingTouched() {
    var signalling = Tensor.wrap(FLOAT16, Shape.of(2), new short[] {0x3c00, (short) 0x8001});
    Expr x = graph.constant(signalling);
    Expr moved = gather(concat(0, x, x), constant(INT64, 3, 0), 0);
    assertEquals(
        Tensor.wrap(FLOAT16, Shape.of(2), new short[] {(short) 0x8001, 0x3c00}), run(moved));
    Expr large = graph.constant(Tensor.wrap(UINT64, Shape.of(2), new long[] {-1, -3}));
    Expr sorted = sort(large, 0);
    assertEquals("[18446744073709551613, 18446744073709551615]", run(sorted).toString());
  }

  @Test
  void uniformDrawsLieInside() {
    for (DType dtype : HALVES) {
      Tensor draws = run(uniform(graph, dtype, Shape.of(20_000)));
      double sum = 0;
      for (double draw : draws.toDoubleArray()) {
        assertTrue(draw > 0 && draw < 1, () -> dtype + " " + draw);
        sum += draw;
      }
      assertEquals(0.5, sum / draws.size(), 0.02);
    }
  }

  @Test
  void factorisationsOf16BitsAreThoseOfFloat32Rounded() {
    Tensor matrix = Tensor.of(FLOAT16, Shape.of(2, 2), 4, 2, 2, 3);
    Tensor factor = run(cholesky(graph.constant(matrix)));
    assertEquals(FLOAT16, factor.dtype());
    assertEquals(Tensor.of(FLOAT16, Shape.of(2, 2), 2, 0, 1, Math.sqrt(2)), factor);
  }

  @Test
  void unsignedIntegersHaveNoSignInAnyOp() {
    Expr great = graph.constant(Tensor.wrap(UINT64, Shape.of(2), new long[] {-1, Long.MIN_VALUE}));
    Expr seven = constant(UINT64, 7, 7);
    assertArrayEquals(
        new long[] {Long.divideUnsigned(-1, 7), Long.divideUnsigned(Long.MIN_VALUE, 7)},
        run(great.dividedBy(seven)).toLongArray());
    assertArrayEquals(
        new long[] {Long.remainderUnsigned(-1, 7), Long.remainderUnsigned(Long.MIN_VALUE, 7)},
        run(modulo(great, seven)).toLongArray());
    assertArrayEquals(new double[] {0x1p64, 0x1p63}, run(great.cast(FLOAT64)).toDoubleArray());
    assertArrayEquals(new long[] {1, 1}, run(great.greater(seven).cast(INT64)).toLongArray());
    assertEquals("18446744073709551615", run(reduceMax(great)).toString());
    assertArrayEquals(new long[] {1, 0}, run(argSort(great, 0)).toLongArray());
    assertEquals("[18446744073709551615, 9223372036854775808]", run(great).toString());
  }

  @Test
  void narrowIntegersWrapAlsoInProducts() {
    assertEquals(-56, run(constant(INT8, 100).plus(100)).getLong(0));
    assertEquals(4464, run(constant(UINT16, 50_000).plus(20_000)).getLong(0));
    assertEquals(0xfffffffeL, run(constant(UINT32, 1).minus(3)).getLong(0));
    Expr row = graph.constant(Tensor.of(INT16, Shape.of(1, 2), 300, 300));
    assertEquals((short) (2 * 300 * 300), run(matmul(row, row.transpose())).getLong(0, 0));
    Expr wide = graph.constant(Tensor.of(UINT64, Shape.of(1, 1), 0x1p40));
    assertEquals("[[65536]]", run(matmul(wide, wide.plus(1)).dividedBy(0x1p24)).toString());
  }

  @Test
  void extremesOfNothingAreThoseOfTheType() {
    Expr none = graph.constant(Tensor.zeros(INT8, Shape.of(0)));
    assertEquals(-128, run(reduceMax(none)).getLong());
    assertEquals(127, run(reduceMin(none)).getLong());
    Expr unsigned = graph.constant(Tensor.zeros(UINT32, Shape.of(0)));
    assertEquals(0xffffffffL, run(reduceMin(unsigned)).getLong());
    Expr running = cumulativeMax(constant(INT8, -100, -120, 5), 0);
    assertArrayEquals(new long[] {-100, -100, 5}, run(running).toLongArray());
  }

  @Test
  void castsFollowTheTableOfTheDocs() {
    double[] numbers = {300, -1, 70_000, -1.9, Double.NaN, 1e30, 0x1p63};
    Expr x = graph.constant(Tensor.of(numbers));
    assertArrayEquals(new long[] {44, -1, 112, -1, 0, -1, -1}, run(x.cast(INT8)).toLongArray());
    assertArrayEquals(
        new long[] {300, 65_535, 4464, 65_535, 0, 65_535, 65_535},
        run(x.cast(UINT16)).toLongArray());
    assertEquals(
        "[300, 18446744073709551615, 70000, 18446744073709551615, 0, 18446744073709551615,"
            + " 9223372036854775808]",
        run(x.cast(UINT64)).toString());
    assertEquals(Float.POSITIVE_INFINITY, run(x.cast(FLOAT16)).getFloat(2));
    assertEquals(Tensor.of(BFLOAT16, numbers), run(x.cast(BFLOAT16)));
    // Just above the middle of two neighbours: rounding by way of float32 would go down.
    Expr close = graph.constant(Tensor.of(1 + 0x1p-11 + 0x1p-40));
    assertEquals(1 + 0x1p-10, run(close.cast(FLOAT16)).getDouble(0));
  }

  @Test
  void operandsOfTwoTypesAreRefusedAndTheCommonTypeIsNamed() {
    var refused =
        assertThrows(DTypeException.class, () -> constant(FLOAT16, 1).plus(constant(BFLOAT16, 1)));
    assertTrue(refused.getMessage().endsWith("; convert both with cast(x, FLOAT32)"));
    var negative = assertThrows(DTypeException.class, () -> constant(UINT32, 1).times(-1));
    assertTrue(negative.getMessage().startsWith("constant: -1.0 is no UINT32: "));
  }
}
