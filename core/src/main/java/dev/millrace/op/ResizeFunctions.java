package dev.millrace.op;

import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Images and other grids in other sizes: {@code [batch, spatial..., channels]}, or {@code [batch,
 * channels, spatial...]} with {@link Resize#channelsFirst}, with any number of spatial axes, whose
 * sizes must be known. Each axis is a product with a matrix of weights, so derivatives of any order
 * are such products too; the nearest elements are looked up, in any type. Errors are {@link
 * ShapeException}s at the line of the call.
 */
public class ResizeFunctions extends ScalingFunctions {
  ResizeFunctions() {}

  /** x with spatial axes of these sizes; one number for each. */
  public static Expr resize(Expr x, Resize how, long... sizes) {
    int[] axes = spatial(x, how, sizes.length);
    return resize(x, how, axes, sizes);
  }

  /** x with {@code axes} of these sizes, whatever the other axes are. */
  public static Expr resize(Expr x, Resize how, int[] axes, long[] sizes) {
    checkSizes(x, axes, sizes);
    var steps = new ResizedAxis[axes.length];
    for (int i = 0; i < axes.length; i++) {
      long from = AxisProducts.known("resize", x, Axes.check("resize", x, axes[i]));
      steps[i] = ResizedAxis.of(how, i, from, sizes[i]);
    }
    return resized(x, how, axes, steps);
  }

  /**
   * x with spatial axes {@code scales} times as long, rounded down; the coordinates follow from the
   * scales as they are, not from the sizes.
   */
  public static Expr resizeBy(Expr x, Resize how, double... scales) {
    int[] axes = spatial(x, how, scales.length);
    var steps = new ResizedAxis[axes.length];
    var sizes = new long[axes.length];
    for (int i = 0; i < axes.length; i++) {
      long from = AxisProducts.known("resize", x, axes[i]);
      sizes[i] = (long) Math.floor(from * scales[i]);
      steps[i] = new ResizedAxis(how, i, from, sizes[i], 1 / scales[i]);
    }
    checkSizes(x, axes, sizes);
    return resized(x, how, axes, steps);
  }

  /** The nearest pixels, {@code [batch, height, width, channels]}. */
  public static Expr resizeNearest(Expr x, long height, long width) {
    return resize(x, Resize.NEAREST, height, width);
  }

  /** Bilinear interpolation, {@code [batch, height, width, channels]}. */
  public static Expr resizeBilinear(Expr x, long height, long width) {
    return resize(x, Resize.LINEAR, height, width);
  }

  /** Bicubic interpolation, {@code [batch, height, width, channels]}. */
  public static Expr resizeBicubic(Expr x, long height, long width) {
    return resize(x, Resize.CUBIC, height, width);
  }

  /** Averages of areas, {@code [batch, height, width, channels]}. */
  public static Expr resizeArea(Expr x, long height, long width) {
    return resize(x, Resize.AREA, height, width);
  }

  /**
   * The part of {@code [batch, height, width, channels]} that begins at a row and a column.
   *
   * @throws ShapeException if it does not lie inside
   */
  public static Expr crop(Expr x, long top, long left, long height, long width) {
    checkImages("crop", x);
    Expr rows = slice(x, 1, top, Math.addExact(top, height));
    return slice(rows, 2, left, Math.addExact(left, width));
  }

  /** The middle of {@code [batch, height, width, channels]}, in this size. */
  public static Expr centralCrop(Expr x, long height, long width) {
    checkImages("centralCrop", x);
    long top = (AxisProducts.known("centralCrop", x, 1) - height) / 2;
    long left = (AxisProducts.known("centralCrop", x, 2) - width) / 2;
    if (top < 0 || left < 0) {
      throw new ShapeException(
          "centralCrop: "
              + height
              + " x "
              + width
              + " does not fit into the image: "
              + Messages.describe(x));
    }
    return crop(x, top, left, height, width);
  }

  static void checkImages(String op, Expr x) {
    if (x.shape().rank() != 4) {
      throw new ShapeException(
          op
              + ": takes [batch, height, width, channels]: "
              + Messages.describe(x)
              + "; one image is a batch of 1: expandDims(x, 0)");
    }
  }

  private static int[] spatial(Expr x, Resize how, int axes) {
    if (axes < 1 || x.shape().rank() != axes + 2) {
      throw new ShapeException(
          "resize: takes a batch, channels and one size for each spatial axis, found "
              + axes
              + ": "
              + Messages.describe(x));
    }
    int first = how.isChannelsFirst() ? 2 : 1;
    return IntStream.range(first, first + axes).toArray();
  }

  private static void checkSizes(Expr x, int[] axes, long[] sizes) {
    if (axes.length != sizes.length || Arrays.stream(sizes).anyMatch(size -> size < 1)) {
      throw new ShapeException(
          "resize: takes a size of 1 or more for each axis, found axes "
              + Arrays.toString(axes)
              + " and sizes "
              + Arrays.toString(sizes)
              + ": "
              + Messages.describe(x));
    }
  }

  private static Expr resized(Expr x, Resize how, int[] axes, ResizedAxis[] steps) {
    if (how.method() != Resize.Method.NEAREST) {
      checkFloating("resize", x);
    }
    boolean cropped = how.coordinates() == Resize.Coordinates.TF_CROP_AND_RESIZE;
    if (cropped && how.begins().size() != axes.length) {
      throw new ShapeException(
          "resize: the crop has "
              + how.begins().size()
              + " axes, "
              + axes.length
              + " are resized: "
              + Messages.describe(x));
    }
    return x.recorder()
        .atomically(() -> {
          Expr y = x;
          for (int i = 0; i < axes.length; i++) {
            y = along(y, Axes.check("resize", x, axes[i]), steps[i]);
          }
          return y;
        });
  }

  private static Expr along(Expr x, int axis, ResizedAxis step) {
    if (step.isIdentity()) {
      return x;
    }
    if (step.from() == 0) {
      throw new ShapeException(
          "resize: axis " + axis + " has nothing to see: " + Messages.describe(x));
    }
    return switch (step.how().method()) {
      case NEAREST -> {
        Tensor positions = Tensor.of(Shape.of(step.to()), step.nearest());
        yield withOutside(gather(x, x.recorder().constant(positions), axis), axis, step);
      }
      case LINEAR, CUBIC ->
          withOutside(AxisProducts.along(x, axis, step.weights(x.dtype())), axis, step);
      case AREA -> averages("resize", x, axis, step.to());
    };
  }

  /** y with the value for what lies beyond the input. */
  private static Expr withOutside(Expr y, int axis, ResizedAxis step) {
    if (!step.hasOutside()) {
      return y;
    }
    var inside = new boolean[(int) step.to()];
    for (int i = 0; i < inside.length; i++) {
      inside[i] = !step.isOutside(i);
    }
    var shape = new Dim[y.shape().rank() - axis];
    Arrays.fill(shape, Dim.ONE);
    shape[0] = Dim.of(step.to());
    Expr mask = y.recorder().constant(Tensor.of(Shape.of(Arrays.asList(shape)), inside));
    return select(mask, y, step.how().outside());
  }
}
