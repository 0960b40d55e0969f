package dev.millrace.op;

import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A window of known sizes over {@code [batch, spatial..., channels]}, taken apart: one strided
 * slice for each element of the window, which holds what that element sees at all places. A few
 * slices in one elementwise loop are faster than loops over a window's elements.
 */
record Places(List<Long> sizes, List<Long> strides, List<Long> dilations) {
  Places {
    sizes = List.copyOf(sizes);
    strides = List.copyOf(strides);
    dilations = List.copyOf(dilations);
  }

  /** Number of spatial axes. */
  int axes() {
    return sizes.size();
  }

  /** Number of elements of the window. */
  long elements() {
    return sizes.stream().mapToLong(size -> size).reduce(1, Math::multiplyExact);
  }

  List<Dim> extents() {
    var extents = new ArrayList<Dim>();
    for (int axis = 0; axis < axes(); axis++) {
      extents.add(Sliding.extent(Dim.of(sizes.get(axis)), dilations.get(axis)));
    }
    return extents;
  }

  /** How many places there are along each axis of a tensor of this shape. */
  List<Dim> counts(Shape x) {
    var counts = new ArrayList<Dim>();
    for (int axis = 0; axis < axes(); axis++) {
      Dim room = x.dim(1 + axis).minus(extents().get(axis));
      counts.add(room.floorDividedBy(strides.get(axis)).plus(1));
    }
    return counts;
  }

  /** The elements of the window in row-major order: what each of them sees. */
  List<Expr> slices(Expr x) {
    List<Dim> counts = counts(x.shape());
    var slices = new ArrayList<Expr>();
    for (long element = 0; element < elements(); element++) {
      slices.add(slice(x, offsets(element), counts, strides));
    }
    return slices;
  }

  private List<Dim> offsets(long element) {
    var offsets = new ArrayList<Dim>();
    long rest = element;
    for (int axis = axes() - 1; axis >= 0; axis--) {
      offsets.addFirst(Dim.of(rest % sizes.get(axis) * dilations.get(axis)));
      rest /= sizes.get(axis);
    }
    return offsets;
  }

  private static Expr slice(Expr x, List<Dim> offsets, List<Dim> counts, List<Long> steps) {
    List<Dim> starts = around(Dim.ZERO, offsets, Dim.ZERO);
    List<Dim> shape = around(x.shape().dim(0), counts, x.shape().dim(-1));
    Op slice = new Views.Slice(starts, shape, around(1L, steps, 1L));
    return x.recorder().apply(slice, List.of(x));
  }

  private static <T> List<T> around(T batch, List<T> spatial, T channels) {
    var all = new ArrayList<T>();
    all.add(batch);
    all.addAll(spatial);
    all.add(channels);
    return List.copyOf(all);
  }

  /** Whether places neither overlap nor leave gaps. */
  boolean isTiling() {
    return strides.equals(sizes) && dilations.stream().allMatch(dilation -> dilation == 1);
  }

  /** x without what lies behind the last place of a tiling. */
  Expr tiled(Expr x) {
    List<Dim> covered = new ArrayList<>();
    for (int axis = 0; axis < axes(); axis++) {
      covered.add(counts(x.shape()).get(axis).times(sizes.get(axis)));
    }
    Shape shape = Shape.of(around(x.shape().dim(0), covered, x.shape().dim(-1)));
    return shape.equals(x.shape())
        ? x
        : slice(x, Collections.nCopies(axes(), Dim.ZERO), covered, Collections.nCopies(axes(), 1L));
  }

  /** {@code [batch, places..., channels]} with a dim of 1 behind each axis of places. */
  Expr perTile(Expr y) {
    return MovementFunctions.expandDims(
        y, LongStream.rangeClosed(1, axes()).mapToObj(i -> (int) (2 * i)).toList());
  }

  /** {@code [batch, places, size, places, size, ..., channels]} of a tiling. */
  Shape tiles(Shape y) {
    var shape = new ArrayList<Dim>();
    shape.add(y.dim(0));
    for (int axis = 0; axis < axes(); axis++) {
      shape.add(y.dim(1 + axis));
      shape.add(Dim.of(sizes.get(axis)));
    }
    shape.add(y.dim(-1));
    return Shape.of(shape);
  }

  /**
   * What belongs to places spread out so that slices of {@link #backwards} find, for each element
   * of an input of this shape, the places that see it.
   */
  Expr spread(Expr y, Shape input) {
    var starts = new ArrayList<Dim>();
    var target = new ArrayList<Dim>();
    for (int axis = 0; axis < axes(); axis++) {
      Dim reach = extents().get(axis).minus(Dim.ONE);
      starts.add(reach);
      target.add(input.dim(1 + axis).plus(reach));
    }
    Shape shape = Shape.of(around(input.dim(0), target, input.dim(-1)));
    Op pad = new Pad(around(Dim.ZERO, starts, Dim.ZERO), around(1L, strides, 1L), shape, 0);
    return shape.equals(y.shape()) ? y : y.recorder().apply(pad, List.of(y));
  }

  /** The window that gathers from {@link #spread}; its elements are in the opposite order. */
  Places backwards() {
    return new Places(sizes, Collections.nCopies(axes(), 1L), dilations);
  }

  /** This along one axis alone. */
  Places along(int axis) {
    var one = new ArrayList<>(Collections.nCopies(axes(), 1L));
    return new Places(with(one, axis, sizes), with(one, axis, strides), with(one, axis, dilations));
  }

  private static List<Long> with(List<Long> ones, int axis, List<Long> numbers) {
    var changed = new ArrayList<>(ones);
    changed.set(axis, numbers.get(axis));
    return changed;
  }
}
