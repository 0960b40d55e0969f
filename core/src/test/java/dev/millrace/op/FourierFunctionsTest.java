package dev.millrace.op;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.graph.Graph;
import dev.millrace.session.Session;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Transforms against the sums that define them, what undoes them, and windows. */
class FourierFunctionsTest {
  private final Graph graph = new Graph();
  private final Session session = new Session(graph, 2);
  private final SplittableRandom random = new SplittableRandom(3);

  private Expr constant(long... dims) {
    Shape shape = Shape.of(dims);
    return graph.constant(Tensor.of(shape, random.doubles(shape.size(), -1, 1).toArray()));
  }

  private double[] numbers(Expr y) {
    return session.run(y).toDoubleArray();
  }

  private void assertSame(Complex wanted, Complex found, double tolerance) {
    assertArrayEquals(numbers(wanted.real()), numbers(found.real()), tolerance);
    assertArrayEquals(numbers(wanted.imaginary()), numbers(found.imaginary()), tolerance);
  }

  /** The sum itself, for each number of a vector; the greatest difference. */
  private static double distance(double[] re, double[] im, double[] foundRe, double[] foundIm) {
    int n = re.length;
    double worst = 0;
    for (int k = 0; k < n; k++) {
      double sumRe = 0;
      double sumIm = 0;
      for (int j = 0; j < n; j++) {
        double angle = -2 * Math.PI * ((long) j * k % n) / n;
        sumRe += re[j] * Math.cos(angle) - im[j] * Math.sin(angle);
        sumIm += re[j] * Math.sin(angle) + im[j] * Math.cos(angle);
      }
      worst = Math.max(worst, Math.hypot(sumRe - foundRe[k], sumIm - foundIm[k]));
    }
    return worst;
  }

  @Test
  void transformsOfAnySizeAreTheirSums() {
    Expr re = graph.placeholder(FLOAT64, Shape.of(ANY));
    Expr im = graph.placeholder(FLOAT64, Shape.of(ANY));
    Complex y = fft(new Complex(re, im));
    Complex back = ifft(y);
    for (int n : new int[] {1, 2, 3, 4, 5, 7, 8, 12, 31, 64, 100, 127, 243, 257, 1000, 1024}) {
      double[] a = random.doubles(n, -1, 1).toArray();
      double[] b = random.doubles(n, -1, 1).toArray();
      List<Tensor> found =
          session.run(
              List.of(y.real(), y.imaginary(), back.real(), back.imaginary()),
              feed(re, Tensor.of(a), im, Tensor.of(b)));
      double[] foundRe = found.get(0).toDoubleArray();
      double[] foundIm = found.get(1).toDoubleArray();
      assertEquals(0, distance(a, b, foundRe, foundIm), 4e-15 * n, "size " + n);
      assertArrayEquals(a, found.get(2).toDoubleArray(), 1e-14);
      assertArrayEquals(b, found.get(3).toDoubleArray(), 1e-14);
    }
  }

  @Test
  void singlePrecisionIsRoundedOnce() {
    Complex x = new Complex(constant(3, 100), constant(3, 100));
    Complex single = fft(x.each(part -> cast(part, FLOAT32)));
    Complex wide = fft(x.each(part -> cast(cast(part, FLOAT32), FLOAT64)));
    assertSame(wide.each(part -> cast(part, FLOAT32)), single, 0);
  }

  @Test
  void severalAxesAreTransformedOneByOneAndBack() {
    Complex x = new Complex(constant(2, 3, 5), constant(2, 3, 5));
    Complex rows = x.each(part -> transpose(part, 0, 2, 1));
    assertSame(fft(rows).each(part -> transpose(part, 0, 2, 1)), fft(x, 1), 1e-14);
    assertSame(fft(fft(fft(x, 0), 1), 2), fftN(x), 1e-13);
    assertSame(x, ifft2(fft2(x)), 1e-14);
    assertSame(x, ifftN(fftN(x, 0, -1), 0, -1), 1e-14);
  }

  @Test
  void theHalfOfARealTransformIsEnough() {
    for (int n : new int[] {1, 2, 5, 8, 9}) {
      Expr x = constant(3, n);
      Complex half = rfft(x);
      Complex whole = fft(Complex.of(x)).each(part -> slice(part, 1, 0, n / 2 + 1));
      assertSame(whole, half, 0);
      assertArrayEquals(numbers(x), numbers(irfft(half, n, -1)), 1e-14);
    }
    Expr image = constant(2, 6, 4);
    assertArrayEquals(numbers(image), numbers(irfft(rfft(image))), 1e-14);
    assertArrayEquals(numbers(image), numbers(irfft2(rfft2(image), 4)), 1e-14);
  }

