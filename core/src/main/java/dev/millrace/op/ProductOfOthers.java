package dev.millrace.op;

import dev.millrace.kernel.Statement.Combiner;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * For each element the product of all others along some axes: the derivative of a product, exact
 * where elements are 0 and at every order of derivative. n^2 multiplications for n elements, in
 * O(n) memory; n is at most 46,340, so that n^2 can be counted.
 */
final class ProductOfOthers {
  private ProductOfOthers() {}

  static Expr of(Expr x, List<Integer> axes) {
    if (axes.size() == 1) {
      return along(x, axes.getFirst());
    }
    var order =
        new ArrayList<>(
            IntStream.range(0, x.shape().rank()).filter(a -> !axes.contains(a)).boxed().toList());
    int kept = order.size();
    order.addAll(axes);
    Op moving = new Views.Transpose(List.copyOf(order));
    Expr moved = x.recorder().apply(moving, List.of(x));
    List<Dim> dims = moved.shape().dims();
    var flat = new ArrayList<>(dims.subList(0, kept));
    flat.add(Shape.of(dims.subList(kept, dims.size())).elements());
    Expr rows = x.recorder().apply(new Views.Reshape(Shape.of(flat)), List.of(moved));
    Op reshape = new Views.Reshape(moved.shape());
    Expr back = x.recorder().apply(reshape, List.of(along(rows, kept)));
    return moving.vjp(0, new Op.Call(List.of(x), moved, back)).orElseThrow();
  }

  /** {@code result[.., i, ..] = product over j of (i == j ? 1 : x[.., j, ..])}. */
  private static Expr along(Expr x, int axis) {
    int after = x.shape().rank() - axis - 1;
    Expr position = RandomFunctions.iota(x.recorder(), DType.INT64, x.shape().dim(axis));
    Expr theirs =
        MovementFunctions.expandDims(position, IntStream.rangeClosed(1, after).boxed().toList());
    Expr mine = MovementFunctions.expandDims(theirs, List.of(1));
    Expr others = MovementFunctions.expandDims(x, List.of(axis));
    Expr factors = ElementwiseFunctions.select(mine.equalTo(theirs), 1, others);
    return x.recorder().apply(new Reduce(Combiner.PRODUCT, List.of(axis + 1)), List.of(factors));
  }
}
