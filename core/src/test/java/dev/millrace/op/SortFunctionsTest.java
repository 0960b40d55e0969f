package dev.millrace.op;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.millrace.graph.Graph;
import dev.millrace.session.Session;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Orders against Java's own sort of boxed numbers. */
class SortFunctionsTest {
  private static final double NAN = Double.NaN;

  private final Graph graph = new Graph();
  private final SplittableRandom random = new SplittableRandom(9);

  private Tensor run(Expr x) {
    return new Session(graph, 2).run(x);
  }

  private Expr of(DType dtype, Shape shape, double... numbers) {
    return graph.constant(OpExample.tensor(dtype, shape, numbers));
  }

  private Expr row(double... numbers) {
    return of(FLOAT64, Shape.of(numbers.length), numbers);
  }

  private long[] longs(Expr x) {
    return (long[]) run(x).array();
  }

  /** Few different numbers, so that many are equal. */
  private double[] numbers(int size) {
    return random.doubles(size).map(x -> Math.rint(x * size / 3) - 5).toArray();
  }

  private static long[] expected(double[] row, boolean descending) {
    Comparator<Integer> ascending = Comparator.comparingDouble(i -> row[i]);
    return IntStream.range(0, row.length)
        .boxed()
        .sorted(descending ? ascending.reversed() : ascending)
        .mapToLong(i -> i)
        .toArray();
  }

  @Test
  void rowsOfAnyLengthAndTypeAreOrderedAndEqualElementsKeepTheirOrder() {
    for (DType dtype : List.of(FLOAT32, FLOAT64, INT32, INT64)) {
      for (int size : new int[] {0, 1, 2, 15, 16, 17, 33, 100, 1000}) {
        double[] one = numbers(size);
        double[] two = numbers(size);
        double[] both = new double[2 * size];
        System.arraycopy(one, 0, both, 0, size);
        System.arraycopy(two, 0, both, size, size);
        for (boolean descending : new boolean[] {false, true}) {
          long[] order = longs(argSort(of(dtype, Shape.of(2, size), both), 1, descending));
          String what = dtype + ", " + size + (descending ? " descending" : " ascending");
          assertArrayEquals(expected(one, descending), Arrays.copyOf(order, size), what);
          long[] rest = Arrays.copyOfRange(order, size, 2 * size);
          assertArrayEquals(expected(two, descending), rest, what);
        }
      }
    }
  }

  @Test
  void bytesAreOrderedAsNumbersWithoutASign() {
    Expr x = of(UINT8, Shape.of(4), 200, 3, 255, 0);
    assertArrayEquals(new long[] {3, 1, 0, 2}, longs(argSort(x, 0)));
    Expr truth = of(BOOL, Shape.of(4), 1, 0, 1, 0);
    assertArrayEquals(new long[] {0, 2, 1, 3}, longs(argSort(truth, 0, true)));
  }

  @Test
  void nanIsGreaterThanInfinityAndBothZerosAreEqual() {
    double[] numbers = {NAN, 1, Double.POSITIVE_INFINITY, 0.0, -0.0, Double.NEGATIVE_INFINITY, NAN};
    for (DType dtype : List.of(FLOAT32, FLOAT64)) {
      Expr x = of(dtype, Shape.of(numbers.length), numbers);
      assertArrayEquals(new long[] {5, 3, 4, 1, 2, 0, 6}, longs(argSort(x, 0)));
      assertArrayEquals(new long[] {0, 6, 2, 1, 3, 4, 5}, longs(argSort(x, 0, true)));
    }
  }

  @Test
  void extremeIntegersAreInOrder() {
    Expr x = graph.constant(Tensor.of(Shape.of(5), Long.MAX_VALUE, 0L, Long.MIN_VALUE, -1L, 1L));
    assertArrayEquals(new long[] {2, 3, 1, 4, 0}, longs(argSort(x, 0)));
    assertArrayEquals(new long[] {0, 4, 1, 3, 2}, longs(argSort(x, 0, true)));
  }

  @Test
  void anyAxisCanBeSorted() {
    Expr x = of(FLOAT64, Shape.of(3, 2), 3, 1, 2, 5, 1, 4);
    assertArrayEquals(new double[] {1, 1, 2, 4, 3, 5}, run(sort(x, 0)).toDoubleArray());
    assertArrayEquals(new double[] {3, 1, 5, 2, 4, 1}, run(sort(x, -1, true)).toDoubleArray());
  }

  @Test
  void theGreatestComeFirstAndTheirDerivativeGoesBack() {
    Expr x = of(FLOAT64, Shape.of(5), 3, 9, 1, 9, 4);
    SortFunctions.TopK top = topK(x, 3);
    assertArrayEquals(new double[] {9, 9, 4}, run(top.values()).toDoubleArray());
    assertArrayEquals(new long[] {1, 3, 4}, longs(top.indices()));
    Expr weighted = top.values().times(row(1, 10, 100));
    assertArrayEquals(new double[] {0, 1, 0, 10, 100}, run(gradient(weighted, x)).toDoubleArray());
  }

  @Test
  void theMedianIsTheLowerMiddleAndAQuantileIsInBetween() {
    assertEquals(2, run(median(row(4, 1, 2, 3), 0)).getDouble());
    assertEquals(2.5, run(quantile(row(4, 1, 2, 3), 0.5, 0)).getDouble());
    assertEquals(3, run(median(row(4, 1, 3), 0)).getDouble());
    assertEquals(NAN, run(median(row(4, NAN, 2, 3), 0)).getDouble());
    assertEquals(NAN, run(quantile(row(4, NAN, 2, 3), 0, 0)).getDouble());
  }

  @Test
  void placesAmongFewAndManyBoundariesAreTheSame() {
    double[] values = {-7, 0, 0.5, 1, 5, 99, 1000, NAN};
    for (int size : new int[] {0, 1, 3, 64, 65, 200}) {
      double[] sorted = new double[size];
      for (int i = 0; i < size; i++) {
        sorted[i] = Math.floor(i / 2.0);
      }
      for (boolean right : new boolean[] {false, true}) {
        long[] expected = new long[values.length];
        for (int v = 0; v < values.length; v++) {
          for (double element : sorted) {
            boolean before = right ? element <= values[v] : element < values[v];
            expected[v] += before || Double.isNaN(values[v]) ? 1 : 0;
          }
        }
        long[] found = longs(searchSorted(row(sorted), row(values), right));
        assertArrayEquals(expected, found, size + " " + right);
        assertArrayEquals(expected, longs(bucketize(row(values), row(sorted), !right)));
      }
    }
  }
}
