package dev.millrace.tensor;

/** The type of a tensor's elements, and the primitive Java array that stores them. */
public enum DType {
  /** IEEE 754 single precision, stored in a {@code float[]}. */
  FLOAT32(4, float[].class),
  /** IEEE 754 double precision, stored in a {@code double[]}. */
  FLOAT64(8, double[].class),
  /** IEEE 754 half precision, its bits stored in a {@code short[]}; computed in float32. */
  FLOAT16(2, short[].class),
  /** The upper half of a float32, stored in a {@code short[]}; computed in float32. */
  BFLOAT16(2, short[].class),
  /** Two's complement, 32 bits, stored in an {@code int[]}; arithmetic wraps. */
  INT32(4, int[].class),
  /** Two's complement, 64 bits, stored in a {@code long[]}; arithmetic wraps. */
  INT64(8, long[].class),
  /** Two's complement, 8 bits, stored in a {@code byte[]}; arithmetic wraps. */
  INT8(1, byte[].class),
  /** Two's complement, 16 bits, stored in a {@code short[]}; arithmetic wraps. */
  INT16(2, short[].class),
  /** 0 to 255, stored in a {@code byte[]}; arithmetic wraps. */
  UINT8(1, byte[].class),
  /** 0 to 65,535, stored in a {@code short[]}; arithmetic wraps. */
  UINT16(2, short[].class),
  /** 0 to 2^32 - 1, stored in an {@code int[]}; arithmetic wraps. */
  UINT32(4, int[].class),
  /** 0 to 2^64 - 1, stored in a {@code long[]}; arithmetic wraps. */
  UINT64(8, long[].class),
  /** False or true, stored as 0 or 1 in a {@code byte[]}. */
  BOOL(1, byte[].class);

  private static final long MEBIBYTE = 1 << 20;

  private final int bytes;
  private final Class<?> arrayType;

  DType(int bytes, Class<?> arrayType) {
    this.bytes = bytes;
    this.arrayType = arrayType;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** Class of the primitive array that stores elements of this type. */
  public Class<?> arrayType() {
    return arrayType;
  }

  /**
   * Whether elements are floating-point numbers: {@link #FLOAT32}, {@link #FLOAT64}, {@link
   * #FLOAT16} or {@link #BFLOAT16}.
   */
  public boolean isFloating() {
    return this == FLOAT32 || this == FLOAT64 || isHalf();
  }

  /** Whether this is {@link #FLOAT16} or {@link #BFLOAT16}, which are computed in float32. */
  public boolean isHalf() {
    return this == FLOAT16 || this == BFLOAT16;
  }

  /** Whether elements are whole numbers: {@link #INT8} to {@link #UINT64}. */
  public boolean isInteger() {
    return !isFloating() && this != BOOL;
  }

  /** Whether this is {@link #UINT8}, {@link #UINT16}, {@link #UINT32} or {@link #UINT64}. */
  public boolean isUnsigned() {
    return this == UINT8 || this == UINT16 || this == UINT32 || this == UINT64;
  }

  /** Whether elements are numbers: everything but {@link #BOOL}. */
  public boolean isNumeric() {
    return this != BOOL;
  }

  /**
   * Whether an element can be {@code number}: any number for floating-point types, which round it
   * (but none beyond the 65,504 of float16), otherwise an integer in the type's range.
   */
  public boolean represents(double number) {
    return switch (this) {
      case FLOAT32, FLOAT64, BFLOAT16 -> true;
      case FLOAT16 ->
          !Double.isFinite(number) || Float.isFinite(ElementBits.roundToFloat16(number));
      case INT8 -> number == (byte) number;
      case INT16 -> number == (short) number;
      case INT32 -> number == (int) number;
      case INT64 -> number == (long) number && number < 0x1p63;
      case UINT8 -> number == ((int) number & 0xff);
      case UINT16 -> number == ((int) number & 0xffff);
      case UINT32 -> number == ((long) number & 0xffffffffL);
      case UINT64 -> number >= 0 && number < 0x1p64 && number == Math.rint(number);
      case BOOL -> number == 0 || number == 1;
    };
  }

  /** The least element, -infinity for floating point. */
  public double least() {
    return switch (this) {
      case FLOAT32, FLOAT64, FLOAT16, BFLOAT16 -> Double.NEGATIVE_INFINITY;
      case INT8 -> Byte.MIN_VALUE;
      case INT16 -> Short.MIN_VALUE;
      case INT32 -> Integer.MIN_VALUE;
      case INT64 -> Long.MIN_VALUE;
      case UINT8, UINT16, UINT32, UINT64, BOOL -> 0;
    };
  }

  /** The greatest element, infinity for floating point; that of 64-bit integers is rounded. */
  public double greatest() {
    return switch (this) {
      case FLOAT32, FLOAT64, FLOAT16, BFLOAT16 -> Double.POSITIVE_INFINITY;
      case INT8 -> Byte.MAX_VALUE;
      case INT16 -> Short.MAX_VALUE;
      case INT32 -> Integer.MAX_VALUE;
      case INT64 -> Long.MAX_VALUE;
      case UINT8 -> 0xff;
      case UINT16 -> 0xffff;
      case UINT32 -> 0xffffffffL;
      case UINT64 -> 0x1p64;
      case BOOL -> 1;
    };
  }

  /**
   * A new array of {@code length} zeros.
   *
   * @throws MillraceException if the heap has no room for it, an error that a program can go on
   *     from
   */
  public Object newArray(int length) {
    try {
      return switch (this) {
        case FLOAT32 -> new float[length];
        case FLOAT64 -> new double[length];
        case FLOAT16, BFLOAT16, INT16, UINT16 -> new short[length];
        case INT32, UINT32 -> new int[length];
        case INT64, UINT64 -> new long[length];
        case INT8, UINT8, BOOL -> new byte[length];
      };
    } catch (OutOfMemoryError full) {
      throw new MillraceException(
          "tensor: "
              + length
              + " elements of "
              + this
              + " take "
              + (long) length * bytes / MEBIBYTE
              + " MiB, which the heap of "
              + Runtime.getRuntime().maxMemory() / MEBIBYTE
              + " MiB has no room for; make it smaller (a batch, for instance), or give Java more"
              + " with -Xmx",
          full);
    }
  }
}
