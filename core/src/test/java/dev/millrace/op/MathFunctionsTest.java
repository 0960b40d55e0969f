package dev.millrace.op;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Graph;
import dev.millrace.session.Session;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Functions of mathematics: accuracy against StrictMath, special values, derivatives at edges. */
class MathFunctionsTest {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;
  private static final int COUNT = 500;

  private final Graph graph = new Graph();
  private final Session session = new Session(graph, 1);

  private Expr doubles(double... values) {
    return graph.constant(Tensor.of(values));
  }

  private Expr of(DType dtype, double... values) {
    return doubles(values).cast(INT64).cast(dtype);
  }

  private double[] run(Expr x) {
    Tensor found = session.run(x);
    double[] values = new double[found.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = found.doubleAt(i);
    }
    return values;
  }

  private void near(UnaryOperator<Expr> f, DoubleUnaryOperator strict, double low, double high) {
    double[] at = new SplittableRandom(2).doubles(COUNT, low, high).toArray();
    double[] found = run(f.apply(doubles(at)));
    double[] single = run(f.apply(doubles(at).cast(FLOAT32)));
    for (int i = 0; i < COUNT; i++) {
      double expected = strict.applyAsDouble(at[i]);
      assertEquals(expected, found[i], 1e-14 * Math.abs(expected), "at " + at[i]);
      double rounded = strict.applyAsDouble((float) at[i]);
      assertEquals(rounded, single[i], Math.ulp((float) rounded), "float32 at " + at[i]);
    }
  }

  @Test
  void agreesWithStrictMath() {
    near(x -> tan(x), StrictMath::tan, -50, 50);
    near(x -> asin(x), StrictMath::asin, -1, 1);
    near(x -> acos(x), StrictMath::acos, -1, 1);
    near(x -> atan(x), StrictMath::atan, -50, 50);
    near(x -> sinh(x), StrictMath::sinh, -20, 20);
    near(x -> cosh(x), StrictMath::cosh, -20, 20);
    near(x -> cbrt(x), StrictMath::cbrt, -50, 50);
    near(x -> log10(x), StrictMath::log10, 0, 50);
    near(x -> exp2(x), x -> StrictMath.pow(2, x), -50, 50);
    near(x -> square(x), x -> x * x, -5, 5);
    near(x -> atan2(x, x.times(-2)), x -> StrictMath.atan2(x, -2 * x), -3, 3);
    near(x -> hypot(x, x.times(2)), x -> StrictMath.hypot(x, 2 * x), -2, 2);
  }

  @Test
  void logarithmsOfSumsAndRestsKeepTheirDigits() {
    assertArrayEquals(
        new double[] {1000 + Math.log(2), -1000, INF, -INF, INF, NAN},
        run(
            logAddExp(
                doubles(1000, -1000, INF, -INF, INF, NAN), doubles(1000, -2000, 1, -INF, INF, 1))),
        1e-13);
    Expr x = doubles(-INF, -INF, 5);
    Expr y = doubles(-INF, 0, 5);
    assertArrayEquals(new double[] {0.5, 0, 0.5}, run(gradient(logAddExp(x, y), x)));
    assertArrayEquals(
        new double[] {Math.log(1e-10) - 5e-11, -Math.exp(-40), -INF, 0},
        run(log1mexp(doubles(-1e-10, -40, 0, -INF))),
        1e-14);
    assertArrayEquals(
        new double[] {0, 0, -INF, 3e-20},
        run(xlog1py(doubles(0, 0, 1, 3), doubles(-1, INF, -1, 1e-20))),
        1e-34);
  }

  @Test
  void specialValuesOfAnglesAndRoots() {
    assertArrayEquals(
        new double[] {Math.PI, -Math.PI, Math.PI / 4, 0, Math.PI / 2},
        run(atan2(doubles(0, -0.0, INF, 1, 1), doubles(-1, -1, INF, INF, 0))));
    assertArrayEquals(
        new double[] {INF, INF, 5e200},
        run(hypot(doubles(INF, NAN, 3e200), doubles(NAN, INF, 4e200))),
        1e185);
    assertArrayEquals(new double[] {NAN, NAN}, run(asin(doubles(1.1, NAN))));
    assertArrayEquals(new double[] {INF, 0, 0.5}, run(rsqrt(doubles(0, INF, 4))));
    assertArrayEquals(new double[] {INF, -INF, 0.25}, run(reciprocal(doubles(0, -0.0, 4))));
    assertArrayEquals(
        new double[] {180, Math.PI},
        concatenated(degrees(doubles(Math.PI)), radians(doubles(180))));
    assertEquals(1e-3 / Math.sqrt(1e-6), run(rsqrt(doubles(1e-6)))[0] * 1e-3, 1e-14);
  }

