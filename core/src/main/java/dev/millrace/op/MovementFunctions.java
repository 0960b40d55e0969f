package dev.millrace.op;

import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Functions that move elements: products of matrices, views, shapes, slices, joins, look-ups. */
public class MovementFunctions {
  /** Operands that one kernel joins: each has loops of its own, and code has limits. */
  private static final int MOST_JOINED = 64;

  MovementFunctions() {}

  /**
   * Matrix product, {@code [batch..., m, k] x [batch..., k, n] -> [batch..., m, n]}. Batch dims are
   * broadcast; a vector on the left is a row, one on the right a column, and that dim is gone from
   * the result.
   *
   * @throws ShapeException if the k of both differ; the message tells which order or transposition
   *     fits
   */
  public static Expr matmul(Expr a, Expr b) {
    if (a.shape().rank() == 0 || b.shape().rank() == 0) {
      throw new ShapeException(
          "matmul: a scalar has no rows or columns: "
              + Messages.describe(a, b)
              + "; use times for a product with a scalar");
    }
    if (a.shape().rank() == 1) {
      return squeeze(matmul(expandDims(a, 0), b), b.shape().rank() == 1 ? -1 : -2);
    }
    if (b.shape().rank() == 1) {
      return squeeze(matmul(a, expandDims(b, 1)), -1);
    }
    return a.recorder()
        .atomically(() -> {
          Expr left = a;
          Expr right = b;
          if (a.shape().rank() > 2 || b.shape().rank() > 2) {
            Shape batch = a.recorder().commonShape("matmul", List.of(a, b), 2);
            left = withBatch(a, batch);
            right = withBatch(b, batch);
          }
          return a.recorder().apply(new MatMul(), List.of(left, right));
        });
  }

  static Expr withBatch(Expr x, Shape batch) {
    var dims = new ArrayList<>(batch.dims());
    dims.add(x.shape().dim(-2));
    dims.add(x.shape().dim(-1));
    return broadcastTo(x, Shape.of(dims));
  }

  /** {@code x} repeated to {@code shape}: along new leading axes and along axes of size 1. */
  public static Expr broadcastTo(Expr x, Shape shape) {
    return x.shape().equals(shape) ? x : x.recorder().apply(new Broadcast(shape), List.of(x));
  }

  /** The last two axes swapped, {@code [..., m, n] -> [..., n, m]}. */
  public static Expr transpose(Expr x) {
    int rank = x.shape().rank();
    if (rank < 2) {
      throw new ShapeException(
          "transpose: takes two dims or more: "
              + Messages.describe(x)
              + "; expandDims(x, 0) makes a row of a vector");
    }
    int[] order = IntStream.range(0, rank).toArray();
    order[rank - 1] = rank - 2;
    order[rank - 2] = rank - 1;
    return transpose(x, order);
  }

  /** Axis {@code i} of the result is axis {@code order[i]} of x. */
  public static Expr transpose(Expr x, int... order) {
    List<Integer> axes = Arrays.stream(order).mapToObj(a -> Axes.check("transpose", x, a)).toList();
    return x.recorder().apply(new Views.Transpose(axes), List.of(x));
  }

  /**
   * The same elements in row-major order as another shape; one dim may be -1, to be worked out.
   *
   * @throws ShapeException if the number of elements differs
   */
  public static Expr reshape(Expr x, long... dims) {
    if (Arrays.stream(dims).filter(dim -> dim == -1).count() > 1) {
      throw new ShapeException(
          "reshape: at most one dim can be -1, to be worked out, found "
              + Arrays.toString(dims)
              + ": "
              + Messages.describe(x));
    }
    Dim rest = Dim.ONE;
    for (long dim : dims) {
      rest = dim == -1 ? rest : rest.times(dim);
    }
    Dim known = rest;
    Shape shape =
        Shape.of(
            Arrays.stream(dims)
                .mapToObj(dim -> dim == -1 ? missing(x, known, dims) : Dim.of(dim))
                .toList());
    return reshape(x, shape);
  }

  private static Dim missing(Expr x, Dim known, long[] dims) {
    return x.shape()
        .elements()
        .dividedBy(known)
        .orElseThrow(() ->
            new ShapeException(
                "reshape: "
                    + x.shape().elements()
                    + " elements do not divide into "
                    + Arrays.toString(dims)
                    + ": "
                    + Messages.describe(x)));
  }

