package dev.millrace.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/** The dims of a tensor or of a symbolic value, slowest-varying first; no dims for a scalar. */
public final class Shape {
  /** Stands for a dim of any size in {@link #of(long...)}. */
  public static final long ANY = -1;

  /** Shape of a scalar, {@code []}. */
  public static final Shape SCALAR = new Shape(List.of());

  private static final int MAX_RANK = 32;

  private final List<Dim> dims;

  private Shape(List<Dim> dims) {
    this.dims = dims;
  }

  /**
   * A shape of these dims, each a number from 0 or {@link #ANY}. Each {@code ANY} is a new unknown.
   *
   * @throws ShapeException if a dim is negative and not {@code ANY}, or beyond 2^31-1, or there are
   *     more than 32
   */
  public static Shape of(long... dims) {
    return of(
        Arrays.stream(dims)
            .mapToObj(dim -> dim == ANY ? Dim.unknown() : Dim.of(dim))
            .toArray(Dim[]::new));
  }

  /** A shape whose first dim is symbolic, as in {@code Shape.of(Dim.of("batch"), 784)}. */
  public static Shape of(Dim first, long... rest) {
    var dims = new ArrayList<Dim>();
    dims.add(first);
    dims.addAll(of(rest).dims);
    return of(dims);
  }

  /** A shape of one dim. */
  public static Shape of(Dim only) {
    return of(List.of(only));
  }

  /** A shape of these dims. */
  public static Shape of(Dim... dims) {
    return of(Arrays.asList(dims));
  }

  /** A shape of these dims. */
  public static Shape of(Collection<Dim> dims) {
    if (dims.size() > MAX_RANK) {
      throw new ShapeException("shape: at most 32 dims, found " + dims.size());
    }
    for (Dim dim : dims) {
      if (dim.isKnown() && dim.value() < 0) {
        throw new ShapeException(
            "shape: a dim is a number from 0, or ANY (-1) for any size, found " + dims);
      }
      if (dim.isKnown() && dim.value() > Integer.MAX_VALUE) {
        throw tooLarge(dims);
      }
    }
    return new Shape(List.copyOf(dims));
  }

  /** Number of dims. */
  public int rank() {
    return dims.size();
  }

  /** The dims. */
  public List<Dim> dims() {
    return dims;
  }

  /**
   * Dim at {@code axis}; negative axes count from the end.
   *
   * @throws ShapeException if there is no such axis
   */
  public Dim dim(int axis) {
    if (axis < -rank() || axis >= rank()) {
      throw new ShapeException(
          "shape " + this + ": has " + rank() + " dims, and none at axis " + axis);
    }
    return dims.get(axis < 0 ? axis + rank() : axis);
  }

  /** Whether every dim is a number. */
  public boolean isKnown() {
    return dims.stream().allMatch(Dim::isKnown);
  }

  /** Product of the dims; 1 for a scalar. */
  public Dim elements() {
    Dim product = Dim.ONE;
    for (Dim dim : dims) {
      product = product.times(dim);
    }
    return product;
  }

  /**
   * Number of elements of a tensor of this shape.
   *
   * @throws ShapeException if a dim is unknown or the tensor would have more than 2^31-1 elements
   */
  public int size() {
    if (!isKnown()) {
      throw new ShapeException("shape " + this + ": its size is not known before it is fed");
    }
    long size = dims.stream().anyMatch(dim -> dim.is(0)) ? 0 : 1;
    for (Dim dim : dims) {
      if (size != 0 && dim.value() > Integer.MAX_VALUE / size) {
        throw tooLarge(dims);
      }
      size *= dim.value();
    }
    return (int) size;
  }

  private static ShapeException tooLarge(Collection<Dim> dims) {
    return new ShapeException(
        "shape " + dims + ": a tensor has at most 2^31-1 elements; split it along an axis");
  }

  /** Row-major strides in elements: the last dim has stride 1. */
  public List<Dim> strides() {
    var strides = new Dim[rank()];
    Dim stride = Dim.ONE;
    for (int axis = rank() - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride = stride.times(dims.get(axis));
    }
    return List.of(strides);
  }

  /** This shape with each dim replaced. */
  public Shape map(Function<Dim, Dim> replacement) {
    return isKnown() ? this : of(dims.stream().map(replacement).toList());
  }

  /** This shape without the dim at {@code axis}. */
  public Shape without(int axis) {
    var rest = new ArrayList<>(dims);
    rest.remove(axis < 0 ? axis + rank() : axis);
    return of(rest);
  }

  /** This shape with the dim at {@code axis} replaced. */
  public Shape with(int axis, Dim dim) {
    var changed = new ArrayList<>(dims);
    changed.set(axis < 0 ? axis + rank() : axis, dim);
    return of(changed);
  }

  /** The known dims as numbers. */
  public long[] toArray() {
    return dims.stream().mapToLong(Dim::value).toArray();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && dims.equals(shape.dims);
  }

  @Override
  public int hashCode() {
    return dims.hashCode();
  }

  /** The dims in brackets, {@code [?, 784]}. */
  @Override
  public String toString() {
    return dims.toString();
  }
}