  private double[] concatenated(Expr... parts) {
    return run(concat(0, parts));
  }

  @Test
  void derivativesAtTheOriginOfThePlaneAreZero() {
    Expr x = doubles(0, 1e-200, 3e200);
    Expr y = doubles(0, 1e-200, 4e200);
    assertArrayEquals(new double[] {0, Math.sqrt(0.5), 0.6}, run(gradient(hypot(x, y), x)), 1e-15);
    double[] slopes = run(gradient(atan2(x, y), x));
    assertEquals(0, slopes[0]);
    assertEquals(5e199, slopes[1], 1e185);
    assertEquals(1.6e-201, slopes[2], 1e-215);
  }

  @Test
  void clipPassesDerivativesOnItsBounds() {
    Expr x = doubles(-2, -1, 0, 1, 2, NAN);
    Expr low = doubles(-1);
    Expr high = doubles(1);
    Expr y = clip(x, low, high);
    assertArrayEquals(new double[] {-1, -1, 0, 1, 1, NAN}, run(y));
    assertArrayEquals(new double[] {0, 1, 1, 1, 0, 0}, run(gradient(y, x)));
    assertArrayEquals(new double[] {1}, run(gradient(y, low)));
    assertArrayEquals(new double[] {1}, run(gradient(y, high)));
    assertArrayEquals(new double[] {-1, -1, 0, 1, 2, NAN}, run(clip(x, -1, INF)));
    assertArrayEquals(new double[] {-5, 7}, run(clip(of(INT32, -9, 7), -5, INF)));
    assertArrayEquals(new double[] {-9, 3}, run(clip(of(INT64, -9, 7), -INF, 3)));
    assertArrayEquals(new double[] {2, 3}, run(clip(of(UINT8, 0, 200), 2, 3)));
  }

  private double[] onIntegers(DType dtype, BinaryOperator<Expr> f) {
    return run(f.apply(of(dtype, 7, -7, 7, -7), of(dtype, 2, 2, -2, -2)));
  }

  @Test
  void quotientsAndRemaindersRoundAsTheirNamesSay() {
    for (DType dtype : List.of(INT32, INT64, FLOAT32, FLOAT64)) {
      assertArrayEquals(new double[] {3, -4, -4, 3}, onIntegers(dtype, (a, b) -> floorDiv(a, b)));
      assertArrayEquals(
          new double[] {3, -3, -3, 3}, onIntegers(dtype, (a, b) -> truncateDiv(a, b)));
      assertArrayEquals(new double[] {1, 1, -1, -1}, onIntegers(dtype, (a, b) -> remainder(a, b)));
      assertArrayEquals(new double[] {1, -1, 1, -1}, onIntegers(dtype, (a, b) -> fmod(a, b)));
    }
    assertArrayEquals(new double[] {-1e-20, 1}, run(fmod(doubles(-1e-20, 5.5), doubles(1, 1.5))));
    assertArrayEquals(
        new double[] {NAN, NAN, 1}, run(fmod(doubles(1, INF, 1), doubles(0, 1, INF))));
  }

  @Test
  void integersAreNotDividedByZero() {
    for (DType dtype : List.of(INT32, INT64, UINT8)) {
      List<BinaryOperator<Expr>> divisions =
          List.of(
              (a, b) -> floorDiv(a, b),
              (a, b) -> truncateDiv(a, b),
              (a, b) -> fmod(a, b),
              (a, b) -> remainder(a, b));
      for (BinaryOperator<Expr> division : divisions) {
        Expr quotient = division.apply(of(dtype, 1), of(dtype, 0));
        assertThrows(MillraceException.class, () -> session.run(quotient));
      }
    }
  }

  @Test
  void truncRoundsTowardsZeroAndNumbersAreClassified() {
    Expr x = doubles(-1.7, -0.3, 0.3, 1.7, NAN, INF, -INF);
    assertArrayEquals(new double[] {-1, -0.0, 0, 1, NAN, INF, -INF}, run(trunc(x)));
    assertArrayEquals(new double[] {0, 0, 0, 0, 1, 0, 0}, run(isNaN(x)));
    assertArrayEquals(new double[] {1, 1, 1, 1, 0, 0, 0}, run(isFinite(x)));
    assertArrayEquals(new double[] {0, 0, 0, 0, 0, 1, 1}, run(isInfinite(x)));
    Expr i = of(INT32, 1, Integer.MIN_VALUE);
    assertArrayEquals(new double[] {1, 1}, run(isFinite(i)));
    assertArrayEquals(new double[] {0, 0}, run(isNaN(i)));
    assertArrayEquals(new double[] {0, 0}, run(isInfinite(i)));
  }