  @Test
  void productsOfTransformsAreConvolutions() {
    double[] found =
        numbers(
            ifft(fft(Complex.of(graph.constant(Tensor.of(1.0, 2, 3, 0))))
                    .times(fft(Complex.of(graph.constant(Tensor.of(4.0, 5, 0, 0))))))
                .real());
    assertArrayEquals(new double[] {4, 13, 22, 15}, found, 1e-14);
  }

  @Test
  void complexNumbersFollowTheirArithmetic() {
    Complex x = new Complex(constant(4), constant(4));
    Complex y = new Complex(constant(4), constant(4));
    assertSame(x, x.times(y).dividedBy(y), 1e-13);
    assertSame(x, Complex.polar(x.abs(), x.angle()), 1e-14);
    assertArrayEquals(numbers(x.squaredAbs()), numbers(x.times(x.conj()).real()), 1e-15);
    assertSame(x.plus(y).exp(), x.exp().times(y.exp()), 1e-13);
    assertSame(x.minus(y), x.plus(y.negate()), 0);
  }

  @Test
  void theDerivativeOfASpectrumIsATransform() {
    Expr x = constant(7);
    Expr power = reduceSum(fft(Complex.of(x)).squaredAbs());
    Expr slope = gradient(power, x);
    assertArrayEquals(numbers(x.times(2.0 * 7)), numbers(slope), 1e-12);
    Expr curve = gradient(reduceSum(slope.times(slope)), x);
    assertArrayEquals(numbers(x.times(8.0 * 49)), numbers(curve), 1e-11);
  }

  @Test
  void shiftsAndFrequenciesAreThoseOfNumPy() {
    assertArrayEquals(
        new double[] {0, 0.4, 0.8, -0.8, -0.4}, fftFrequencies(5, 0.5).toDoubleArray(), 1e-15);
    assertArrayEquals(new double[] {0, 0.25, -0.5, -0.25}, fftFrequencies(4, 1).toDoubleArray(), 0);
    assertArrayEquals(new double[] {0, 0.25, 0.5}, rfftFrequencies(4, 1).toDoubleArray(), 0);
    Expr five = graph.constant(Tensor.of(0.0, 1, 2, 3, 4));
    assertArrayEquals(new double[] {3, 4, 0, 1, 2}, numbers(fftShift(five, 0)));
    assertArrayEquals(new double[] {0, 1, 2, 3, 4}, numbers(ifftShift(fftShift(five, 0), 0)));
  }

  @Test
  void anEmptyBatchHasAnEmptyTransform() {
    Complex none = fft(new Complex(constant(0, 4), constant(0, 4)));
    assertEquals(Shape.of(0, 4), session.run(none.real()).shape());
  }

  @Test
  void messagesNameTheRuleAndTheOperand() {
    Expr x = constant(4).named("x");
    assertMessage(
        "fft: axis 1 is outside of [4], which has axes 0 to 0 (or -1 to -1): 'x' is FLOAT64 [4]",
        () -> fft(new Complex(x, x), 1));
    Expr none = graph.constant(Tensor.zeros(FLOAT64, Shape.of(0))).named("n");
    assertMessage("rfft: axis -1 must have an element: 'n' is FLOAT64 [0]", () -> rfft(none));
    Expr scalar = graph.constant(Tensor.scalar(1.0)).named("s");
    assertMessage(
        "fft: a scalar has no axis to transform: 's' is FLOAT64 []",
        () -> fft(new Complex(scalar, scalar)));
    assertMessage(
        "irfft: 9 real numbers have 5 complex ones, found 4: 'x' is FLOAT64 [4]",
        () -> irfft(new Complex(x, x), 9, -1));
    Expr whole = graph.constant(Tensor.of(1, 2)).named("w");
    assertMessage(
        "fft: takes float32 or float64: 'w' is INT32 [2]", () -> fft(new Complex(whole, whole)));
  }

  private static void assertMessage(String start, Executable code) {
    String message = assertThrows(MillraceException.class, code).getMessage();
    assertEquals(start, message.substring(0, Math.min(start.length(), message.length())));
  }
}
