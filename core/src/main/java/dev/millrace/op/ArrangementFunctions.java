package dev.millrace.op;

import dev.millrace.tensor.Dim;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Functions that order, divide, repeat and surround the elements of axes. */
public class ArrangementFunctions extends StatisticsFunctions {
  ArrangementFunctions() {}

  /** Two axes swapped. */
  public static Expr swapAxes(Expr x, int first, int second) {
    int a = Axes.check("swapAxes", x, first);
    int b = Axes.check("swapAxes", x, second);
    int[] order = IntStream.range(0, x.shape().rank()).toArray();
    order[a] = b;
    order[b] = a;
    return a == b ? x : transpose(x, order);
  }

  /** Axis {@code from} put so that it is number {@code to} of the result; the others keep order. */
  public static Expr moveAxis(Expr x, int from, int to) {
    int source = Axes.check("moveAxis", x, from);
    int target = Axes.check("moveAxis", x, to);
    var order = new ArrayList<>(IntStream.range(0, x.shape().rank()).boxed().toList());
    order.subList(source, source + 1).clear();
    order.add(target, source);
    return source == target ? x : transpose(x, order.stream().mapToInt(a -> a).toArray());
  }

  /**
   * Every {@code steps[i]}-th element of {@code axes[i]} from {@code begins[i]} to before {@code
   * ends[i]}; a negative step walks backwards. Positions count from the end where negative and are
   * cut off at the ends of a known dim, so {@code Long.MAX_VALUE} and {@code Long.MIN_VALUE} mean
   * all that there is. No copy.
   *
   * @throws ShapeException if a step is 0, the arrays differ in length, or an axis is given twice
   */
  public static Expr slice(Expr x, int[] axes, long[] begins, long[] ends, long[] steps) {
    boolean one =
        axes.length == begins.length && axes.length == ends.length && axes.length == steps.length;
    if (!one) {
      throw new ShapeException(
          "slice: one begin, end and step for each axis, found "
              + List.of(axes.length, begins.length, ends.length, steps.length)
              + ": "
              + Messages.describe(x));
    }
    if (axes.length > 0) {
      Axes.check("slice", x, axes);
    }
    Expr sliced = x;
    for (int i = 0; i < axes.length; i++) {
      sliced = stepped(sliced, axes[i], begins[i], ends[i], steps[i]);
    }
    return sliced;
  }

  private static Expr stepped(Expr x, int axis, long begin, long end, long step) {
    if (step == 0) {
      throw new ShapeException("slice: the step must not be 0: " + Messages.describe(x));
    }
    int along = Axes.check("slice", x, axis);
    Dim extent = x.shape().dim(along);
    long low = step > 0 ? 0 : -1;
    Dim from = position(extent, begin, low);
    Dim to = position(extent, end, low);
    Dim length = step > 0 ? to.minus(from) : from.minus(to);
    Dim size = length.plus(Math.abs(step) - 1).floorDividedBy(Math.abs(step));
    if (size.isKnown() && size.value() <= 0) {
      return slice(x, along, Dim.ZERO, Dim.ZERO, 1);
    }
    return slice(x, along, from, size, step);
  }

  /** A position in {@code [low, extent + low]}. */
  private static Dim position(Dim extent, long position, long low) {
    if (extent.isKnown()) {
      long size = extent.value();
      long at = position < 0 ? Math.max(position, -size - 1) + size : position;
      return Dim.of(Math.clamp(at, low, size + low));
    }
    if (position == Long.MAX_VALUE) {
      return extent.plus(low);
    }
    if (position == Long.MIN_VALUE) {
      return Dim.of(low);
    }
    return position < 0 ? extent.plus(position) : Dim.of(position);
  }

  /** The elements of these axes in the opposite order; of all if none is given. */
  public static Expr flip(Expr x, int... axes) {
    Expr flipped = x;
    for (int axis : Axes.check("flip", x, axes)) {
      flipped = reverse(flipped, axis);
    }
    return flipped;
  }

  /** Elements moved {@code shift} places along {@code axis}; those that leave it come in again. */
  public static Expr roll(Expr x, long shift, int axis) {
    int along = Axes.check("roll", x, axis);
    Dim extent = x.shape().dim(along);
    if (extent.isKnown()) {
      long cut = extent.is(0) ? 0 : Math.floorMod(-shift, extent.value());
      return cut == 0 ? x : rotated(x, along, Dim.of(cut));
    }
    return rotated(x, along, shift > 0 ? extent.plus(-shift) : Dim.of(-shift));
  }