  @Test
  void bitsOfEveryIntegerType() {
    for (DType dtype : List.of(INT32, INT64, UINT8)) {
      Expr a = of(dtype, 12, 255);
      Expr b = of(dtype, 10, 1);
      assertArrayEquals(new double[] {8, 1}, run(bitAnd(a, b)));
      assertArrayEquals(new double[] {14, 255}, run(bitOr(a, b)));
      assertArrayEquals(new double[] {6, 254}, run(bitXor(a, b)));
      assertArrayEquals(new double[] {2, 8}, run(bitCount(a)));
      boolean signed = dtype != UINT8;
      assertArrayEquals(signed ? new double[] {-13, -256} : new double[] {243, 0}, run(bitNot(a)));
      assertArrayEquals(
          signed ? new double[] {24, 510, 0, 0} : new double[] {24, 254, 0, 0},
          run(shiftLeft(of(dtype, 12, 255, 1, 1), of(dtype, 1, 1, 64, 200))));
      assertArrayEquals(
          new double[] {6, 127, 0, 0},
          run(shiftRight(of(dtype, 12, 255, 1, 1), of(dtype, 1, 1, 64, 200))));
    }
    assertArrayEquals(
        new double[] {32, 64},
        concatenated(bitCount(of(INT32, -1)).cast(INT64), bitCount(of(INT64, -1))));
    assertArrayEquals(
        new double[] {-4, -1, -1}, run(shiftRight(of(INT32, -8, -8, -8), of(INT32, 1, 77, -1))));
    assertArrayEquals(new double[] {0, 0}, run(shiftLeft(of(INT64, 1, 1), of(INT64, -1, 64))));
  }

  @Test
  void powersOfWholeExponents() {
    assertArrayEquals(
        new double[] {1, 1, NAN}, run(powInt(doubles(0, -3, NAN), 0).times(doubles(1, 1, NAN))));
    assertArrayEquals(new double[] {1024, -1024}, run(powInt(doubles(4, -4), 5)));
    assertArrayEquals(new double[] {0.25}, run(powInt(doubles(2), -2)));
    assertArrayEquals(new double[] {1024, -1024}, run(powInt(of(INT32, 4, -4), 5)));
    assertArrayEquals(new double[] {1, 1}, run(powInt(of(INT64, 0, 9), 0)));
    Expr x = doubles(0, -2);
    assertArrayEquals(new double[] {0, 12}, run(gradient(powInt(x, 3), x)));
  }

  @Test
  void selectionTakesOneOfTwo() {
    Expr x = doubles(1, 2, 3);
    Expr large = x.greater(1.5);
    assertArrayEquals(new double[] {1, -7, -7}, run(maskedFill(x, large, -7)));
    assertArrayEquals(new double[] {1, 4, 9}, run(where(large, square(x), x)));
    assertArrayEquals(new double[] {0, 1, 0}, run(xor(large, x.greater(2.5))));
    assertArrayEquals(new double[] {2, 3, 4}, run(lerp(x, x.plus(2), 0.5)));
    assertArrayEquals(new double[] {1, 0, 1}, run(squaredDifference(x, doubles(2))));
  }

  @Test
  void gammaAndErrorFunctionsAreInversesAndDerivativesOfOneAnother() {
    Expr x = doubles(0.3, 1.7, 4.2);
    assertArrayEquals(run(digamma(x)), run(gradient(lgamma(x), x)));
    assertArrayEquals(run(polygamma(1, x)), run(gradient(digamma(x), x)));
    Expr p = doubles(-0.9, 1e-12, 0.7);
    assertArrayEquals(run(p), run(erf(erfinv(p))), 1e-15);
    assertArrayEquals(new double[] {0.3, 0.5}, run(ndtr(ndtri(doubles(0.3, 0.5)))), 1e-15);
    assertArrayEquals(new double[] {-2, 30}, run(logit(logistic(doubles(-2, 30)))), 1e-2);
    Expr zero = graph.placeholder(FLOAT64, Shape.of(ANY));
    Expr curvature = gradient(gradient(sinc(zero), zero), zero);
    double[] found = session.run(curvature, feed(zero, Tensor.of(0.0))).toDoubleArray();
    assertEquals(-Math.PI * Math.PI / 3, found[0], 1e-14);
    assertTrue(session.run(sinc(zero), feed(zero, Tensor.of(new double[0]))).size() == 0);
  }
}
