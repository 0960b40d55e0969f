package dev.millrace.op;

import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Maxima and sums of windows over {@code [batch, spatial..., channels]}, without padding. */
final class Pooling {
  /** Elements of a window that are taken at once; larger ones go axis by axis. */
  private static final long AT_ONCE = 16;

  private Pooling() {}

  /**
   * The maximum of each window. Going axis by axis, the last one first, finds the same first
   * maximum as going row by row does.
   */
  static Expr maximum(Expr x, Places places) {
    ElementwiseFunctions.checkFloating("maxPool", x);
    if (places.elements() > AT_ONCE && places.axes() > 1) {
      Expr y = x;
      for (int axis = places.axes() - 1; axis >= 0; axis--) {
        y = maximum(y, places.along(axis));
      }
      return y;
    }
    if (places.elements() == 1) {
      return places.slices(x).getFirst();
    }
    Expr input = places.isTiling() ? places.tiled(x) : x;
    List<Expr> slices = places.slices(input);
    Expr y = slices.stream().reduce(ElementwiseFunctions::maximum).orElseThrow();
    Expr position = firstPosition(slices, y);
    return x.recorder().apply(new Max(places), List.of(y, input, position));
  }

  /** Which slice is the first that equals y, as a number of y's type; the last if none does. */
  private static Expr firstPosition(List<Expr> slices, Expr y) {
    int last = slices.size() - 1;
    Expr position = ElementwiseFunctions.like(y, last).broadcastTo(y.shape());
    for (int i = last - 1; i >= 0; i--) {
      position = ElementwiseFunctions.select(slices.get(i).equalTo(y), i, position);
    }
    return position;
  }

  /**
   * Maxima of windows; operands are the maxima, the input and the position of the first maximum in
   * each window, which gets the cotangent.
   */
  record Max(Places places) implements KnownDerivative {
    @Override
    public String name() {
      return "maxPool";
    }

    @Override
    public Optional<Expr> vjp(int operand, Call call) {
      if (operand != 1) {
        return Optional.empty();
      }
      Expr dy = call.cotangent();
      Expr position = call.operand(2);
      Shape x = call.operand(1).shape();
      return Optional.of(places.isTiling() ? tiles(dy, position, x) : overlap(dy, position, x));
    }

    private Expr tiles(Expr dy, Expr position, Shape x) {
      Shape tiles = places.tiles(dy.shape());
      Expr won = places.perTile(position).equalTo(numbers(dy)).broadcastTo(tiles);
      Expr share = places.perTile(dy).broadcastTo(tiles);
      return MovementFunctions.reshape(ElementwiseFunctions.select(won, share, 0), x);
    }

    /** The positions 0, 1, ... of a tile's elements, broadcast against {@link Places#tiles}. */
    private Expr numbers(Expr like) {
      var shape = new ArrayList<Dim>();
      for (long size : places.sizes()) {
        shape.add(Dim.of(size));
        shape.add(Dim.ONE);
      }
      var numbers = new float[(int) places.elements()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = i;
      }
      Expr constant = like.recorder().constant(Tensor.of(Shape.of(shape), numbers));
      return constant.cast(like.dtype());
    }

    private Expr overlap(Expr dy, Expr position, Shape x) {
      List<Expr> cotangents = places.backwards().slices(places.spread(dy, x));
      List<Expr> positions = places.backwards().slices(places.spread(position, x));
      int last = positions.size() - 1;
      Expr sum = share(positions.getFirst(), cotangents.getFirst(), last);
      for (int i = 1; i <= last; i++) {
        sum = sum.plus(share(positions.get(i), cotangents.get(i), last - i));
      }
      return sum;
    }

    /** What an element gets from a window in which it has this number. */
    private static Expr share(Expr position, Expr cotangent, int number) {
      Expr won = position.equalTo(ElementwiseFunctions.like(cotangent, number));
      return ElementwiseFunctions.select(won, cotangent, 0);
    }
  }

  /** The sum of each window. */
  static Expr sum(Expr x, Places places) {
    ElementwiseFunctions.checkFloating("sumPool", x);
    if (places.elements() > AT_ONCE && places.axes() > 1) {
      Expr y = x;
      for (int axis = places.axes() - 1; axis >= 0; axis--) {
        y = sum(y, places.along(axis));
      }
      return y;
    }
    if (places.elements() == 1) {
      return places.slices(x).getFirst();
    }
    Expr input = places.isTiling() ? places.tiled(x) : x;
    Expr y = places.slices(input).stream().reduce(Expr::plus).orElseThrow();
    return x.recorder().apply(new Sum(places), List.of(y, input));
  }

  /** Sums of windows; operands are the sums and the input. */
  record Sum(Places places) implements KnownDerivative {
    @Override
    public String name() {
      return "sumPool";
    }

    @Override
    public Optional<Expr> vjp(int operand, Call call) {
      if (operand != 1) {
        return Optional.empty();
      }
      Expr dy = call.cotangent();
      Shape x = call.operand(1).shape();
      if (!places.isTiling()) {
        return Optional.of(sum(places.spread(dy, x), places.backwards()));
      }
      Expr tiles = places.perTile(dy).broadcastTo(places.tiles(dy.shape()));
      return Optional.of(MovementFunctions.reshape(tiles, x));
    }
  }
}
