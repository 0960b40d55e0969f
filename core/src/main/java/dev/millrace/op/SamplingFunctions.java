package dev.millrace.op;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;

/**
 * Images looked at from elsewhere: at the points of a grid, turned, moved, in boxes. Images are
 * {@code [batch, spatial..., channels]}, or {@code [batch, channels, spatial...]} with {@link
 * Sampling#channelsFirst}. Derivatives, of any order, go to the images and to the positions. Errors
 * are {@link ShapeException}s at the line of the call.
 */
public class SamplingFunctions extends ResizeFunctions {
  SamplingFunctions() {}

  /**
   * Images at the points of a grid, as PyTorch's {@code grid_sample}: {@code [batch, spatial...,
   * channels] x [batch, places..., axes] -> [batch, places..., channels]}. A point has one number
   * for each spatial axis, the last axis first: {@code (x, y)} of {@code [height, width]}; -1 is
   * one edge and 1 the other.
   */
  public static Expr gridSample(Expr x, Expr grid, Sampling how) {
    checkFloating("gridSample", x);
    Broadcast.checkOneType("gridSample", List.of(x, grid));
    int axes = x.shape().rank() - 2;
    boolean fits = axes > 0 && grid.shape().rank() >= 2 && grid.shape().dim(-1).is(axes);
    if (!fits) {
      throw new ShapeException(
          "gridSample: the grid's last dim has one number for each spatial axis of the images: "
              + Messages.describe(x, grid));
    }
    return inOrder(
        x,
        how,
        images -> {
          var positions = new ArrayList<Expr>();
          for (int axis = 0; axis < axes; axis++) {
            Expr component = slice(grid, -1, axes - 1L - axis, (long) axes - axis);
            positions.add(pixels(squeeze(component, -1), images.shape().dim(1 + axis), how));
          }
          return new Sampler(images, how).at(positions, Optional.empty());
        });
  }

  /** From -1 ... 1 to numbers of pixels. */
  private static Expr pixels(Expr point, Dim size, Sampling how) {
    Expr extent = sizeAs(point, size);
    return how.alignsCorners()
        ? point.plus(1).times(0.5).times(extent.minus(1))
        : point.plus(1).times(extent).minus(1).times(0.5);
  }

  /** What a function makes of images with the channels last; the result in the images' order. */
  private static Expr inOrder(Expr x, Sampling how, UnaryOperator<Expr> function) {
    return x.recorder()
        .atomically(() ->
            how.isChannelsFirst()
                ? Sliding.channelsFirst(function.apply(Sliding.channelsLast(x)))
                : function.apply(x));
  }

  /**
   * The grid for {@link #gridSample} that maps the pixels of images of {@code sizes} by affine
   * maps, {@code [batch, axes, axes + 1] -> [batch, sizes..., axes]}: {@code (x', y') = theta (x,
   * y, 1)}. As PyTorch's {@code affine_grid}.
   */
  public static Expr affineGrid(Expr theta, boolean alignCorners, long... sizes) {
    checkFloating("affineGrid", theta);
    int axes = sizes.length;
    Shape shape = theta.shape();
    if (shape.rank() != 3 || !shape.dim(1).is(axes) || !shape.dim(2).is(axes + 1)) {
      throw new ShapeException(
          "affineGrid: takes [batch, "
              + axes
              + ", "
              + (axes + 1)
              + "] for "
              + axes
              + " sizes: "
              + Messages.describe(theta));
    }
    return theta
        .recorder()
        .atomically(() -> {
          Expr points = theta.recorder().constant(points(alignCorners, sizes)).cast(theta.dtype());
          Expr grid = matmul(points, transpose(theta));
          var dims = new ArrayList<Dim>();
          dims.add(shape.dim(0));
          LongStream.of(sizes).mapToObj(Dim::of).forEach(dims::add);
          dims.add(Dim.of(axes));
          return reshape(grid, Shape.of(dims));
        });
  }

  /** {@code [places, axes + 1]}: where each pixel lies from -1 to 1, the last axis first, and 1. */
  private static Tensor points(boolean alignCorners, long... sizes) {
    int axes = sizes.length;
    long places = LongStream.of(sizes).reduce(1, Math::multiplyExact);
    var points = new double[Math.toIntExact(Math.multiplyExact(places, axes + 1L))];
    Arrays.fill(points, 1);
    for (int place = 0; place < places; place++) {
      long rest = place;
      for (int axis = axes - 1; axis >= 0; axis--) {
        long size = sizes[axis];
        double number = rest % size;
        int component = axes - 1 - axis;
        points[place * (axes + 1) + component] =
            alignCorners ? size > 1 ? 2 * number / (size - 1) - 1 : 0 : (2 * number + 1) / size - 1;
        rest /= size;
      }
    }
    return Tensor.of(Shape.of(places, axes + 1), points);
  }

  /**
   * Images moved by affine maps from pixels of the result to those of the input, {@code [batch, 2,
   * 3]}: the pixel in column x and row y is what the image has at {@code (x', y') = theta (x, y,
   * 1)}.
   */
  public static Expr affineTransform(Expr x, Expr theta, Sampling how) {
    checkPlane("affineTransform", x, how);
    Broadcast.checkOneType("affineTransform", List.of(x, theta));
    Shape shape = theta.shape();
    if (shape.rank() != 3 || !shape.dim(1).is(2) || !shape.dim(2).is(3)) {
      throw new ShapeException(
          "affineTransform: takes one map [batch, 2, 3] for each image: "
              + Messages.describe(x, theta));
    }
    return inOrder(
        x,
        how,
        images -> {
          Expr column = columns(images);
          Expr row = rows(images);
          Expr left = mapped(theta, 0, column, row);
          Expr top = mapped(theta, 1, column, row);
          return new Sampler(images, how).at(List.of(top, left), Optional.empty());
        });
  }