  /** The same elements in row-major order as {@code shape}, which may have symbolic dims. */
  public static Expr reshape(Expr x, Shape shape) {
    return x.shape().equals(shape) ? x : x.recorder().apply(new Views.Reshape(shape), List.of(x));
  }

  /** All dims but the first as one, {@code [batch, a, b...] -> [batch, a*b*...]}. */
  public static Expr flatten(Expr x) {
    if (x.shape().rank() == 0) {
      throw new ShapeException(
          "flatten: a scalar has no dims: "
              + Messages.describe(x)
              + "; reshape(x, 1, 1) makes a matrix of it");
    }
    List<Dim> dims = x.shape().dims();
    Dim inner = Shape.of(dims.subList(1, dims.size())).elements();
    return reshape(x, Shape.of(dims.getFirst(), inner));
  }

  /** A dim of 1 put in so that it is at {@code axis} of the result; -1 is the end. */
  public static Expr expandDims(Expr x, int axis) {
    int rank = x.shape().rank();
    if (axis < -rank - 1 || axis > rank) {
      throw new ShapeException(
          "expandDims: axis "
              + axis
              + " is outside of "
              + -(rank + 1)
              + " to "
              + rank
              + ": "
              + Messages.describe(x));
    }
    return expandDims(x, List.of(axis < 0 ? axis + rank + 1 : axis));
  }

  static Expr expandDims(Expr x, List<Integer> axes) {
    return axes.isEmpty() ? x : x.recorder().apply(new Views.ExpandDims(axes), List.of(x));
  }

  /** The dims at {@code axes}, which must be 1, taken away; all that are 1 if none is given. */
  public static Expr squeeze(Expr x, int... axes) {
    List<Integer> gone =
        axes.length > 0
            ? Axes.check("squeeze", x, axes)
            : IntStream.range(0, x.shape().rank())
                .filter(axis -> x.shape().dim(axis).is(1))
                .boxed()
                .toList();
    return gone.isEmpty() ? x : x.recorder().apply(new Views.Squeeze(gone), List.of(x));
  }

  /**
   * Elements {@code begin} to below {@code end} of one axis; both count from the end where
   * negative.
   *
   * @throws ShapeException if they are known to lie outside
   */
  public static Expr slice(Expr x, int axis, long begin, long end) {
    return slice(x, axis, begin, end, 1);
  }

  /** Every {@code step}-th element from {@code begin} to below {@code end} of one axis. */
  public static Expr slice(Expr x, int axis, long begin, long end, long step) {
    if (step < 1) {
      throw new ShapeException(
          "slice: the step must be 1 or more, found " + step + "; see reverse");
    }
    Dim extent = x.shape().dim(Axes.check("slice", x, axis));
    Dim from = begin < 0 ? extent.plus(begin) : Dim.of(begin);
    Dim to = end < 0 ? extent.plus(end) : Dim.of(end);
    Dim size = to.minus(from).plus(step - 1).floorDividedBy(step);
    if (size.isKnown() && size.value() < 0) {
      throw new ShapeException(
          "slice: begin " + begin + " lies behind end " + end + ": " + Messages.describe(x));
    }
    return slice(x, axis, from, size, step);
  }

  static Expr slice(Expr x, int axis, Dim start, Dim size, long step) {
    int at = Axes.check("slice", x, axis);
    var starts = new ArrayList<>(Collections.nCopies(x.shape().rank(), Dim.ZERO));
    var sizes = new ArrayList<>(x.shape().dims());
    var steps = new ArrayList<>(Collections.nCopies(x.shape().rank(), 1L));
    starts.set(at, start);
    sizes.set(at, size);
    steps.set(at, step);
    Op slice = new Views.Slice(List.copyOf(starts), List.copyOf(sizes), List.copyOf(steps));
    return x.recorder().apply(slice, List.of(x));
  }

  /** The elements of one axis in the opposite order. */
  public static Expr reverse(Expr x, int axis) {
    Dim extent = x.shape().dim(Axes.check("reverse", x, axis));
    return slice(x, axis, extent.minus(Dim.ONE), extent, -1);
  }

