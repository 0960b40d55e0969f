package dev.millrace.op;

import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import java.util.ArrayList;
import java.util.stream.IntStream;

/** Channels as groups of channels: an axis more, and back. */
final class Grouping {
  private Grouping() {}

  /** {@code [..., groups * channels]} as {@code [..., groups, channels]}. */
  static Expr split(Expr x, long groups) {
    var shape = new ArrayList<>(x.shape().dims());
    Dim channels = shape.removeLast();
    shape.add(Dim.of(groups));
    shape.add(channels.floorDividedBy(groups));
    return MovementFunctions.reshape(x, Shape.of(shape));
  }

  /** {@code [window..., in, groups * out]} as {@code [window..., groups, in, out]}. */
  static Expr splitFilter(Expr w, long groups) {
    int rank = w.shape().rank() + 1;
    int[] order = IntStream.range(0, rank).toArray();
    order[rank - 3] = rank - 2;
    order[rank - 2] = rank - 3;
    return MovementFunctions.transpose(split(w, groups), order);
  }

  /** {@code [..., groups, channels]} as {@code [..., groups * channels]}. */
  static Expr join(Expr y) {
    var shape = new ArrayList<>(y.shape().dims());
    Dim channels = shape.removeLast();
    shape.set(shape.size() - 1, shape.getLast().times(channels));
    return MovementFunctions.reshape(y, Shape.of(shape));
  }
}
