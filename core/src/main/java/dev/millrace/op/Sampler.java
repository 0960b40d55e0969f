package dev.millrace.op;

import static dev.millrace.op.ElementwiseFunctions.like;
import static dev.millrace.op.ElementwiseFunctions.select;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Looks up images {@code [batch, spatial..., channels]} at positions that a graph computes, which
 * count pixels from the centre of the first one. Derivatives go to the pixels and to the positions.
 */
record Sampler(Expr x, Sampling how) {
  /** A pixel along one axis: its number as int64, its weight, whether it is inside. */
  private record Tap(Expr number, Optional<Expr> weight, Optional<Expr> inside) {}

  private int axes() {
    return x.shape().rank() - 2;
  }

  /**
   * {@code [batch, places..., channels]} for one {@code [batch, places...]} of positions for each
   * spatial axis.
   *
   * @param image the number of the image to look at for each row of the batch, int64 and broadcast
   *     against the positions; none: its own
   */
  Expr at(List<Expr> positions, Optional<Expr> image) {
    List<List<Tap>> taps =
        IntStream.range(0, axes()).mapToObj(axis -> taps(positions.get(axis), axis)).toList();
    int combinations = taps.stream().mapToInt(List::size).reduce(1, Math::multiplyExact);
    return IntStream.range(0, combinations)
        .mapToObj(number -> term(chosen(taps, number), image))
        .reduce(Expr::plus)
        .orElseThrow();
  }

  private static List<Tap> chosen(List<List<Tap>> taps, int number) {
    var chosen = new ArrayList<Tap>();
    int rest = number;
    for (List<Tap> axis : taps) {
      chosen.add(axis.get(rest % axis.size()));
      rest /= axis.size();
    }
    return chosen;
  }

  /** One pixel for each place, with its weight. */
  private Expr term(List<Tap> taps, Optional<Expr> image) {
    Expr place = taps.getFirst().number;
    for (int axis = 1; axis < axes(); axis++) {
      place = place.times(size(place, axis)).plus(taps.get(axis).number);
    }
    Expr value = looked(place, image);
    int last = value.shape().rank() - 1;
    Optional<Expr> weight = taps.stream().flatMap(tap -> tap.weight.stream()).reduce(Expr::times);
    Optional<Expr> inside =
        taps.stream().flatMap(tap -> tap.inside.stream()).reduce(ElementwiseFunctions::and);
    Expr weighted =
        weight.map(w -> value.times(MovementFunctions.expandDims(w, last))).orElse(value);
    return inside
        .map(mask -> {
          Expr whole = MovementFunctions.expandDims(mask, last).broadcastTo(weighted.shape());
          return select(whole, weighted, 0);
        })
        .orElse(weighted);
  }

  private Expr looked(Expr place, Optional<Expr> image) {
    Dim batch = x.shape().dim(0);
    Dim channels = x.shape().dim(-1);
    Dim places = x.shape().dims().subList(1, 1 + axes()).stream().reduce(Dim.ONE, Dim::times);
    if (image.isEmpty()) {
      Expr rows = MovementFunctions.reshape(x, Shape.of(batch, places, channels));
      return IndexingFunctions.gather(rows, place, 1, 1);
    }
    Expr rows = MovementFunctions.reshape(x, Shape.of(batch.times(places), channels));
    Expr first = image.get().times(ReductionFunctions.sizeAs(image.get(), places));
    return IndexingFunctions.gather(rows, first.plus(place), 0);
  }

  private Expr size(Expr like, int axis) {
    return ReductionFunctions.sizeAs(like, x.shape().dim(1 + axis));
  }

  private List<Tap> taps(Expr position, int axis) {
    boolean cubic = how.method() == Sampling.Method.CUBIC;
    Expr at = cubic ? position : bordered(position, axis);
    if (how.method() == Sampling.Method.NEAREST) {
      return List.of(tap(ElementwiseFunctions.round(at), Optional.empty(), axis));
    }
    Expr base = at.floor();
    Expr behind = at.minus(base);
    if (!cubic) {
      return List.of(
          tap(base, Optional.of(behind.negate().plus(1)), axis),
          tap(base.plus(1), Optional.of(behind), axis));
    }
    var taps = new ArrayList<Tap>();
    for (int i = -1; i <= 2; i++) {
      Expr distance = i <= 0 ? behind.minus(i) : behind.negate().plus(i);
      Expr weight = cubic(distance, i == 0 || i == 1);
      taps.add(tap(bordered(base.plus(i), axis), Optional.of(weight), axis));
    }
    return taps;
  }

  /** Keys' weight of a pixel at this distance, which is below 1 if it is near. */
  private static Expr cubic(Expr distance, boolean near) {
    double a = -0.75;
    return near
        ? distance.times(a + 2).minus(a + 3).times(distance).times(distance).plus(1)
        : distance.times(a).minus(5 * a).times(distance).plus(8 * a).times(distance).minus(4 * a);
  }

  /** A position, moved inside where the border is not of zeros. */
  private Expr bordered(Expr position, int axis) {
    return switch (how.border()) {
      case ZEROS -> position;
      case EDGE -> clipped(position, axis);
      case REFLECT -> clipped(reflected(position, axis), axis);
    };
  }

  private Expr clipped(Expr position, int axis) {
    Expr last = size(position, axis).minus(1);
    return RoundingFunctions.clip(position, like(position, 0), last);
  }

  /** Back and forth between the edges, which are half a pixel off the centres or none. */
  private Expr reflected(Expr position, int axis) {
    double edge = how.alignsCorners() ? 0 : -0.5;
    Expr size = size(position, axis);
    Expr span = how.alignsCorners() ? size.minus(1) : size;
    Expr from = position.minus(edge).abs();
    Expr safe = ElementwiseFunctions.maximum(span, like(span, 1));
    Expr rounds = from.dividedBy(safe).floor();
    Expr rest = from.minus(rounds.times(safe));
    Expr isOdd = rounds.minus(rounds.times(0.5).floor().times(2)).greater(0.5);
    Expr there = select(isOdd, safe.minus(rest), rest);
    Expr spans = span.greater(0).broadcastTo(there.shape());
    return select(spans, there.plus(edge), 0);
  }

  private Tap tap(Expr pixel, Optional<Expr> weight, int axis) {
    Expr number = clipped(pixel, axis).cast(DType.INT64);
    if (how.border() != Sampling.Border.ZEROS) {
      return new Tap(number, weight, Optional.empty());
    }
    Expr last = size(pixel, axis).minus(1);
    Expr inside =
        ElementwiseFunctions.and(
            ElementwiseFunctions.greaterEqual(pixel, like(pixel, 0)),
            ElementwiseFunctions.lessEqual(pixel, last));
    return new Tap(number, weight, Optional.of(inside));
  }
}
