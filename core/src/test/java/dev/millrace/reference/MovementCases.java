package dev.millrace.reference;

import static dev.millrace.Ops.*;
import static dev.millrace.reference.Operands.size;

import dev.millrace.op.Expr;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.stream.IntStream;

/** Shapes, joins, look-ups, scans, resizing. */
final class MovementCases {
  private MovementCases() {}

  static void addTo(CaseTable table) {
    addShapes(table);
    addIndices(table);
    for (String name : new String[] {"linear_1d", "bilinear_half_pixel", "trilinear"}) {
      table.put(name, in -> resize(in, MovementCases::linearWeight));
    }
    table.put("bicubic", in -> resize(in, MovementCases::cubicWeight));
  }

  private static void addShapes(CaseTable table) {
    table.put("concat_ax0", in -> concat(0, in.a(), in.b(), in.get("c")));
    table.put("cumsum", MovementCases::cumulativeSum);
    table.put("depth_to_space", MovementCases::depthToSpace);
    table.put("flatten", in -> flatten(in.x()));
    table.put("pad_constant", MovementCases::padConstant);
    table.put("pad_reflect", MovementCases::padReflect);
    table.put("roll", MovementCases::roll);
    table.put("split_one_used", in -> slice(in.x(), 2, 0, in.integers("sizes")[0]));
    table.put("transpose", in -> transpose(in.x(), in.integers("perm")));
    table.put("sort_desc", MovementCases::sortDescending);
  }

  private static void addIndices(CaseTable table) {
    table.put("embedding", in -> gather(in.get("w"), in.get("i"), 0));
    table.put("gather_ax1_2d", in -> gather(in.x(), in.get("i"), 1));
    table.put(
        "index_add", in -> in.x().plus(scatterAdd(in.get("i"), in.get("u"), size(in.x(), 0))));
    table.put("scatter_add", MovementCases::scatterElements);
    table.put("segment_sum", in -> scatterAdd(in.get("i"), in.x(), (long) in.number("segments")));
  }

  /** A product with the triangle of ones. */
  private static Expr cumulativeSum(Operands in) {
    int size = size(in.x(), 1);
    Expr upTo = in.vector(size * size, i -> i / size <= i % size ? 1 : 0).reshape(size, size);
    return transpose(matmul(transpose(in.x(), 0, 2, 1), upTo), 0, 2, 1);
  }

  private static Expr depthToSpace(Operands in) {
    int block = (int) in.number("blocksize");
    int channels = size(in.x(), 1) / (block * block);
    int height = size(in.x(), 2);
    int width = size(in.x(), 3);
    Expr blocks = in.x().reshape(-1, channels, block, block, height, width);
    return transpose(blocks, 0, 1, 4, 2, 5, 3)
        .reshape(-1, channels, (long) height * block, (long) width * block);
  }

  private static Expr padConstant(Operands in) {
    long[] before = IntStream.of(in.integers("begin")).asLongStream().toArray();
    long[] after = IntStream.of(in.integers("end")).asLongStream().toArray();
    return pad(in.x(), before, after, in.number("value"));
  }

  /** A look-up of mirrored positions along each axis. */
  private static Expr padReflect(Operands in) {
    Expr padded = in.x();
    for (int axis = 0; axis < in.x().shape().rank(); axis++) {
      int size = size(in.x(), axis);
      int begin = in.integers("begin")[axis];
      int end = in.integers("end")[axis];
      int last = size - 1;
      int[] from =
          IntStream.range(-begin, size + end)
              .map(i -> last - Math.abs(last - Math.abs(i)))
              .toArray();
      padded = gather(padded, in.graph().constant(Tensor.of(from)), axis);
    }
    return padded;
  }

  private static Expr roll(Operands in) {
    Expr rolled = in.x();
    int[] shifts = in.integers("shifts");
    for (int i = 0; i < shifts.length; i++) {
      int axis = in.axes()[i];
      int size = size(rolled, axis);
      int cut = Math.floorMod(-shifts[i], size);
      rolled = concat(axis, slice(rolled, axis, cut, size), slice(rolled, axis, 0, cut));
    }
    return rolled;
  }

  /** Each element goes to the row that says how many of its column are greater. */
  private static Expr sortDescending(Operands in) {
    int rows = size(in.x(), 0);
    Expr greater = expandDims(in.x(), 0).less(expandDims(in.x(), 1));
    Expr rank = reduceSum(cast(greater, INT64), 0);
    return sortedBy(in, oneHotAs(in, rank, rows));
  }

  /** {@code [from, column, to]} picks. */
  private static Expr sortedBy(Operands in, Expr picks) {
    return transpose(reduceSum(expandDims(in.x(), 2).times(picks), 0));
  }

  private static Expr oneHotAs(Operands in, Expr indices, int classes) {
    return cast(oneHot(indices, classes), in.dtype());
  }

  /** Elements of rows, as rows of one long column. */
  private static Expr scatterElements(Operands in) {
    int rows = size(in.x(), 0);
    int columns = size(in.x(), 1);
    int updates = size(in.get("u"), 1);
    Expr rowBegin = iota(in.graph(), INT64, in.x().shape().dim(0)).times(columns);
    Expr flat = in.get("i").plus(expandDims(rowBegin, 1)).reshape((long) rows * updates);
    Expr sums = scatterAdd(flat, in.get("u").reshape(-1), (long) rows * columns);
    return in.x().plus(reshape(sums, Shape.of(rows, columns)));
  }

  /** How much element {@code from} of {@code size} counts at {@code position}. */
  @FunctionalInterface
  private interface Weight {
    double of(double position, int from, int size);
  }

  /** A product with a matrix of weights along each axis behind the channels; half-pixel centres. */
  private static Expr resize(Operands in, Weight weight) {
    Expr y = in.x();
    int[] sizes = in.integers("size");
    int rank = y.shape().rank();
    for (int i = 0; i < sizes.length; i++) {
      int from = size(y, 2 + i);
      int to = sizes[i];
      Expr weights =
          in.vector(from * to, at -> weight.of((at % to + 0.5) * from / to - 0.5, at / to, from))
              .reshape(from, to);
      int[] order = IntStream.range(0, rank).toArray();
      order[2 + i] = rank - 1;
      order[rank - 1] = 2 + i;
      y = transpose(matmul(transpose(y, order), weights), order);
    }
    return y;
  }

  private static double linearWeight(double position, int from, int size) {
    double at = Math.clamp(position, 0, size - 1);
    return Math.max(0, 1 - Math.abs(at - from));
  }

  /** Positions outside count for the border; the kernel is that of a = -0.75. */
  private static double cubicWeight(double position, int from, int size) {
    int base = (int) Math.floor(position);
    double sum = 0;
    for (int i = base - 1; i <= base + 2; i++) {
      sum += Math.clamp(i, 0, size - 1) == from ? cubic(Math.abs(position - i)) : 0;
    }
    return sum;
  }

  private static double cubic(double distance) {
    double a = -0.75;
    return distance <= 1
        ? ((a + 2) * distance - (a + 3)) * distance * distance + 1
        : ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a;
  }
}
