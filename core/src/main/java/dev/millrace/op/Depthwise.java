package dev.millrace.op;

import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A convolution of each channel with a filter of its own, without padding. Nothing is summed over
 * channels, so it is a sum of a few products of whole slices, which one elementwise loop computes.
 */
final class Depthwise {
  private Depthwise() {}

  /** {@code [batch, spatial..., c] x [window..., 1, c * m] -> [batch, places..., c * m]}. */
  static Expr of(Expr x, Expr w, List<Long> strides, List<Long> dilations) {
    Expr filter = MovementFunctions.squeeze(w, -2);
    Dim channels = x.shape().dim(-1);
    Dim out = filter.shape().dim(-1);
    Expr input = x;
    if (!out.equals(channels)) {
      Dim each = out.floorDividedBy(channels.value());
      var shape = new ArrayList<>(x.shape().dims());
      shape.add(each);
      Expr repeated = MovementFunctions.expandDims(x, -1).broadcastTo(Shape.of(shape));
      input = Grouping.join(repeated);
    }
    return of(input, filter, new Convolution(strides, dilations));
  }

  /** {@code [batch, spatial..., c] x [window..., c] -> [batch, places..., c]}. */
  private static Expr of(Expr x, Expr w, Convolution like) {
    Places places = places(w, like);
    List<Expr> slices = places.slices(x);
    List<Expr> weights = weights(w, places);
    Expr sum = null;
    for (int i = 0; i < slices.size(); i++) {
      Expr product = slices.get(i).times(weights.get(i));
      sum = sum == null ? product : sum.plus(product);
    }
    return x.recorder().apply(new Products(like), List.of(sum, x, w));
  }

  private static Places places(Expr w, Convolution like) {
    var sizes = w.shape().dims().stream().limit(like.strides().size()).map(Dim::value).toList();
    return new Places(sizes, like.strides(), like.dilations());
  }

  /** The filter's numbers for each element of the window, {@code [c]}. */
  private static List<Expr> weights(Expr w, Places places) {
    Expr rows = MovementFunctions.reshape(w, places.elements(), -1);
    var weights = new ArrayList<Expr>();
    for (long i = 0; i < places.elements(); i++) {
      weights.add(MovementFunctions.squeeze(MovementFunctions.slice(rows, 0, i, i + 1), 0));
    }
    return weights;
  }

  /** Sums of products; operands are the sums, the input and the filter {@code [window..., c]}. */
  record Products(Convolution like) implements KnownDerivative {
    @Override
    public String name() {
      return "depthwise";
    }

    @Override
    public Optional<Expr> vjp(int operand, Call call) {
      Expr x = call.operand(1);
      Expr w = call.operand(2);
      Expr dy = call.cotangent();
      return switch (operand) {
        case 1 -> Optional.of(byInput(dy, w, x.shape()));
        case 2 -> Optional.of(byFilter(x, dy, w));
        default -> Optional.empty();
      };
    }

    private Expr byInput(Expr dy, Expr w, Shape x) {
      Expr flipped = w;
      for (int axis = 0; axis < like.strides().size(); axis++) {
        flipped = MovementFunctions.reverse(flipped, axis);
      }
      List<Long> ones = Collections.nCopies(like.strides().size(), 1L);
      return of(places(w, like).spread(dy, x), flipped, new Convolution(ones, like.dilations()));
    }

    private Expr byFilter(Expr x, Expr dy, Expr w) {
      int[] places = java.util.stream.IntStream.range(0, x.shape().rank() - 1).toArray();
      Expr[] sums =
          places(w, like).slices(x).stream()
              .map(slice -> ReductionFunctions.reduceSum(slice.times(dy), places))
              .toArray(Expr[]::new);
      return MovementFunctions.reshape(MovementFunctions.stack(0, sums), w.shape());
    }
  }
}
