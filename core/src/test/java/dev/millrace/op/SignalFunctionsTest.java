package dev.millrace.op;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.graph.Graph;
import dev.millrace.session.Session;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Tensor;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Frames, their transforms and what undoes them, and windows. */
class SignalFunctionsTest {
  private final Graph graph = new Graph();
  private final Session session = new Session(graph, 2);

  private static Tensor noise(long... dims) {
    Shape shape = Shape.of(dims);
    return Tensor.of(shape, new SplittableRandom(3).doubles(shape.size(), -1, 1).toArray());
  }

  @Test
  void framesStartAHopApartAndAddUpAgain() {
    Expr x = graph.placeholder(FLOAT64, Shape.of(ANY));
    Expr frames = frame(x, 5, 2);
    Tensor data = Tensor.of(IntStream.range(0, 10).asDoubleStream().toArray());
    assertArrayEquals(
        new double[] {0, 1, 2, 3, 4, 2, 3, 4, 5, 6, 4, 5, 6, 7, 8},
        session.run(frames, feed(x, data)).toDoubleArray());
    assertArrayEquals(
        new double[] {0, 1, 4, 6, 12, 10, 12, 7, 8},
        session.run(overlapAdd(frames, 2), feed(x, data)).toDoubleArray());
  }

  @Test
  void theInverseOfAShortTimeTransformIsTheSignal() {
    Expr x = graph.placeholder(FLOAT64, Shape.of(2, ANY));
    Tensor data = noise(2, 61);
    for (int hop : new int[] {2, 3, 8}) {
      Expr window = cast(graph.constant(hammingWindow(9)), FLOAT64);
      Expr back = istft(stft(x, window, hop), window, hop);
      int covered = (61 - 9) / hop * hop + 9;
      double[] found = session.run(back, feed(x, data)).toDoubleArray();
      double[] wanted = session.run(slice(x, 1, 0, covered), feed(x, data)).toDoubleArray();
      assertArrayEquals(wanted, found, 1e-13);
    }
  }

  @Test
  void aToneIsFoundAtItsFrequency() {
    double[] tone = new double[64];
    for (int i = 0; i < tone.length; i++) {
      tone[i] = Math.cos(2 * Math.PI * 3 * i / 16);
    }
    Expr window = cast(graph.constant(hannWindow(16)), FLOAT64);
    Complex y = stft(graph.constant(Tensor.of(tone)), window, 16);
    assertEquals(Shape.of(4, 9), session.run(y.real()).shape());
    double[] row = session.run(slice(y.abs(), 0, 1, 2)).toDoubleArray();
    assertArrayEquals(new double[] {0, 0, 2, 4, 2, 0, 0, 0, 0}, row, 1e-6);
  }

  @Test
  void derivativesGoThroughFramesAndTransforms() {
    Expr x = graph.constant(noise(20));
    Expr window = cast(graph.constant(hannWindow(8)), FLOAT64);
    Expr power = reduceSum(square(stft(x, window, 4).real()));
    double[] slopes = session.run(gradient(power, x)).toDoubleArray();
    double[] data = session.run(x).toDoubleArray();
    Expr at = graph.placeholder(FLOAT64, Shape.of(20));
    Expr again = reduceSum(square(stft(at, window, 4).real()));
    for (int i = 0; i < 20; i++) {
      double[] moved = data.clone();
      moved[i] += 1e-5;
      double above = session.run(again, feed(at, Tensor.of(moved))).doubleAt(0);
      moved[i] -= 2e-5;
      double below = session.run(again, feed(at, Tensor.of(moved))).doubleAt(0);
      assertEquals((above - below) / 2e-5, slopes[i], 1e-8);
    }
  }

  /** Figures of NumPy's hanning, hamming, blackman, bartlett and kaiser. */
  @Test
  void symmetricWindowsAreThoseOfNumPy() {
    assertWindow(hannWindow(5, false), 0, 0.5, 1, 0.5, 0);
    assertWindow(hammingWindow(5, false), 0.08, 0.54, 1, 0.54, 0.08);
    assertWindow(blackmanWindow(5, false), 0, 0.34, 1, 0.34, 0);
    assertWindow(bartlettWindow(5, false), 0, 0.5, 1, 0.5, 0);
    assertWindow(
        kaiserWindow(4, 5),
        0.036710892271286676,
        0.7753221044454067,
        0.7753221044454067,
        0.036710892271286676);
    assertWindow(hannWindow(4), 0, 0.5, 1, 0.5);
    assertWindow(hannWindow(1), 1);
  }

  private static void assertWindow(Tensor found, double... wanted) {
    assertArrayEquals(wanted, found.toDoubleArray(), 1e-7);
  }

  @Test
  void messagesNameTheRuleAndTheOperand() {
    Expr x = graph.constant(noise(4)).named("x");
    assertEquals(
        "frame: the hop must be 1 or more, found 0",
        assertThrows(ShapeException.class, () -> frame(x, 2, 0)).getMessage());
    String message = assertThrows(ShapeException.class, () -> frame(x, 5, 1)).getMessage();
    assertEquals(
        "frame: the last axis must have a frame of 5 or more: 'x' is FLOAT64 [4]",
        message.substring(0, message.indexOf(" (")));
  }
}
