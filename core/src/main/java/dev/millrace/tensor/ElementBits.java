package dev.millrace.tensor;

/**
 * Conversions between numbers of Java and the bits that arrays store for types that Java has not:
 * 16-bit floating point and unsigned integers.
 *
 * <p>Rounding is to nearest, ties to even, in one step whatever the number comes from; beyond the
 * greatest number it gives infinity. NaN stays NaN.
 */
public final class ElementBits {
  private static final int BFLOAT16_BITS = 16;

  private ElementBits() {}

  /** The nearest float16, as a float. */
  public static float roundToFloat16(float number) {
    return Float.float16ToFloat(Float.floatToFloat16(number));
  }

  /** The nearest float16, as a float. */
  public static float roundToFloat16(double number) {
    return roundToFloat16(toOdd(number));
  }

  /**
   * The nearest bfloat16, as a float; NaN becomes a quiet NaN with the upper half of its bits, as
   * the processors' own conversions have it.
   */
  public static float roundToBfloat16(float number) {
    int bits = Float.floatToRawIntBits(number);
    int rounded = bits + 0x7fff + (bits >>> BFLOAT16_BITS & 1);
    return Float.intBitsToFloat((Float.isNaN(number) ? bits | 0x400000 : rounded) & 0xffff0000);
  }

  /** The nearest bfloat16, as a float. */
  public static float roundToBfloat16(double number) {
    return roundToBfloat16(toOdd(number));
  }

  /** What the bits of a bfloat16 stand for. */
  public static float bfloat16ToFloat(short bits) {
    return Float.intBitsToFloat(bits << BFLOAT16_BITS);
  }

  /** The bits of the nearest bfloat16. */
  public static short floatToBfloat16(float number) {
    return (short) (Float.floatToRawIntBits(roundToBfloat16(number)) >>> BFLOAT16_BITS);
  }

  /**
   * A float from which another rounding to fewer digits gives what rounding the double itself
   * would: of the two neighbours of a double that is no float the one whose last bit is set (Boldo
   * and Melquiond, "When double rounding is odd", 2005).
   */
  private static float toOdd(double number) {
    float near = (float) number;
    if (near == number || Double.isNaN(number) || (Float.floatToRawIntBits(near) & 1) != 0) {
      return near;
    }
    return near < number ? Math.nextUp(near) : Math.nextDown(near);
  }

  /** The number 0 to 2^64 - 1 with these bits, rounded once. */
  public static double unsignedToDouble(long bits) {
    return bits >= 0 ? bits : 2.0 * ((bits >>> 1) | (bits & 1));
  }

  /** The number 0 to 2^64 - 1 with these bits, rounded once. */
  public static float unsignedToFloat(long bits) {
    return bits >= 0 ? bits : 2f * ((bits >>> 1) | (bits & 1));
  }

  /**
   * The bits of a number as a uint64: what is beyond saturates, NaN gives 0, and a negative number
   * wraps as that of int64 does, so that -1 gives 2^64 - 1.
   */
  public static long doubleToUnsigned(double number) {
    if (number < 0x1p63) {
      return (long) number;
    }
    return number >= 0x1p64
        ? -1
        : Double.isNaN(number) ? 0 : (long) (number - 0x1p63) ^ Long.MIN_VALUE;
  }

  /** The bits of {@code number} as an element of {@code dtype}, as a cast converts it. */
  static long bits(DType dtype, double number) {
    return switch (dtype) {
      case FLOAT32, FLOAT64 -> throw new AssertionError(dtype);
      case FLOAT16 -> Float.floatToFloat16(roundToFloat16(number));
      case BFLOAT16 -> floatToBfloat16(roundToBfloat16(number));
      case INT32 -> (int) number;
      case INT64, INT8, INT16, UINT8, UINT16, UINT32 -> (long) number;
      case UINT64 -> doubleToUnsigned(number);
      case BOOL -> number == 0 ? 0 : 1;
    };
  }

  /** Sets an element of an array of {@code dtype} to {@code number}, as a cast converts it. */
  static void set(DType dtype, Object array, int position, double number) {
    switch (array) {
      case float[] floats -> floats[position] = (float) number;
      case double[] doubles -> doubles[position] = number;
      case short[] shorts -> shorts[position] = (short) bits(dtype, number);
      case int[] ints -> ints[position] = (int) bits(dtype, number);
      case long[] longs -> longs[position] = bits(dtype, number);
      case byte[] bytes -> bytes[position] = (byte) bits(dtype, number);
      default -> throw new AssertionError(array);
    }
  }

  /** An element of an array of {@code dtype} as a double; 64-bit integers are rounded. */
  static double get(DType dtype, Object array, int position) {
    return switch (dtype) {
      case FLOAT32 -> ((float[]) array)[position];
      case FLOAT64 -> ((double[]) array)[position];
      case FLOAT16 -> Float.float16ToFloat(((short[]) array)[position]);
      case BFLOAT16 -> bfloat16ToFloat(((short[]) array)[position]);
      case UINT64 -> unsignedToDouble(((long[]) array)[position]);
      case INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, BOOL -> whole(dtype, array, position);
    };
  }

  /** An element of an array of integers as a long: of uint64 its bits. */
  static long whole(DType dtype, Object array, int position) {
    return switch (dtype) {
      case INT8 -> ((byte[]) array)[position];
      case INT16 -> ((short[]) array)[position];
      case INT32 -> ((int[]) array)[position];
      case INT64, UINT64 -> ((long[]) array)[position];
      case UINT8, BOOL -> Byte.toUnsignedInt(((byte[]) array)[position]);
      case UINT16 -> Short.toUnsignedInt(((short[]) array)[position]);
      case UINT32 -> Integer.toUnsignedLong(((int[]) array)[position]);
      case FLOAT32, FLOAT64, FLOAT16, BFLOAT16 -> throw new AssertionError(dtype);
    };
  }
}