  /** What lies from {@code cut} on, then what lies before it. */
  private static Expr rotated(Expr x, int axis, Dim cut) {
    Expr end = slice(x, axis, cut, x.shape().dim(axis).minus(cut), 1);
    return concat(axis, end, slice(x, axis, Dim.ZERO, cut, 1));
  }

  /** {@link #roll(Expr, long, int)} along several axes. */
  public static Expr roll(Expr x, long[] shifts, int[] axes) {
    if (shifts.length != axes.length) {
      throw new ShapeException(
          "roll: one shift for each axis, found "
              + shifts.length
              + " and "
              + axes.length
              + ": "
              + Messages.describe(x));
    }
    Expr rolled = x;
    for (int i = 0; i < axes.length; i++) {
      rolled = roll(rolled, shifts[i], axes[i]);
    }
    return rolled;
  }

  /** Each element {@code times} times in a row along {@code axis}. */
  public static Expr repeat(Expr x, long times, int axis) {
    int along = Axes.check("repeat", x, axis);
    if (times < 0) {
      throw new ShapeException(
          "repeat: the number must be 0 or more, found " + times + ": " + Messages.describe(x));
    }
    var blocks = new ArrayList<>(x.shape().dims());
    blocks.add(along + 1, Dim.of(times));
    Shape shape = x.shape().with(along, x.shape().dim(along).times(times));
    return reshape(broadcastTo(expandDims(x, List.of(along + 1)), Shape.of(blocks)), shape);
  }

  /** Element i {@code times[i]} times in a row along an axis that is as long as {@code times}. */
  public static Expr repeat(Expr x, long[] times, int axis) {
    int along = Axes.check("repeat", x, axis);
    boolean fits =
        x.shape().dim(along).is(times.length) && Arrays.stream(times).min().orElse(0) >= 0;
    if (!fits) {
      throw new ShapeException(
          "repeat: one number from 0 for each element of axis "
              + along
              + ", found "
              + Arrays.toString(times)
              + ": "
              + Messages.describe(x));
    }
    long[] from =
        IntStream.range(0, times.length)
            .boxed()
            .flatMapToLong(i -> LongStream.range(0, times[i]).map(j -> i))
            .toArray();
    return gather(x, x.recorder().constant(Tensor.of(from)), along);
  }

  /** {@code parts} parts of equal size along {@code axis}. */
  public static List<Expr> split(Expr x, int parts, int axis) {
    int along = Axes.check("split", x, axis);
    Dim extent = x.shape().dim(along);
    if (parts < 1 || (extent.isKnown() && extent.value() % parts != 0)) {
      throw new ShapeException(
          "split: "
              + extent
              + " elements do not divide into "
              + parts
              + " parts: "
              + Messages.describe(x)
              + "; give the sizes of the parts");
    }
    Dim size = extent.floorDividedBy(parts);
    Op check = new EqualParts(along, parts);
    Expr whole = extent.isKnown() ? x : x.recorder().apply(check, List.of(x));
    var all = new ArrayList<Expr>();
    for (int part = 0; part < parts; part++) {
      all.add(slice(whole, along, size.times(part), size, 1));
    }
    return List.copyOf(all);
  }

  /** Parts of these sizes along {@code axis}, which they cover; one may be -1, to be worked out. */
  public static List<Expr> split(Expr x, long[] sizes, int axis) {
    int along = Axes.check("split", x, axis);
    Dim extent = x.shape().dim(along);
    long known = Arrays.stream(sizes).filter(size -> size != -1).sum();
    long unknown = Arrays.stream(sizes).filter(size -> size == -1).count();
    boolean isNegative = Arrays.stream(sizes).anyMatch(size -> size < -1);
    Dim rest = extent.plus(-known);
    boolean fits = unknown == 1 ? !rest.isKnown() || rest.value() >= 0 : rest.is(0);
    if (isNegative || unknown > 1 || !fits) {
      throw new ShapeException(
          "split: sizes must add up to "
              + extent
              + ", and one may be -1, found "
              + Arrays.toString(sizes)
              + ": "
              + Messages.describe(x));
    }
    var all = new ArrayList<Expr>();
    Dim start = Dim.ZERO;
    for (long size : sizes) {
      Dim length = size == -1 ? rest : Dim.of(size);
      all.add(slice(x, along, start, length, 1));
      start = start.plus(length);
    }
    return List.copyOf(all);
  }

  /** The slices of a known dim, without that dim: the opposite of {@link #stack}. */
  public static List<Expr> unstack(Expr x, int axis) {
    int along = Axes.check("unstack", x, axis);
    Dim extent = x.shape().dim(along);
    if (!extent.isKnown()) {
      throw new ShapeException("unstack: dim " + along + " must be known: " + Messages.describe(x));
    }
    var all = new ArrayList<Expr>();
    for (long i = 0; i < extent.value(); i++) {
      all.add(squeeze(slice(x, along, Dim.of(i), Dim.ONE, 1), along));
    }
    return List.copyOf(all);
  }

