package dev.millrace.tensor;

import java.lang.reflect.Array;
import java.util.Arrays;

/**
 * An n-dimensional array of concrete values: a {@link Shape} of known dims over one primitive Java
 * array in row-major order. Immutable, owned by the garbage collector, nothing to close.
 */
public final class Tensor {
  private final DType dtype;
  private final Shape shape;
  private final Object array;
  private final int size;

  private Tensor(DType dtype, Shape shape, Object array) {
    this.dtype = dtype;
    this.shape = shape;
    this.array = array;
    this.size = shape.size();
    if (Array.getLength(array) != size) {
      throw new ShapeException(
          "tensor: shape "
              + shape
              + " has "
              + size
              + " elements, the array has "
              + Array.getLength(array));
    }
  }

  /** A vector of these float32 values. */
  public static Tensor of(float... values) {
    return of(Shape.of(values.length), values);
  }

  /** A vector of these float64 values. */
  public static Tensor of(double... values) {
    return of(Shape.of(values.length), values);
  }

  /** A vector of these int32 values. */
  public static Tensor of(int... values) {
    return of(Shape.of(values.length), values);
  }

  /** A vector of these int64 values. */
  public static Tensor of(long... values) {
    return of(Shape.of(values.length), values);
  }

  /** A matrix of these float32 rows, which must be of one length. */
  public static Tensor of(float[][] rows) {
    int columns = rows.length == 0 ? 0 : rows[0].length;
    var values = new float[rows.length * columns];
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].length != columns) {
        throw new ShapeException(
            "tensor: rows must have one length: row 0 has "
                + columns
                + ", row "
                + i
                + " has "
                + rows[i].length);
      }
      System.arraycopy(rows[i], 0, values, i * columns, columns);
    }
    return new Tensor(DType.FLOAT32, Shape.of(rows.length, columns), values);
  }

  /** A float32 tensor with a copy of {@code values} in row-major order. */
  public static Tensor of(Shape shape, float... values) {
    return new Tensor(DType.FLOAT32, shape, values.clone());
  }

  /** A float64 tensor with a copy of {@code values} in row-major order. */
  public static Tensor of(Shape shape, double... values) {
    return new Tensor(DType.FLOAT64, shape, values.clone());
  }

  /** An int32 tensor with a copy of {@code values} in row-major order. */
  public static Tensor of(Shape shape, int... values) {
    return new Tensor(DType.INT32, shape, values.clone());
  }

  /** An int64 tensor with a copy of {@code values} in row-major order. */
  public static Tensor of(Shape shape, long... values) {
    return new Tensor(DType.INT64, shape, values.clone());
  }

  /** A bool tensor with a copy of {@code values} in row-major order. */
  public static Tensor of(Shape shape, boolean... values) {
    var bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) (values[i] ? 1 : 0);
    }
    return new Tensor(DType.BOOL, shape, bytes);
  }

  /** A uint8 tensor with a copy of {@code values}, each read as 0 to 255, in row-major order. */
  public static Tensor of(Shape shape, byte... values) {
    return new Tensor(DType.UINT8, shape, values.clone());
  }

  /** A float32 scalar. */
  public static Tensor scalar(float value) {
    return of(Shape.SCALAR, value);
  }

  /** A float64 scalar. */
  public static Tensor scalar(double value) {
    return of(Shape.SCALAR, value);
  }

  /** An int32 scalar. */
  public static Tensor scalar(int value) {
    return of(Shape.SCALAR, value);
  }

  /** An int64 scalar. */
  public static Tensor scalar(long value) {
    return of(Shape.SCALAR, value);
  }

  /** A bool scalar. */
  public static Tensor scalar(boolean value) {
    return of(Shape.SCALAR, value);
  }

  /** A tensor filled with {@code value}, converted to {@code dtype} as a cast does. */
  public static Tensor filled(DType dtype, Shape shape, double value) {
    Object array = dtype.newArray(shape.size());
    if (Array.getLength(array) > 0) {
      ElementBits.set(dtype, array, 0, value);
    }
    switch (array) {
      case float[] floats -> Arrays.fill(floats, (float) value);
      case double[] doubles -> Arrays.fill(doubles, value);
      case int[] ints when ints.length > 0 -> Arrays.fill(ints, ints[0]);
      case long[] longs when longs.length > 0 -> Arrays.fill(longs, longs[0]);
      case short[] shorts when shorts.length > 0 -> Arrays.fill(shorts, shorts[0]);
      case byte[] bytes when bytes.length > 0 -> Arrays.fill(bytes, bytes[0]);
      default -> {}
    }
    return new Tensor(dtype, shape, array);
  }

  /**
   * A tensor of {@code dtype} with {@code values} in row-major order, each converted as a cast
   * does: how tensors of types that Java has not are made.
   */
  public static Tensor of(DType dtype, Shape shape, double... values) {
    Object array = dtype.newArray(values.length);
    for (int i = 0; i < values.length; i++) {
      ElementBits.set(dtype, array, i, values[i]);
    }
    return new Tensor(dtype, shape, array);
  }

  /** A vector of {@code dtype} with {@code values}, each converted as a cast does. */
  public static Tensor of(DType dtype, double... values) {
    return of(dtype, Shape.of(values.length), values);
  }

  /** A tensor of zeros (false for bool). */
  public static Tensor zeros(DType dtype, Shape shape) {
    return new Tensor(dtype, shape, dtype.newArray(shape.size()));
  }

  /**
   * A tensor over {@code array} itself, without a copy: the caller gives the array away and must
   * not change it any more. A {@code byte[]} becomes uint8, a {@code short[]} int16.
   *
   * @throws DTypeException if the object is no array of float, double, int, long, short or byte
   */
  public static Tensor wrap(Shape shape, Object array) {
    DType dtype =
        switch (array) {
          case float[] floats -> DType.FLOAT32;
          case double[] doubles -> DType.FLOAT64;
          case int[] ints -> DType.INT32;
          case long[] longs -> DType.INT64;
          case short[] shorts -> DType.INT16;
          case byte[] bytes -> DType.UINT8;
          default ->
              throw new DTypeException(
                  "tensor: an array of float, double, int, long, short or byte is needed, found "
                      + array.getClass().getSimpleName());
        };
    return new Tensor(dtype, shape, array);
  }

  /** As {@link #wrap(Shape, Object)}, with the element type given; bool bytes must be 0 or 1. */
  public static Tensor wrap(DType dtype, Shape shape, Object array) {
    if (!dtype.arrayType().isInstance(array)) {
      throw new DTypeException(
          "tensor: "
              + dtype
              + " is stored in a "
              + dtype.arrayType().getSimpleName()
              + ", found "
              + array.getClass().getSimpleName());
    }
    if (dtype == DType.BOOL) {
      checkBits((byte[]) array);
    }
    return new Tensor(dtype, shape, array);
  }

  private static void checkBits(byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] != 0 && bytes[i] != 1) {
        throw new DTypeException("tensor: bool bytes are 0 or 1, found " + bytes[i] + " at " + i);
      }
    }
  }

  /** Type of the elements. */
  public DType dtype() {
    return dtype;
  }

  /** Shape; every dim is known. */
  public Shape shape() {
    return shape;
  }

  /** Number of elements. */
  public int size() {
    return size;
  }

  /**
   * The array that stores the elements, not a copy: for reading only. It is what makes a feed free
   * of copies.
   */
  public Object array() {
    return array;
  }

  /** The same elements in another shape of the same size; both share one array. */
  public Tensor reshape(long... dims) {
    return new Tensor(dtype, Shape.of(dims), array);
  }

  /** Element at these indices, converted to double. */
  public double getDouble(int... index) {
    return doubleAt(offset(index));
  }

  /** Element at these indices, converted to float. */
  public float getFloat(int... index) {
    return (float) getDouble(index);
  }

  /**
   * Element at these indices, converted to long; floats lose their fraction, uint64 gives its bits
   * ({@link Long#toUnsignedString(long)} has the number).
   */
  public long getLong(int... index) {
    return longAt(offset(index));
  }

  private long longAt(int position) {
    return dtype.isFloating()
        ? (long) doubleAt(position)
        : ElementBits.whole(dtype, array, position);
  }

  /** Whether the element at these indices is not 0. */
  public boolean getBoolean(int... index) {
    return getDouble(index) != 0;
  }

  /**
   * Element at a row-major position, converted to double (64-bit integers beyond 2^53 lose digits).
   *
   * @throws IndexOutOfBoundsException if the position is not 0 to {@code size() - 1}
   */
  public double doubleAt(int position) {
    return ElementBits.get(dtype, array, position);
  }

  /** A copy of all elements as floats, in row-major order. */
  public float[] toFloatArray() {
    if (array instanceof float[] floats) {
      return floats.clone();
    }
    var copy = new float[size];
    for (int i = 0; i < size; i++) {
      copy[i] = (float) doubleAt(i);
    }
    return copy;
  }

  /** A copy of all elements as doubles, in row-major order. */
  public double[] toDoubleArray() {
    var copy = new double[size];
    for (int i = 0; i < size; i++) {
      copy[i] = doubleAt(i);
    }
    return copy;
  }

  /** A copy of all elements as {@link #getLong} gives them, in row-major order. */
  public long[] toLongArray() {
    var copy = new long[size];
    for (int i = 0; i < size; i++) {
      copy[i] = longAt(i);
    }
    return copy;
  }

  private int offset(int... index) {
    if (index.length != shape.rank()) {
      throw new ShapeException(
          "tensor: "
              + index.length
              + " indices for shape "
              + shape
              + ", which has "
              + shape.rank());
    }
    int offset = 0;
    for (int axis = 0; axis < index.length; axis++) {
      int extent = (int) shape.dim(axis).value();
      if (index[axis] < 0 || index[axis] >= extent) {
        throw new ShapeException(
            "tensor: index " + Arrays.toString(index) + " is outside of shape " + shape);
      }
      offset = offset * extent + index[axis];
    }
    return offset;
  }

  /** Whether {@code other} is a tensor of the same type, shape and bits (NaN equals NaN). */
  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor tensor
        && dtype == tensor.dtype
        && shape.equals(tensor.shape)
        && Arrays.deepEquals(new Object[] {numbers()}, new Object[] {tensor.numbers()});
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(new Object[] {dtype, shape, numbers()});
  }

  /** The elements as an array in which Java's comparison finds equal what is equal. */
  private Object numbers() {
    return dtype.isHalf() ? toFloatArray() : array;
  }

  /** A scalar as its value; anything else as nested brackets, long axes shortened. */
  @Override
  public String toString() {
    return TensorPrinter.print(this);
  }
}
