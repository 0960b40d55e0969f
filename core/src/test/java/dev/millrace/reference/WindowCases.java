package dev.millrace.reference;

import static dev.millrace.Ops.*;
import static dev.millrace.reference.Operands.size;

import dev.millrace.Ops;
import dev.millrace.op.Expr;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;

/**
 * Pooling and convolution, said with slices: one slice for each place in the window, which holds
 * what is at that place in every window.
 */
final class WindowCases {
  private WindowCases() {}

  static void addTo(CaseTable table) {
    table.put("avgpool1d", in -> averages(in, pooling(in)));
    table.put("avgpool2d_pad_exclude", WindowCases::averagesOfWhatIsThere);
    table.put("maxpool2d_dilation", in -> fold(places(in.x(), pooling(in)), Ops::maximum));
    table.put("maxpool2d_overlap", in -> fold(places(in.x(), pooling(in)), Ops::maximum));
    table.put("lppool2d", WindowCases::norms);
    table.put("unfold", WindowCases::columns);
    for (String name : List.of("conv2d_asym", "conv2d_groups2", "conv3d_basic")) {
      table.put(
          name, in -> withBias(in, convolution(in.x(), in.get("w"), convolving(in), groups(in))));
    }
    table.put("convt2d_stride2", WindowCases::transposedConvolution);
    table.put("lrn", WindowCases::localResponse);
  }

  /** Sizes along the axes behind batch and channels. */
  private record Window(int[] kernel, int[] stride, int[] padding, int[] dilation) {
    int axes() {
      return kernel.length;
    }
  }

  private static Window pooling(Operands in) {
    return window(in, in.integers("kernel"));
  }

  private static Window convolving(Operands in) {
    long[] dims = in.get("w").shape().toArray();
    return window(in, Arrays.stream(dims).skip(2).mapToInt(dim -> (int) dim).toArray());
  }

  private static Window window(Operands in, int... kernel) {
    return new Window(
        kernel,
        integers(in, "stride", kernel.length, 1),
        integers(in, "padding", kernel.length, 0),
        integers(in, "dilation", kernel.length, 1));
  }

  private static int[] integers(Operands in, String name, int count, int otherwise) {
    int[] all = new int[count];
    Arrays.fill(all, otherwise);
    return in.attributes().get(name).isAbsent() ? all : in.integers(name);
  }

  private static int groups(Operands in) {
    return (int) in.attributes().get("groups").number(1);
  }

  private static Expr padded(Expr x, int... padding) {
    long[] around = new long[x.shape().rank()];
    for (int i = 0; i < padding.length; i++) {
      around[2 + i] = padding[i];
    }
    return pad(x, around, around, 0);
  }

  /** What is at each place of the window, {@code [batch, channels, positions...]}. */
  private static List<Expr> places(Expr x, Window window) {
    List<Expr> places = List.of(padded(x, window.padding));
    for (int i = 0; i < window.axes(); i++) {
      int axis = 2 + i;
      int extent = size(places.getFirst(), axis);
      int reach = (window.kernel[i] - 1) * window.dilation[i] + 1;
      int count = (extent - reach) / window.stride[i] + 1;
      var next = new ArrayList<Expr>();
      for (Expr place : places) {
        for (int k = 0; k < window.kernel[i]; k++) {
          int begin = k * window.dilation[i];
          int end = begin + (count - 1) * window.stride[i] + 1;
          next.add(slice(place, axis, begin, end, window.stride[i]));
        }
      }
      places = next;
    }
    return places;
  }

  private static Expr fold(List<Expr> places, BinaryOperator<Expr> combiner) {
    return places.stream().reduce(combiner).orElseThrow();
  }

  private static Expr averages(Operands in, Window window) {
    List<Expr> places = places(in.x(), window);
    return fold(places, Expr::plus).dividedBy(places.size());
  }

  private static Expr averagesOfWhatIsThere(Operands in) {
    Expr ones = in.graph().constant(Tensor.filled(in.dtype(), in.x().shape(), 1));
    Expr counts = fold(places(ones, pooling(in)), Expr::plus);
    return fold(places(in.x(), pooling(in)), Expr::plus).dividedBy(counts);
  }

  private static Expr norms(Operands in) {
    double p = in.number("p");
    List<Expr> powers =
        places(in.x(), pooling(in)).stream().map(place -> place.abs().pow(p)).toList();
    return fold(powers, Expr::plus).pow(1 / p);
  }

  private static Expr columns(Operands in) {
    List<Expr> places = places(in.x(), pooling(in));
    long channels = size(in.x(), 1);
    return stack(2, places.toArray(Expr[]::new))
        .reshape(size(in.x(), 0), channels * places.size(), -1);
  }

  /** The sum, over the window's places, of a matrix product over the channels. */
  private static Expr convolution(Expr x, Expr w, Window window, int groups) {
    List<Expr> places = places(x, window);
    long batch = size(x, 0);
    long in = size(x, 1) / groups;
    long out = size(w, 0) / groups;
    Expr weights = reshape(w, groups, out, in, places.size());
    Expr sum = null;
    for (int i = 0; i < places.size(); i++) {
      Expr rows = reshape(places.get(i), batch, groups, in, -1);
      Expr product = matmul(squeeze(slice(weights, 3, i, i + 1), 3), rows);
      sum = sum == null ? product : sum.plus(product);
    }
    var shape = new ArrayList<>(places.getFirst().shape().dims());
    shape.set(1, w.shape().dim(0));
    return reshape(sum, Shape.of(shape));
  }

  private static Expr withBias(Operands in, Expr y) {
    long[] shape = new long[y.shape().rank() - 1];
    Arrays.fill(shape, 1);
    shape[0] = size(in.b(), 0);
    return y.plus(reshape(in.b(), shape));
  }

  /** The derivative of the convolution with the same weights, by what it is applied to. */
  private static Expr transposedConvolution(Operands in) {
    Window window = convolving(in);
    int[] more = in.integers("output_padding");
    long[] shape = new long[in.x().shape().rank()];
    shape[0] = size(in.x(), 0);
    shape[1] = size(in.get("w"), 1);
    for (int i = 0; i < window.axes(); i++) {
      int spread = (size(in.x(), 2 + i) - 1) * window.stride[i] + window.kernel[i];
      shape[2 + i] = spread - 2L * window.padding[i] + more[i];
    }
    Expr zeros = in.graph().constant(Tensor.zeros(in.dtype(), Shape.of(shape)));
    Expr y = convolution(zeros, in.get("w"), window, groups(in));
    return withBias(in, gradient(reduceSum(y.times(in.x())), zeros));
  }

  private static Expr localResponse(Operands in) {
    int size = (int) in.number("size");
    int channels = size(in.x(), 1);
    long[] around = {0, size / 2, 0, 0};
    Expr squares = pad(square(in.x()), around, around, 0);
    List<Expr> near =
        IntStream.range(0, size).mapToObj(i -> slice(squares, 1, i, i + channels)).toList();
    Expr scale = fold(near, Expr::plus).times(in.number("alpha") / size).plus(in.number("k"));
    return in.x().dividedBy(scale.pow(in.number("beta")));
  }
}