  /**
   * Operands one after another along {@code axis}; their other dims agree. Very many are joined in
   * parts, and the parts again.
   */
  public static Expr concat(int axis, Expr... operands) {
    if (operands.length == 0) {
      throw new ShapeException("concat: takes one operand or more, found none");
    }
    Expr first = operands[0];
    Op concat = new Concat(Axes.check("concat", first, axis));
    return first.recorder().atomically(() -> concat(concat, List.of(operands)));
  }

  private static Expr concat(Op concat, List<Expr> operands) {
    List<Expr> parts = operands;
    while (parts.size() > MOST_JOINED) {
      var joined = new ArrayList<Expr>();
      for (int from = 0; from < parts.size(); from += MOST_JOINED) {
        List<Expr> some = parts.subList(from, Math.min(parts.size(), from + MOST_JOINED));
        joined.add(join(concat, some));
      }
      parts = joined;
    }
    return join(concat, parts);
  }

  private static Expr join(Op concat, List<Expr> operands) {
    Expr first = operands.getFirst();
    return operands.size() == 1 ? first : first.recorder().apply(concat, operands);
  }

  /** Operands of one shape put next to each other along a new axis. */
  public static Expr stack(int axis, Expr... operands) {
    return concat(axis, Arrays.stream(operands).map(x -> expandDims(x, axis)).toArray(Expr[]::new));
  }

  /**
   * {@code value} put around x: {@code before[i]} elements in front of axis i and {@code after[i]}
   * behind it. Negative numbers take elements away.
   */
  public static Expr pad(Expr x, long[] before, long[] after, double value) {
    int rank = x.shape().rank();
    if (!x.dtype().represents(value)) {
      throw new DTypeException(
          "pad: " + value + " is no " + x.dtype() + ": " + Messages.describe(x));
    }
    Expr inner = cropped(x, before, after);
    var shape = new ArrayList<Dim>();
    var starts = new ArrayList<Dim>();
    for (int axis = 0; axis < rank; axis++) {
      long front = Math.max(0, before[axis]);
      starts.add(Dim.of(front));
      shape.add(inner.shape().dim(axis).plus(front).plus(Math.max(0, after[axis])));
    }
    if (inner.shape().equals(Shape.of(shape))) {
      return inner;
    }
    Op pad = new Pad(starts, Collections.nCopies(rank, 1L), Shape.of(shape), value);
    return x.recorder().apply(pad, List.of(inner));
  }

  /** x without as many elements as negative numbers say, of which there is one for each axis. */
  static Expr cropped(Expr x, long[] before, long[] after) {
    int rank = x.shape().rank();
    if (before.length != rank || after.length != rank) {
      throw new ShapeException(
          "pad: one number in front and one behind for each of "
              + rank
              + " axes, found "
              + before.length
              + " and "
              + after.length
              + ": "
              + Messages.describe(x));
    }
    Expr cropped = x;
    for (int axis = 0; axis < before.length; axis++) {
      long front = Math.max(0, -before[axis]);
      long gone = front + Math.max(0, -after[axis]);
      if (gone > 0) {
        Dim size = cropped.shape().dim(axis).plus(-gone);
        if (size.isKnown() && size.value() < 0) {
          throw new ShapeException(
              "pad: axis "
                  + axis
                  + " has fewer than the "
                  + gone
                  + " elements to take away: "
                  + Messages.describe(x));
        }
        cropped = slice(cropped, axis, Dim.of(front), size, 1);
      }
    }
    return cropped;
  }

  /** {@code x} repeated {@code repeats[i]} times along axis i. */
  public static Expr tile(Expr x, long... repeats) {
    int rank = x.shape().rank();
    if (repeats.length != rank || Arrays.stream(repeats).anyMatch(repeat -> repeat < 0)) {
      throw new ShapeException(
          "tile: one number from 0 for each of "
              + rank
              + " axes, found "
              + Arrays.toString(repeats)
              + ": "
              + Messages.describe(x));
    }
    var blocks = new ArrayList<Dim>();
    var shape = new ArrayList<Dim>();
    for (int axis = 0; axis < rank; axis++) {
      blocks.add(Dim.of(repeats[axis]));
      blocks.add(x.shape().dim(axis));
      shape.add(x.shape().dim(axis).times(repeats[axis]));
    }
    List<Integer> leading = IntStream.range(0, rank).mapToObj(axis -> 2 * axis).toList();
    return reshape(broadcastTo(expandDims(x, leading), Shape.of(blocks)), Shape.of(shape));
  }
}
