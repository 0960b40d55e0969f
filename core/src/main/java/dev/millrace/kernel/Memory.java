package dev.millrace.kernel;

import dev.millrace.kernel.Buffer.Role;
import dev.millrace.tensor.ElementBits;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Optional;

/**
 * The array of one buffer, watched: an access outside of the declared size, a write into an input,
 * a read of what the task has not written and two tasks that write one element are errors.
 */
final class Memory {
  private static final int NOBODY = -1;

  private final Buffer buffer;
  private final Object array;
  private final int size;

  /** Task that wrote each element last; not kept for inputs. */
  private final int[] writers;

  private Memory(Buffer buffer, Object array, int size) {
    this.buffer = buffer;
    this.array = array;
    this.size = size;
    this.writers = new int[buffer.role() == Role.INPUT ? 0 : size];
    Arrays.fill(writers, NOBODY);
  }

  /**
   * Memory of {@code buffer}.
   *
   * @param array the caller's array, which may be longer than {@code size}; none for scratch
   * @throws IllegalArgumentException if the array does not fit the buffer
   */
  static Memory of(Buffer buffer, Optional<Object> array, int size) {
    if (size < 0) {
      throw misfit(buffer, "has the negative size " + size);
    }
    if (buffer.role() == Role.SCRATCH) {
      return new Memory(buffer, buffer.dtype().newArray(size), size);
    }
    Object given =
        array.orElseThrow(() -> misfit(buffer, "needs an array of " + size + ", found none"));
    if (given.getClass() != buffer.dtype().arrayType()) {
      String wanted = buffer.dtype().arrayType().getSimpleName();
      throw misfit(buffer, "needs a " + wanted + ", found " + given.getClass().getSimpleName());
    }
    if (Array.getLength(given) < size) {
      throw misfit(buffer, "has " + size + " elements, the array " + Array.getLength(given));
    }
    return new Memory(buffer, given, size);
  }

  private static IllegalArgumentException misfit(Buffer buffer, String what) {
    return new IllegalArgumentException(
        "kernel: an array must fit its buffer: " + buffer + " " + what);
  }

  /** The element at {@code position}, which a task reads. */
  Number read(int position, int task) {
    check(position);
    if (buffer.role() != Role.INPUT && writers[position] != task) {
      throw new IllegalStateException(
          "kernel: a task reads only what it has written: task "
              + task
              + " reads "
              + at(position)
              + ", written by "
              + writer(position));
    }
    return element(position);
  }

  private Number element(int position) {
    return switch (buffer.dtype()) {
      case FLOAT32 -> (Number) ((float[]) array)[position];
      case FLOAT64 -> (Number) ((double[]) array)[position];
      case FLOAT16 -> (Number) Float.float16ToFloat(((short[]) array)[position]);
      case BFLOAT16 -> (Number) ElementBits.bfloat16ToFloat(((short[]) array)[position]);
      case INT8 -> (Number) (int) ((byte[]) array)[position];
      case INT16 -> (Number) (int) ((short[]) array)[position];
      case INT32 -> (Number) ((int[]) array)[position];
      case INT64 -> (Number) ((long[]) array)[position];
      case UINT8, BOOL -> (Number) Byte.toUnsignedInt(((byte[]) array)[position]);
      case UINT16 -> (Number) Short.toUnsignedInt(((short[]) array)[position]);
      case UINT32 -> (Number) Integer.toUnsignedLong(((int[]) array)[position]);
      case UINT64 -> Arithmetic.unsigned(((long[]) array)[position]);
    };
  }

  /** Sets the element at {@code position} on behalf of a task. */
  void write(int position, int task, Number value) {
    check(position);
    if (buffer.role() == Role.OUTPUT && writers[position] != NOBODY && writers[position] != task) {
      throw new IllegalStateException(
          "kernel: tasks write disjoint elements: task "
              + task
              + " writes "
              + at(position)
              + ", written by "
              + writer(position));
    }
    writers[position] = task;
    switch (array) {
      case float[] floats -> floats[position] = value.floatValue();
      case double[] doubles -> doubles[position] = value.doubleValue();
      case int[] ints -> ints[position] = value.intValue();
      case long[] longs -> longs[position] = value.longValue();
      case short[] shorts -> shorts[position] = bits(value);
      case byte[] bytes -> bytes[position] = value.byteValue();
      default -> throw new AssertionError(array.getClass());
    }
  }

  private short bits(Number value) {
    return switch (buffer.dtype()) {
      case FLOAT16 -> Float.floatToFloat16(value.floatValue());
      case BFLOAT16 -> ElementBits.floatToBfloat16(value.floatValue());
      default -> value.shortValue();
    };
  }

  private void check(int position) {
    if (position < 0 || position >= size) {
      throw new IndexOutOfBoundsException(
          "kernel: an index must lie inside its buffer: "
              + at(position)
              + ", "
              + buffer
              + " has "
              + size
              + " elements");
    }
  }

  private String at(int position) {
    return buffer + "[" + position + "]";
  }

  private String writer(int position) {
    return writers[position] == NOBODY ? "none" : "task " + writers[position];
  }
}
