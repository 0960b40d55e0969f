package dev.millrace.op;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.graph.Graph;
import dev.millrace.session.Feeds;
import dev.millrace.session.RunException;
import dev.millrace.session.Session;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Convolutions against the sums that define them. */
class ConvolutionFunctionsTest {
  private final Graph graph = new Graph();
  private final SplittableRandom random = new SplittableRandom(5);

  private Expr numbers(long... dims) {
    Shape shape = Shape.of(dims);
    return graph.constant(Tensor.of(shape, random.doubles(shape.size(), -1, 1).toArray()));
  }

  private Tensor run(Expr x) {
    return new Session(graph, 1).run(x);
  }

  private void assertSame(Expr expected, Expr actual) {
    assertEquals(expected.shape(), actual.shape());
    assertArrayEquals(run(expected).toDoubleArray(), run(actual).toDoubleArray(), 1e-12);
  }

  private static int size(Expr x, int axis) {
    return (int) x.shape().dim(axis).value();
  }

  /** The definition, with zeros wherever an index lies outside. */
  private double[] convolution(Expr x, Expr w, Expr y, long stride, long dilation, long before) {
    double[] in = run(x).toDoubleArray();
    double[] filter = run(w).toDoubleArray();
    var out = new double[(int) y.shape().elements().value()];
    int groups = size(x, 3) / size(w, 2);
    for (int i = 0; i < out.length; i++) {
      int o = i % size(y, 3);
      int column = i / size(y, 3) % size(y, 2);
      int row = i / size(y, 3) / size(y, 2) % size(y, 1);
      int n = i / size(y, 3) / size(y, 2) / size(y, 1);
      int group = o / (size(y, 3) / groups);
      for (int j = 0; j < size(w, 0) * size(w, 1) * size(w, 2); j++) {
        int c = j % size(w, 2);
        int b = j / size(w, 2) % size(w, 1);
        int a = j / size(w, 2) / size(w, 1);
        long atRow = row * stride + a * dilation - before;
        long atColumn = column * stride + b * dilation - before;
        if (atRow >= 0 && atRow < size(x, 1) && atColumn >= 0 && atColumn < size(x, 2)) {
          long at = ((long) n * size(x, 1) + atRow) * size(x, 2) + atColumn;
          out[i] += in[(int) at * size(x, 3) + group * size(w, 2) + c] * filter[j * size(y, 3) + o];
        }
      }
    }
    return out;
  }

  private void check(Expr x, Expr w, long stride, long dilation, long before) {
    Window window = Window.strided(stride).dilation(dilation).padding(before);
    window = window.groups(size(x, 3) / size(w, 2));
    Expr y = conv2d(x, w, window);
    double[] expected = convolution(x, w, y, stride, dilation, before);
    assertArrayEquals(expected, run(y).toDoubleArray(), 1e-12);
  }

  @Test
  void aConvolutionIsTheSumThatDefinesIt() {
    check(numbers(2, 6, 5, 3), numbers(3, 2, 3, 4), 1, 1, 0);
    check(numbers(2, 6, 7, 3), numbers(3, 2, 3, 4), 2, 1, 1);
    check(numbers(1, 9, 8, 2), numbers(3, 3, 2, 1), 3, 2, 2);
    check(numbers(2, 1, 1, 3), numbers(1, 1, 3, 4), 1, 1, 0);
  }

  @Test
  void groupsSeeTheirOwnChannels() {
    check(numbers(2, 5, 5, 6), numbers(2, 3, 2, 9), 1, 1, 1);
    check(numbers(2, 5, 5, 4), numbers(3, 3, 2, 2), 2, 1, 0);
  }

  @Test
  void depthwiseFiltersSeeOneChannelEach() {
    check(numbers(2, 5, 5, 6), numbers(3, 3, 1, 6), 1, 1, 1);
    check(numbers(2, 6, 7, 3), numbers(2, 2, 1, 6), 2, 2, 0);
  }

  @Test
  void paddingSameKeepsTheSizeDividedByTheStride() {
    Expr x = numbers(1, 7, 8, 2);
    assertEquals(Shape.of(1, 7, 8, 3), conv2d(x, numbers(4, 3, 2, 3), SAME).shape());
    Expr y = conv2d(x, numbers(3, 4, 2, 3), Window.strided(3, 2).padding(SAME));
    assertEquals(Shape.of(1, 3, 4, 3), y.shape());
    Expr w = numbers(1, 1, 2, 3);
    Expr points = conv2d(x, w, Window.strided(3).padding(SAME));
    assertEquals(Shape.of(1, 3, 3, 3), points.shape());
    assertSame(slice(slice(conv2d(x, w, SAME), 1, 0, 7, 3), 2, 0, 8, 3), points);
  }

  @Test
  void anUnevenNumberOfPaddingGetsOneMoreBehind() {
    Expr x = graph.constant(Tensor.of(Shape.of(1, 3, 1), 1f, 2, 3));
    Expr w = graph.constant(Tensor.of(Shape.of(2, 1, 1), 10f, 1));
    assertArrayEquals(new float[] {12, 23, 30}, run(conv1d(x, w, SAME)).toFloatArray());
  }

  @Test
  void channelsMayComeFirst() {
    Expr x = numbers(2, 5, 6, 4);
    Expr w = numbers(3, 3, 2, 6);
    Window window = Window.strided(2).padding(SAME).groups(2);
    Expr first = transpose(x, 0, 3, 1, 2);
    Expr y = transpose(conv2d(first, w, window.channelsFirst()), 0, 2, 3, 1);
    assertSame(conv2d(x, w, window), y);
    Window grown = Window.strided(2);
    Expr more = numbers(3, 3, 5, 4);
    Expr z = transpose(conv2dTranspose(first, more, grown.channelsFirst()), 0, 2, 3, 1);
    assertSame(conv2dTranspose(x, more, grown), z);
  }

