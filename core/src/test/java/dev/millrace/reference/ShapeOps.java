package dev.millrace.reference;

import static dev.millrace.Ops.*;
import static dev.millrace.reference.Operands.size;

import dev.millrace.op.Expr;
import dev.millrace.op.PadMode;
import dev.millrace.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Shapes, joins, divisions, borders. */
final class ShapeOps {
  private ShapeOps() {}

  static void addTo(CaseTable table) {
    addViews(table);
    addCopies(table);
  }

  private static void addViews(CaseTable table) {
    table.op("reshape", in -> reshape(in.x(), in.sizes("shape")));
    table.op("flatten", ShapeOps::flattened);
    table.op("squeeze", in -> squeeze(expandDims(in.x(), 0), 2));
    table.op("transpose", in -> transpose(in.x(), in.integers("perm")));
    table.op("expand", in -> broadcastTo(in.x(), expanded(in)));
    table.op("flip", in -> flip(in.x(), in.axes()));
    table.op("diag", in -> diag(in.x()));
    table.op("diagonal", in -> diagonal(in.x()));
    table.op("trilu", ShapeOps::triangle);
    table.op("slice", ShapeOps::sliced);
    table.opAll("split", in -> split(in.x(), in.sizes("sizes"), in.integer("axis", 0)));
    table.putAll(
        "split_one_used",
        in -> List.of(split(in.x(), in.sizes("sizes"), in.integer("axis", 0)).getFirst()));
  }

  private static void addCopies(CaseTable table) {
    table.op("concat", in -> concat(in.integer("axis", 0), all(in)));
    table.op("stack", in -> stack(in.integer("axis", 0), all(in)));
    table.op("tile", in -> tile(in.x(), in.sizes("repeats")));
    table.op("roll", in -> roll(in.x(), in.sizes("shifts"), in.axes()));
    table.op("repeat_interleave", ShapeOps::repeated);
    table.op("pad", ShapeOps::padded);
    table.op("depth_to_space", ShapeOps::depthToImages);
    table.op("space_to_depth", ShapeOps::imagesToDepth);
    table.op("im2col", ShapeOps::columns);
  }

  private static Expr[] all(Operands in) {
    return in.values().values().toArray(Expr[]::new);
  }

  private static Expr flattened(Operands in) {
    int axis = in.integer("axis", 1);
    long[] dims = in.x().shape().toArray();
    long before = LongStream.of(dims).limit(axis).reduce(1, Math::multiplyExact);
    return reshape(in.x(), before, -1);
  }

  /** The wanted shape, in which -1 keeps a dim. */
  private static Shape expanded(Operands in) {
    long[] dims = in.sizes("shape");
    long[] own = in.x().shape().toArray();
    for (int i = 0; i < own.length; i++) {
      int at = dims.length - own.length + i;
      dims[at] = dims[at] == -1 ? own[i] : dims[at];
    }
    return Shape.of(dims);
  }

  private static Expr triangle(Operands in) {
    int offset = in.integer("k", 0);
    return in.flag("upper") ? triu(in.x(), offset) : tril(in.x(), offset);
  }

  private static Expr sliced(Operands in) {
    long[] begins = in.sizes("starts");
    int[] axes =
        in.attributes().get("axes").isAbsent()
            ? IntStream.range(0, begins.length).toArray()
            : in.integers("axes");
    long[] steps =
        in.attributes().get("steps").isAbsent()
            ? LongStream.generate(() -> 1).limit(begins.length).toArray()
            : in.sizes("steps");
    return slice(in.x(), axes, begins, in.sizes("ends"), steps);
  }

  private static Expr repeated(Operands in) {
    double[] times = in.attributes().get("repeats").numbers();
    int axis = in.integer("axis", 0);
    return times.length == 1
        ? repeat(in.x(), (long) times[0], axis)
        : repeat(in.x(), Arrays.stream(times).mapToLong(number -> (long) number).toArray(), axis);
  }

  private static Expr padded(Operands in) {
    long[] begin = in.sizes("begin");
    long[] end = in.sizes("end");
    return switch (in.word("mode", "constant")) {
      case "constant" -> pad(in.x(), begin, end, in.attributes().get("value").number(0));
      case "reflect" -> pad(in.x(), begin, end, PadMode.REFLECT);
      case "symmetric" -> pad(in.x(), begin, end, PadMode.SYMMETRIC);
      case "edge", "replicate" -> pad(in.x(), begin, end, PadMode.EDGE);
      case "wrap", "circular" -> pad(in.x(), begin, end, PadMode.WRAP);
      default -> throw new IllegalArgumentException("pad: mode " + in.word("mode", ""));
    };
  }

  /** Channels first; depth is counted before the block in mode CRD, behind it in mode DCR. */
  private static Expr depthToImages(Operands in) {
    int block = in.integer("blocksize", 1);
    long channels = size(in.x(), 1) / ((long) block * block);
    long height = size(in.x(), 2);
    long width = size(in.x(), 3);
    Expr blocks;
    if (in.word("mode", "DCR").equals("CRD")) {
      Expr parts = reshape(in.x(), -1, channels, block, block, height, width);
      blocks = transpose(parts, 0, 1, 4, 2, 5, 3);
    } else {
      Expr last = transpose(in.x(), 0, 2, 3, 1);
      return transpose(depthToSpace(last, block), 0, 3, 1, 2);
    }
    return reshape(blocks, -1, channels, height * block, width * block);
  }

  /** Channels first, and of each channel all pixels of a block. */
  private static Expr imagesToDepth(Operands in) {
    int block = in.integer("blocksize", 1);
    long channels = size(in.x(), 1);
    long height = size(in.x(), 2) / block;
    long width = size(in.x(), 3) / block;
    Expr parts = reshape(in.x(), -1, channels, height, block, width, block);
    return reshape(transpose(parts, 0, 1, 3, 5, 2, 4), -1, channels * block * block, height, width);
  }

  private static Expr columns(Operands in) {
    long[] kernel = in.sizes("kernel");
    return im2col(
        in.x(), kernel, pair(in, "stride", 1), pair(in, "dilation", 1), pair(in, "padding", 0));
  }

  private static long[] pair(Operands in, String attribute, long otherwise) {
    return in.attributes().get(attribute).isAbsent()
        ? new long[] {otherwise, otherwise}
        : in.sizes(attribute);
  }
}