  private static Expr mapped(Expr theta, long line, Expr column, Expr row) {
    Expr a = slice(theta, 1, line, line + 1);
    return slice(a, 2, 0, 1)
        .times(column)
        .plus(slice(a, 2, 1, 2).times(row))
        .plus(slice(a, 2, 2, 3));
  }

  /**
   * Images turned around their centres, counterclockwise by {@code angles} in radians: a scalar, or
   * one for each image.
   */
  public static Expr rotate(Expr x, Expr angles, Sampling how) {
    checkPlane("rotate", x, how);
    Broadcast.checkOneType("rotate", List.of(x, angles));
    if (angles.shape().rank() > 1) {
      throw new ShapeException(
          "rotate: takes one angle, or one for each image: " + Messages.describe(x, angles));
    }
    return inOrder(
        x,
        how,
        images -> {
          Expr each = broadcastTo(angles, Shape.of(images.shape().dim(0)));
          Expr angle = expandDims(each, List.of(1, 2));
          Expr middle = sizeAs(x, images.shape().dim(2)).minus(1).times(0.5);
          Expr centre = sizeAs(x, images.shape().dim(1)).minus(1).times(0.5);
          Expr across = columns(images).minus(middle);
          Expr down = rows(images).minus(centre);
          Expr left = cos(angle).times(across).minus(sin(angle).times(down)).plus(middle);
          Expr top = sin(angle).times(across).plus(cos(angle).times(down)).plus(centre);
          return new Sampler(images, how).at(List.of(top, left), Optional.empty());
        });
  }

  /** {@link #rotate(Expr, Expr, Sampling)} of all images by one angle. */
  public static Expr rotate(Expr x, double angle, Sampling how) {
    return rotate(x, like(x, angle), how);
  }

  private static void checkPlane(String op, Expr x, Sampling how) {
    checkFloating(op, x);
    Sliding.checkRank(op, x, 2, how.isChannelsFirst());
  }

  /** The number of each column, {@code [1, width]}. */
  private static Expr columns(Expr images) {
    return expandDims(iota(images.recorder(), images.dtype(), images.shape().dim(2)), 0);
  }

  /** The number of each row, {@code [height, 1]}. */
  private static Expr rows(Expr images) {
    return expandDims(iota(images.recorder(), images.dtype(), images.shape().dim(1)), 1);
  }

  /**
   * Boxes cut out of images and resized, as TensorFlow's {@code crop_and_resize}: {@code [batch,
   * height, width, channels] x [boxes, 4] x [boxes] -> [boxes, height', width', channels]}. A box
   * is {@code (y1, x1, y2, x2)}, where 0 is the centre of the first pixel and 1 that of the last
   * one; {@code y1 > y2} flips. What lies beyond the image is {@code outside}.
   *
   * @param numbers of the image for each box, int32 or int64
   */
  public static Expr cropAndResize(
      Expr x, Expr boxes, Expr numbers, long height, long width, Sampling how, double outside) {
    checkPlane("cropAndResize", x, how);
    Broadcast.checkOneType("cropAndResize", List.of(x, boxes));
    Addressing.checkIndices("cropAndResize", numbers);
    boolean fits =
        boxes.shape().rank() == 2 && boxes.shape().dim(1).is(4) && numbers.shape().rank() == 1;
    if (!fits || height < 1 || width < 1) {
      throw new ShapeException(
          "cropAndResize: takes boxes [n, 4], the image of each as [n] and a size of 1 or more,"
              + " found "
              + height
              + " x "
              + width
              + ": "
              + Messages.describe(x, boxes, numbers));
    }
    return inOrder(x, how, images -> boxed(images, boxes, numbers, height, width, how, outside));
  }

  private static Expr boxed(
      Expr images,
      Expr boxes,
      Expr numbers,
      long height,
      long width,
      Sampling how,
      double outside) {
    Dim count = boxes.shape().dim(0);
    Expr down = expandDims(along(boxes, 0, height, images.shape().dim(1)), 2);
    Expr across = expandDims(along(boxes, 1, width, images.shape().dim(2)), 1);
    Shape places = Shape.of(count, Dim.of(height), Dim.of(width));
    Expr top = broadcastTo(down, places);
    Expr left = broadcastTo(across, places);
    // The look-up refuses numbers of images that there are not, and counts from the end.
    Expr all = iota(images.recorder(), DType.INT64, images.shape().dim(0));
    Expr image = expandDims(gather(all, numbers, 0), List.of(1, 2));
    Expr y = new Sampler(images, how).at(List.of(top, left), Optional.of(image));
    Expr inside = and(inside(top, images.shape().dim(1)), inside(left, images.shape().dim(2)));
    return select(broadcastTo(expandDims(inside, 3), y.shape()), y, outside);
  }

  /** {@code [boxes, size]}: positions along one axis of the images. */
  private static Expr along(Expr boxes, long axis, long size, Dim extent) {
    Expr begin = slice(boxes, 1, axis, axis + 1);
    Expr end = slice(boxes, 1, axis + 2, axis + 3);
    Expr last = sizeAs(boxes, extent).minus(1);
    if (size == 1) {
      return begin.plus(end).times(0.5).times(last);
    }
    Expr steps = iota(boxes.recorder(), boxes.dtype(), Dim.of(size));
    Expr step = end.minus(begin).times(last).dividedBy((double) (size - 1));
    return begin.times(last).plus(step.times(steps));
  }

  private static Expr inside(Expr position, Dim size) {
    Expr last = sizeAs(position, size).minus(1);
    return and(greaterEqual(position, like(position, 0)), lessEqual(position, last));
  }
}