  @Test
  void oneAndThreeAxesWorkAsTwoDo() {
    Expr x = numbers(2, 7, 3);
    Expr w = numbers(3, 3, 2);
    Expr flat = conv2d(expandDims(x, 1), expandDims(w, 0), Window.strided(1, 2).dilation(1, 2));
    assertSame(squeeze(flat, 1), conv1d(x, w, Window.strided(2).dilation(2)));
    Expr deep = conv3d(expandDims(expandDims(x, 1), 1), expandDims(expandDims(w, 0), 0), SAME);
    assertSame(squeeze(deep, 1, 2), conv1d(x, w, SAME));
  }

  /** {@code <conv(y), x> = <y, transposed(x)>} for all x and y. */
  private void checkAdjoint(Expr y, Expr w, Window window) {
    Expr there = conv2d(y, w, window);
    Expr x = numbers(there.shape().toArray());
    long[] sizes = {size(y, 1), size(y, 2)};
    Expr back = conv2dTranspose(x, w, window.outputSize(sizes));
    assertEquals(y.shape(), back.shape());
    double left = run(reduceSum(there.times(x))).getDouble();
    double right = run(reduceSum(y.times(back))).getDouble();
    assertEquals(left, right, 1e-11 * (1 + Math.abs(left)));
    assertSame(gradient(there.times(x), y), back);
  }

  @Test
  void aTransposedConvolutionIsTheAdjointOfTheConvolution() {
    checkAdjoint(numbers(2, 5, 7, 3), numbers(3, 2, 3, 4), Window.padded(VALID));
    checkAdjoint(numbers(2, 6, 7, 3), numbers(3, 4, 3, 4), Window.padded(SAME));
    checkAdjoint(numbers(2, 6, 7, 3), numbers(3, 3, 3, 2), Window.strided(2).padding(SAME));
    checkAdjoint(numbers(1, 8, 9, 2), numbers(1, 2, 2, 2), Window.strided(3).padding(SAME));
    checkAdjoint(numbers(1, 9, 8, 2), numbers(3, 2, 2, 2), Window.strided(3, 2).padding(1, 0));
    checkAdjoint(numbers(1, 9, 8, 2), numbers(3, 2, 2, 2), Window.strided(2).dilation(2));
    checkAdjoint(numbers(1, 4, 4, 4), numbers(3, 3, 2, 6), Window.strided(2).padding(2).groups(2));
  }

  @Test
  void aTransposedConvolutionHasTheLeastSizeUnlessToldOtherwise() {
    Expr x = numbers(1, 4, 5, 2);
    Expr w = numbers(3, 3, 7, 2);
    Window window = Window.strided(2);
    assertEquals(Shape.of(1, 9, 11, 7), conv2dTranspose(x, w, window).shape());
    assertEquals(Shape.of(1, 7, 9, 7), conv2dTranspose(x, w, window.padding(1)).shape());
    assertEquals(Shape.of(1, 8, 10, 7), conv2dTranspose(x, w, window.padding(SAME)).shape());
    Window even = window.padding(1).outputSize(8, 10);
    assertEquals(Shape.of(1, 8, 10, 7), conv2dTranspose(x, w, even).shape());
  }

  @Test
  void sizesMayBeUnknown() {
    Expr w = numbers(3, 3, 2, 4);
    for (Window window :
        List.of(
            Window.padded(SAME),
            Window.padded(VALID),
            Window.strided(2).padding(SAME),
            Window.strided(2).padding(1),
            Window.strided(3).dilation(2).padding(SAME))) {
      Expr any = graph.placeholder(FLOAT64, Shape.of(ANY, ANY, ANY, 2));
      Expr y = conv2d(any, w, window);
      Expr slope = gradient(y.square(), any);
      for (int size = 6; size <= 9; size++) {
        Expr x = numbers(2, size, size + 1, 2);
        Expr known = conv2d(x, w, window);
        Feeds feed = feed(any, run(x));
        Tensor found = new Session(graph, 1).run(y, feed);
        assertEquals(known.shape(), found.shape());
        assertArrayEquals(run(known).toDoubleArray(), found.toDoubleArray(), 1e-12);
        assertArrayEquals(
            run(gradient(known.square(), x)).toDoubleArray(),
            new Session(graph, 1).run(slope, feed).toDoubleArray(),
            1e-11);
      }
    }
  }

  @Test
  void aRunTellsThatTheWindowDoesNotFit() {
    Expr any = graph.placeholder(FLOAT64, Shape.of(1, ANY, 2));
    Expr y = conv1d(any, numbers(3, 2, 4), VALID);
    Feeds feed = feed(any, Tensor.zeros(FLOAT64, Shape.of(1, 2, 2)));
    String message =
        assertThrows(RunException.class, () -> new Session(graph, 1).run(y, feed)).getMessage();
    assertTrue(message.contains("the window of 3 must fit into the input of"), message);
    assertTrue(message.contains("= 2"), message);
  }

  /** The derivative by a padded input is computed for its inside alone. */
  @Test
  void theDerivativeByAPaddedInputIsAConvolutionOfTheInputsSize() {
    Expr x = numbers(2, 5, 5, 3);
    Expr y = conv2d(x, numbers(3, 3, 3, 4), SAME);
    Expr slope = gradient(y.square(), x);
    assertTrue(slope.op().orElseThrow() instanceof Convolution, slope::toString);
    assertEquals(x.shape(), slope.shape());
  }
}
