package dev.millrace.flow;

import dev.millrace.grad.Gradients;
import dev.millrace.grad.Tangents;
import dev.millrace.graph.Graph;
import dev.millrace.graph.GraphException;
import dev.millrace.op.ElementwiseFunctions;
import dev.millrace.op.Expr;
import dev.millrace.op.MovementFunctions;
import dev.millrace.op.RandomFunctions;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Whole matrices of derivatives: a loop over the products with unit vectors. */
public final class Jacobians {
  private Jacobians() {}

  /**
   * The derivative of each element of y with respect to each element of x, {@code [y..., x...]}.
   * One loop over the elements of y in reverse mode, or over those of x in forward mode where these
   * are known to be fewer. Dims may be unknown.
   *
   * @throws dev.millrace.tensor.MillraceException if y does not depend on x, or not smoothly
   */
  public static Expr jacobian(Expr y, Expr x) {
    Dim rows = y.shape().elements();
    Dim columns = x.shape().elements();
    boolean isForward = columns.isKnown() && (!rows.isKnown() || columns.value() < rows.value());
    return isForward ? forward(y, x) : reverse(y, x);
  }

  /**
   * The second derivatives of the scalar {@code y}, {@code [x..., x...]}: forward over reverse.
   *
   * @throws ShapeException if y is no scalar
   */
  public static Expr hessian(Expr y, Expr x) {
    if (y.shape().rank() != 0) {
      throw new ShapeException(
          "hessian: takes a scalar: " + Messages.describe(y) + "; make one of it with reduceSum");
    }
    return forward(Gradients.of(y, List.of(x)).getFirst(), x);
  }

  /**
   * Hessian-vector products: how the gradient of {@code y} changes if each of {@code xs} changes by
   * its {@code vs}. Forward over reverse, so it costs a few times what y costs.
   */
  public static List<Expr> hvp(Expr y, List<? extends Expr> xs, List<? extends Expr> vs) {
    if (xs.size() != vs.size()) {
      throw new GraphException(
          "hvp: takes a vector for each x: " + xs.size() + " xs, " + vs.size() + " vectors");
    }
    List<Expr> products = new ArrayList<>();
    for (Expr gradient : Gradients.of(y, xs)) {
      products.add(Tangents.of(gradient, xs, vs));
    }
    return products;
  }

  private static Expr reverse(Expr y, Expr x) {
    Expr rows = units("jacobian", y, unit -> Gradients.vjp(y, List.of(x), unit).getFirst());
    return MovementFunctions.reshape(rows, joined(y.shape(), x.shape()));
  }

  private static Expr forward(Expr y, Expr x) {
    Expr columns = units("jacobian", x, unit -> Tangents.of(y, List.of(x), List.of(unit)));
    Expr apart = MovementFunctions.reshape(columns, joined(x.shape(), y.shape()));
    int mine = x.shape().rank();
    int all = mine + y.shape().rank();
    int[] order = IntStream.range(0, all).map(axis -> (axis + mine) % all).toArray();
    return all == 0 ? apart : MovementFunctions.transpose(apart, order);
  }

  private static Shape joined(Shape first, Shape second) {
    var dims = new ArrayList<>(first.dims());
    dims.addAll(second.dims());
    return Shape.of(dims);
  }

  /** {@code product} of each unit vector of the shape of {@code like}, along axis 0. */
  private static Expr units(String op, Expr like, UnaryOperator<Expr> product) {
    Graph graph = FlowFunctions.graph(op, like);
    Dim elements = like.shape().elements();
    var builder = new LoopBuilder(op, graph).length(elements);
    return graph.asDerivative(() ->
        graph.inLoop(
            builder.iteration(),
            () -> {
              Expr place = RandomFunctions.iota(graph, DType.INT64, elements);
              Expr isMine = ElementwiseFunctions.equal(place, builder.iteration());
              Expr unit = MovementFunctions.reshape(isMine.cast(like.dtype()), like.shape());
              Expr found = product.apply(unit);
              return builder.build(List.of(), List.of(found), Optional.empty()).output(0);
            }));
  }
}
