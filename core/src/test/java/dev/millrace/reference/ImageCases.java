package dev.millrace.reference;

import static dev.millrace.Ops.*;

import dev.millrace.op.Expr;
import dev.millrace.op.Resize;
import dev.millrace.op.Resize.Coordinates;
import dev.millrace.op.Resize.Rounding;
import dev.millrace.op.Sampling;
import java.util.Arrays;

/** Resizing and sampling, over {@code [batch, channels, spatial...]}. */
final class ImageCases {
  private ImageCases() {}

  static void addTo(CaseTable table) {
    table.op("interpolate", ImageCases::resized);
    table.op("affine_grid", ImageCases::grid);
    table.op("grid_sample", ImageCases::sampled);
  }

  private static Expr resized(Operands in) {
    Resize how = method(in).channelsFirst();
    int axes = in.x().shape().rank() - 2;
    if (!in.attributes().get("size").isAbsent()) {
      return resize(in.x(), how, in.sizes("size"));
    }
    Json scale = in.attributes().get("scale_factor");
    double[] scales = new double[axes];
    if (scale.isList()) {
      scales = scale.numbers();
    } else {
      Arrays.fill(scales, scale.number());
    }
    return resizeBy(in.x(), how, scales);
  }

  private static Resize method(Operands in) {
    Resize how =
        switch (in.word("mode", "nearest")) {
          case "nearest" -> Resize.NEAREST.coordinates(Coordinates.ASYMMETRIC);
          case "nearest-exact" -> Resize.NEAREST.rounding(Rounding.PREFER_CEIL);
          case "linear", "bilinear", "trilinear" -> Resize.LINEAR;
          case "bicubic" -> Resize.CUBIC;
          case "area" -> Resize.AREA;
          default -> throw new IllegalArgumentException("mode " + in.word("mode", ""));
        };
    if (in.word("mode", "nearest").equals("nearest")) {
      how = how.rounding(Rounding.FLOOR);
    }
    return in.flag("align_corners") ? how.alignCorners() : how;
  }

  /** The size of the case is that of the batch. */
  private static Expr grid(Operands in) {
    long[] size = in.sizes("size");
    return affineGrid(
        in.get("theta"), in.flag("align_corners"), Arrays.copyOfRange(size, 2, size.length));
  }

  private static Expr sampled(Operands in) {
    Sampling how =
        switch (in.word("mode", "bilinear")) {
          case "bilinear" -> Sampling.LINEAR;
          case "nearest" -> Sampling.NEAREST;
          case "bicubic" -> Sampling.CUBIC;
          default -> throw new IllegalArgumentException("mode " + in.word("mode", ""));
        };
    Sampling.Border border =
        switch (in.word("padding_mode", "zeros")) {
          case "zeros" -> Sampling.Border.ZEROS;
          case "border" -> Sampling.Border.EDGE;
          case "reflection" -> Sampling.Border.REFLECT;
          default -> throw new IllegalArgumentException("border " + in.word("padding_mode", ""));
        };
    Sampling sampling = how.border(border).channelsFirst();
    return gridSample(
        in.x(), in.get("grid"), in.flag("align_corners") ? sampling.alignCorners() : sampling);
  }
}
