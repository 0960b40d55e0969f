package dev.millrace.reference;

import static dev.millrace.Ops.*;
import static dev.millrace.reference.Operands.size;

import dev.millrace.op.Expr;
import dev.millrace.op.Padding;
import dev.millrace.op.Window;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Pooling and convolution, over {@code [batch, channels, spatial...]}. */
final class WindowCases {
  private WindowCases() {}

  static void addTo(CaseTable table) {
    table.put("avgpool1d", in -> averagePool1d(in.x(), pooling(in)));
    table.put("avgpool2d_pad_exclude", in -> averagePool2d(in.x(), pooling(in)));
    table.put("maxpool2d_dilation", in -> maxPool2d(in.x(), pooling(in)));
    table.put("maxpool2d_overlap", in -> maxPool2d(in.x(), pooling(in)));
    table.put("lppool2d", WindowCases::norms);
    for (String name : List.of("conv2d_asym", "conv2d_groups2")) {
      table.put(name, in -> withBias(in, conv2d(in.x(), filter(in), convolving(in))));
    }
    table.put("conv3d_basic", in -> withBias(in, conv3d(in.x(), filter(in), convolving(in))));
    table.put(
        "convt2d_stride2", in -> withBias(in, conv2dTranspose(in.x(), filter(in), growing(in))));
    table.put("lrn", WindowCases::localResponse);
  }

  private static Window pooling(Operands in) {
    Window window = attributes(in, Window.of(longs(in, "kernel")));
    boolean counts = in.attributes().get("count_include_pad").isTrue();
    return counts ? window.countingPadding() : window;
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

  private static long[] longs(Operands in, String attribute) {
    return Arrays.stream(in.integers(attribute)).asLongStream().toArray();
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

  /** The window of a transposed convolution, with the size that the output's padding leads to. */
  private static Window growing(Operands in) {
    Window window = convolving(in);
    long[] more = longs(in, "output_padding");
    long[] sizes = new long[more.length];
    for (int i = 0; i < sizes.length; i++) {
      long stride = window.strides().get(i);
      long around = 2 * window.padding().before().get(i);
      sizes[i] = (size(in.x(), 2 + i) - 1) * stride + size(in.get("w"), 2 + i) - around + more[i];
    }
    return window.outputSize(sizes);
  }

  private static Expr norms(Operands in) {
    double p = in.number("p");
    Window window = pooling(in);
    long elements = window.sizes().stream().reduce(1L, Math::multiplyExact);
    return averagePool2d(in.x().abs().pow(p), window).times((double) elements).pow(1 / p);
  }

  private static Expr withBias(Operands in, Expr y) {
    long[] shape = new long[y.shape().rank() - 1];
    Arrays.fill(shape, 1);
    shape[0] = size(in.b(), 0);
    return y.plus(reshape(in.b(), shape));
  }

  /** The derivative of the convolution with the same weights, by what it is applied to. */
  private static Expr localResponse(Operands in) {
    int size = (int) in.number("size");
    int channels = size(in.x(), 1);
    long[] around = {0, size / 2, 0, 0};
    Expr squares = pad(square(in.x()), around, around, 0);
    List<Expr> near =
        IntStream.range(0, size).mapToObj(i -> slice(squares, 1, i, i + channels)).toList();
    Expr scale =
        near.stream()
            .reduce(Expr::plus)
            .orElseThrow()
            .times(in.number("alpha") / size)
            .plus(in.number("k"));
    return in.x().dividedBy(scale.pow(in.number("beta")));
  }
}