  /**
   * {@code before[i]} elements in front of axis i and {@code after[i]} behind it, made of x as
   * {@code mode} says. Negative numbers take elements away.
   *
   * @throws MillraceException if an axis has too few elements for the mode; it needs one more than
   *     the padding for REFLECT, as many for SYMMETRIC and WRAP, and one for EDGE
   */
  public static Expr pad(Expr x, long[] before, long[] after, PadMode mode) {
    if (mode == PadMode.CONSTANT) {
      return pad(x, before, after, 0);
    }
    Expr padded = cropped(x, before, after);
    for (int axis = 0; axis < before.length; axis++) {
      long front = Math.max(0, before[axis]);
      long back = Math.max(0, after[axis]);
      if (front > 0 || back > 0) {
        Expr left = front > 0 ? beside(padded, axis, front, mode, true) : padded;
        Expr right = back > 0 ? beside(padded, axis, back, mode, false) : padded;
        padded =
            front == 0
                ? concat(axis, padded, right)
                : back == 0 ? concat(axis, left, padded) : concat(axis, left, padded, right);
      }
    }
    return padded;
  }

  /** What lies in front of an axis or behind it. */
  private static Expr beside(Expr x, int axis, long size, PadMode mode, boolean front) {
    Dim extent = x.shape().dim(axis);
    Dim count = Dim.of(size);
    long edge = mode == PadMode.REFLECT ? 1 : 0;
    return switch (mode) {
      case EDGE -> {
        Dim border = front ? Dim.ZERO : extent.minus(Dim.ONE);
        Expr one = slice(x, axis, border, Dim.ONE, 1);
        yield broadcastTo(one, x.shape().with(axis, count));
      }
      case REFLECT, SYMMETRIC -> {
        Dim start = front ? Dim.of(size - 1 + edge) : extent.plus(-1 - edge);
        yield slice(x, axis, start, count, -1);
      }
      case WRAP -> slice(x, axis, front ? extent.minus(count) : Dim.ZERO, count, 1);
      case CONSTANT -> throw new AssertionError(mode);
    };
  }

  /**
   * Blocks of pixels as channels, {@code [batch, height, width, channels] -> [batch, height /
   * block, width / block, block * block * channels]}: those of the first row of a block first.
   */
  public static Expr spaceToDepth(Expr x, int block) {
    Dim height = blocks("spaceToDepth", x, 1, block);
    Dim width = blocks("spaceToDepth", x, 2, block);
    List<Dim> dims = x.shape().dims();
    Dim size = Dim.of(block);
    Shape parts = Shape.of(dims.get(0), height, size, width, size, dims.get(3));
    Expr ordered = transpose(reshape(x, parts), 0, 1, 3, 2, 4, 5);
    return reshape(
        ordered, Shape.of(dims.get(0), height, width, dims.get(3).times((long) block * block)));
  }

  private static Dim blocks(String op, Expr x, int axis, int block) {
    checkImages(op, x, block);
    Dim extent = x.shape().dim(axis);
    return extent
        .dividedBy(Dim.of(block))
        .orElseThrow(() -> notDivisible(op, x, axis, Integer.toString(block)));
  }

  private static void checkImages(String op, Expr x, int block) {
    if (x.shape().rank() != 4 || block < 1) {
      throw new ShapeException(
          op
              + ": takes [batch, height, width, channels] and a block of 1 or more, found "
              + block
              + ": "
              + Messages.describe(x));
    }
  }

  private static ShapeException notDivisible(String op, Expr x, int axis, String by) {
    return new ShapeException(
        op + ": dim " + axis + " must be a multiple of " + by + ": " + Messages.describe(x));
  }

  /** The opposite of {@link #spaceToDepth}: channels as blocks of pixels. */
  public static Expr depthToSpace(Expr x, int block) {
    checkImages("depthToSpace", x, block);
    List<Dim> dims = x.shape().dims();
    long area = (long) block * block;
    Dim channels =
        dims.get(3)
            .dividedBy(Dim.of(area))
            .orElseThrow(() -> notDivisible("depthToSpace", x, 3, Long.toString(area)));
    Dim size = Dim.of(block);
    Shape parts = Shape.of(dims.get(0), dims.get(1), dims.get(2), size, size, channels);
    Expr ordered = transpose(reshape(x, parts), 0, 1, 3, 2, 4, 5);
    Dim height = dims.get(1).times(block);
    return reshape(ordered, Shape.of(dims.get(0), height, dims.get(2).times(block), channels));
  }
}
