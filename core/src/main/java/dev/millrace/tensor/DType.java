package dev.millrace.tensor;

/** The type of a tensor's elements, and the primitive Java array that stores them. */
public enum DType {
  /** IEEE 754 single precision, stored in a {@code float[]}. */
  FLOAT32(4, float[].class),
  /** IEEE 754 double precision, stored in a {@code double[]}. */
  FLOAT64(8, double[].class),
  /** Two's complement, 32 bits, stored in an {@code int[]}; arithmetic wraps. */
  INT32(4, int[].class),
  /** Two's complement, 64 bits, stored in a {@code long[]}; arithmetic wraps. */
  INT64(8, long[].class),
  /** 0 to 255, stored in a {@code byte[]}; arithmetic wraps. */
  UINT8(1, byte[].class),
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

  /** Whether this is {@link #FLOAT32} or {@link #FLOAT64}. */
  public boolean isFloating() {
    return this == FLOAT32 || this == FLOAT64;
  }

  /** Whether this is {@link #INT32}, {@link #INT64} or {@link #UINT8}. */
  public boolean isInteger() {
    return this == INT32 || this == INT64 || this == UINT8;
  }

  /** Whether elements are numbers: everything but {@link #BOOL}. */
  public boolean isNumeric() {
    return this != BOOL;
  }

  /**
   * Whether an element can be {@code number}: any number for floating-point types, which round it,
   * otherwise an integer in the type's range.
   */
  public boolean represents(double number) {
    return switch (this) {
      case FLOAT32, FLOAT64 -> true;
      case INT32 -> number == (int) number;
      case INT64 -> number == (long) number && number < 0x1p63;
      case UINT8 -> number == ((int) number & 0xff);
      case BOOL -> number == 0 || number == 1;
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
        case INT32 -> new int[length];
        case INT64 -> new long[length];
        case UINT8, BOOL -> new byte[length];
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
