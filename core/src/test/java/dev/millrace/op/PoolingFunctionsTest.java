package dev.millrace.op;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.millrace.graph.Graph;
import dev.millrace.session.Session;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Maxima and averages of windows, and which elements their derivatives go to. */
class PoolingFunctionsTest {
  private final Graph graph = new Graph();
  private final SplittableRandom random = new SplittableRandom(6);

  private Expr numbers(long... dims) {
    Shape shape = Shape.of(dims);
    return graph.constant(Tensor.of(shape, random.doubles(shape.size(), -1, 1).toArray()));
  }

  private Expr row(double... numbers) {
    return graph.constant(Tensor.of(Shape.of(1, numbers.length, 1), numbers));
  }

  private double[] run(Expr x) {
    return new Session(graph, 1).run(x).toDoubleArray();
  }

  private void assertIs(Expr actual, double... expected) {
    assertArrayEquals(expected, run(actual), 1e-12);
  }

  @Test
  void windowsLieSideBySideUnlessToldOtherwise() {
    Expr x = row(1, 5, 2, 3, 9);
    assertIs(maxPool1d(x, 2), 5, 3);
    assertIs(averagePool1d(x, 2), 3, 2.5);
    assertIs(maxPool1d(x, Window.of(3).stride(1)), 5, 5, 9);
    assertIs(averagePool1d(x, Window.of(2).dilation(2).stride(1)), 1.5, 4, 5.5);
  }

  @Test
  void theFirstOfEqualMaximaGetsTheDerivative() {
    Expr x = row(2, 2, 1, 1, 0, 3);
    assertIs(gradient(maxPool1d(x, 2), x), 1, 0, 1, 0, 0, 1);
    assertIs(gradient(maxPool1d(x, Window.of(3).stride(1)), x), 1, 1, 1, 0, 0, 1);
    Expr square = graph.constant(Tensor.of(Shape.of(1, 2, 2, 1), 0.0, 7, 7, 7));
    assertIs(gradient(maxPool2d(square, 2), square), 0, 1, 0, 0);
  }

  @Test
  void largeWindowsFindTheSameFirstMaximumAxisByAxis() {
    var data = new double[7 * 7];
    for (int i = 0; i < data.length; i++) {
      data[i] = random.nextInt(4);
    }
    Expr x = graph.constant(Tensor.of(Shape.of(1, 7, 7, 1), data));
    var counts = new double[data.length];
    var maxima = new double[9];
    for (int place = 0; place < 9; place++) {
      int first = -1;
      for (int i = 0; i < 25; i++) {
        int at = (place / 3 + i / 5) * 7 + place % 3 + i % 5;
        first = first < 0 || data[at] > data[first] ? at : first;
      }
      counts[first]++;
      maxima[place] = data[first];
    }
    Expr y = maxPool2d(x, Window.of(5).stride(1));
    assertIs(y, maxima);
    assertIs(gradient(y, x), counts);
  }

  @Test
  void maximaSeeNothingBeyondTheEdges() {
    Expr x = row(-3, -1, -2);
    assertIs(maxPool1d(x, Window.of(3).stride(1).padding(SAME)), -1, -1, -1);
    assertIs(maxPool1d(x, Window.of(2).stride(2).padding(SAME)), -1, -2);
    assertIs(maxPool1d(x, Window.of(2).padding(1)), -3, -1);
  }

  @Test
  void averagesCountThePaddingOnlyIfAsked() {
    Expr x = row(3, 6, 9);
    Window window = Window.of(3).stride(1).padding(SAME);
    assertIs(averagePool1d(x, window), 4.5, 6, 7.5);
    assertIs(averagePool1d(x, window.countingPadding()), 3, 6, 5);
    Expr any = graph.placeholder(FLOAT64, Shape.of(ANY, ANY, 1));
    Tensor data = new Session(graph, 1).run(x);
    Tensor y = new Session(graph, 1).run(averagePool1d(any, window), feed(any, data));
    assertArrayEquals(new double[] {4.5, 6, 7.5}, y.toDoubleArray(), 1e-12);
  }

  @Test
  void allPlacesFoldIntoOne() {
    Expr x = numbers(2, 3, 4, 5);
    Expr rows = reshape(x, 2, 12, 5);
    assertIs(globalAveragePool(x), run(reduceMean(rows, 1)));
    assertIs(globalMaxPool(x), run(reduceMax(rows, 1)));
    assertEquals(Shape.of(2, 5), globalMaxPool(x).shape());
  }

  @Test
  void channelsMayComeFirst() {
    Expr x = numbers(2, 6, 5, 3);
    Expr first = transpose(x, 0, 3, 1, 2);
    Window window = Window.of(3, 2).stride(2).padding(SAME);
    Expr y = maxPool2d(first, window.channelsFirst());
    assertIs(transpose(y, 0, 2, 3, 1), run(maxPool2d(x, window)));
    Expr z = averagePool2d(first, window.channelsFirst());
    assertIs(transpose(z, 0, 2, 3, 1), run(averagePool2d(x, window)));
  }

  @Test
  void theBatchAndTheSizesMayBeUnknown() {
    Expr any = graph.placeholder(FLOAT64, Shape.of(ANY, ANY, ANY, ANY));
    for (Window window : List.of(Window.of(2), Window.of(3).stride(2).padding(SAME))) {
      Expr y = maxPool2d(any, window);
      Expr slope = gradient(y.square(), any);
      for (int size = 4; size <= 7; size++) {
        Expr x = numbers(2, size, size + 1, 3);
        Expr known = maxPool2d(x, window);
        Tensor data = new Session(graph, 1).run(x);
        Session session = new Session(graph, 1);
        assertArrayEquals(run(known), session.run(y, feed(any, data)).toDoubleArray());
        assertArrayEquals(
            run(gradient(known.square(), x)),
            session.run(slope, feed(any, data)).toDoubleArray(),
            1e-12);
      }
    }
  }

  @Test
  void threeAxesWorkAsTwoDo() {
    Expr x = numbers(2, 4, 6, 3);
    Expr deep = expandDims(x, 1);
    Window window = Window.of(1, 2, 3);
    assertIs(squeeze(maxPool3d(deep, window), 1), run(maxPool2d(x, Window.of(2, 3))));
    assertIs(squeeze(averagePool3d(deep, window), 1), run(averagePool2d(x, Window.of(2, 3))));
  }
}
