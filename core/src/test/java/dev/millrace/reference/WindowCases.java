package dev.millrace.reference;

import static dev.millrace.Ops.*;
import static dev.millrace.reference.Operands.size;

import dev.millrace.op.Expr;
import dev.millrace.op.Padding;
import dev.millrace.op.Window;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Pooling and convolution, over {@code [batch, channels, spatial...]}. */
final class WindowCases {
  private WindowCases() {}

  static void addTo(CaseTable table) {
    addPooling(table);
    table.op("conv1d", in -> withBias(in, conv1d(in.x(), filter(in), convolving(in))));
    table.op("conv2d", WindowCases::convolved);
    table.op("conv3d", in -> withBias(in, conv3d(in.x(), filter(in), convolving(in))));
    table.op(
        "conv_transpose2d", in -> withBias(in, conv2dTranspose(in.x(), filter(in), growing(in))));
  }

  private static void addPooling(CaseTable table) {
    table.op("avg_pool1d", in -> averagePool1d(in.x(), pooling(in)));
    table.op("avg_pool2d", in -> averagePool2d(in.x(), pooling(in)));
    table.op("max_pool1d", in -> maxPool1d(in.x(), pooling(in)));
    table.op("max_pool2d", in -> maxPool2d(in.x(), pooling(in)));
    table.op("max_pool3d", in -> maxPool3d(in.x(), pooling(in)));
    table.op("lp_pool2d", in -> lpPool(in.x(), in.number("p"), pooling(in)));
    table.op("adaptive_avg_pool2d", WindowCases::adaptive);
    table.op("global_avg_pool", in -> withPlaces(in, globalAveragePool(in.x(), 1)));
    table.op("global_max_pool", in -> withPlaces(in, globalMaxPool(in.x(), 1)));
  }

  private static Expr adaptive(Operands in) {
    long[] sizes = longs(in, "output");
    return adaptiveAveragePool2d(in.x(), 1, sizes[0], sizes[sizes.length - 1]);
  }

  /** As many dims of 1 as the case's output has. */
  private static Expr withPlaces(Operands in, Expr y) {
    double[] shape = in.outputs().list().getFirst().get("shape").numbers();
    return reshape(y, Arrays.stream(shape).mapToLong(dim -> (long) dim).toArray());
  }

  /** Padding of an average counts unless the case says otherwise. */
  private static Window pooling(Operands in) {
    Window window = attributes(in, Window.of(longs(in, "kernel")));
    boolean excludes = has(in, "count_include_pad") && !in.flag("count_include_pad");
    Window counting = excludes ? window : window.countingPadding();
    return in.flag("ceil_mode") ? counting.roundingUp() : counting;
  }

  private static Window convolving(Operands in) {
    int groups = (int) in.attributes().get("groups").number(1);
    return attributes(in, Window.padded(VALID).groups(groups));
  }

  private static Window attributes(Operands in, Window plain) {
    Window window = plain.channelsFirst();
    if (has(in, "stride")) {
      window = window.stride(longs(in, "stride"));
    }
    if (has(in, "dilation")) {
      window = window.dilation(longs(in, "dilation"));
    }
    if (has(in, "padding")) {
      window = window.padding(longs(in, "padding"));
    }
    if (has(in, "pads_begin")) {
      long[] before = longs(in, "pads_begin");
      window = window.padding(Padding.of(before, longs(in, "pads_end")));
    }
    return window;
  }

  /** One number for all axes, or a list. */
  private static long[] longs(Operands in, String attribute) {
    Json value = in.attributes().get(attribute);
    return value.isList() ? in.sizes(attribute) : new long[] {(long) value.number()};
  }

  private static boolean has(Operands in, String attribute) {
    return !in.attributes().get(attribute).isAbsent();
  }

  /** {@code [out, in, window...]} as {@code [window..., in, out]}. */
  private static Expr filter(Operands in) {
    int rank = in.get("w").shape().rank();
    int[] order = IntStream.range(0, rank).map(i -> i + 2 < rank ? i + 2 : rank - 1 - i).toArray();
    return transpose(in.get("w"), order);
  }

  private static Expr convolved(Operands in) {
    Expr y = withBias(in, conv2d(in.x(), filter(in), convolving(in)));
    return in.isSecond() ? tanh(y) : y;
  }

  /** The window of a transposed convolution, with the size that the output's padding leads to. */
  private static Window growing(Operands in) {
    Window window = convolving(in);
    long[] sizes = new long[in.x().shape().rank() - 2];
    for (int i = 0; i < sizes.length; i++) {
      long extent = (size(in.get("w"), 2 + i) - 1) * along(in, "dilation", i, 1) + 1;
      long places = (size(in.x(), 2 + i) - 1) * along(in, "stride", i, 1);
      long around = 2 * along(in, "padding", i, 0);
      sizes[i] = places + extent - around + along(in, "output_padding", i, 0);
    }
    return window.outputSize(sizes);
  }

  private static long along(Operands in, String attribute, int axis, long otherwise) {
    if (!has(in, attribute)) {
      return otherwise;
    }
    long[] numbers = longs(in, attribute);
    return numbers[Math.min(axis, numbers.length - 1)];
  }

  private static Expr withBias(Operands in, Expr y) {
    if (!in.has("b")) {
      return y;
    }
    long[] shape = new long[y.shape().rank() - 1];
    Arrays.fill(shape, 1);
    shape[0] = size(in.b(), 0);
    return y.plus(reshape(in.b(), shape));
  }
}
