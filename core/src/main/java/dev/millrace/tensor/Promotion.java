package dev.millrace.tensor;

import java.util.List;
import java.util.Optional;

/**
 * The type that two operands of different types are converted to: the smallest one that holds every
 * number of both, an integer one before a floating one. There is none for 64-bit integers and
 * floating point, nor for uint64 and an integer with a sign: each conversion would lose digits of
 * some numbers without a word.
 *
 * <p>Ops do not promote by themselves: they refuse operands of different types and name the type to
 * convert to. A number of Java has no type of its own; it takes that of the other operand, and is
 * refused if that type has no such number.
 */
public final class Promotion {
  /** From the smallest on; of one size, integers first. */
  private static final List<DType> ORDER =
      List.of(
          DType.BOOL,
          DType.INT8,
          DType.UINT8,
          DType.INT16,
          DType.UINT16,
          DType.FLOAT16,
          DType.BFLOAT16,
          DType.INT32,
          DType.UINT32,
          DType.FLOAT32,
          DType.INT64,
          DType.UINT64,
          DType.FLOAT64);

  private Promotion() {}

  /** The type that holds every number of {@code a} and {@code b}; empty if there is none. */
  public static Optional<DType> of(DType a, DType b) {
    boolean whole = !a.isFloating() && !b.isFloating();
    return ORDER.stream()
        .filter(type -> whole != type.isFloating() && holds(type, a) && holds(type, b))
        .findFirst();
  }

  /** Whether every number of {@code part} is one of {@code type}. */
  public static boolean holds(DType type, DType part) {
    if (type == part) {
      return true;
    }
    boolean signs = isSigned(type) || !isSigned(part);
    boolean fractions = type.isFloating() || !part.isFloating();
    return signs
        && fractions
        && digits(type) >= digits(part)
        && (!part.isFloating() || exponentBits(type) >= exponentBits(part));
  }

  private static boolean isSigned(DType type) {
    return type.isNumeric() && !type.isUnsigned();
  }

  /** Binary digits of the greatest whole number up to which all are there. */
  private static int digits(DType type) {
    return switch (type) {
      case BOOL -> 1;
      case BFLOAT16, UINT8 -> 8;
      case INT8 -> 7;
      case FLOAT16 -> 11;
      case INT16 -> 15;
      case UINT16 -> 16;
      case FLOAT32 -> 24;
      case INT32 -> 31;
      case UINT32 -> 32;
      case FLOAT64 -> 53;
      case INT64 -> 63;
      case UINT64 -> 64;
    };
  }

  private static int exponentBits(DType type) {
    return switch (type) {
      case FLOAT16 -> 5;
      case FLOAT32, BFLOAT16 -> 8;
      case FLOAT64 -> 11;
      case BOOL, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT32, UINT64 -> 0;
    };
  }

  /** What to do about operands of these types, for a message. */
  public static String advice(DType a, DType b) {
    DType floating = a.isFloating() ? a : b;
    boolean mixed = a.isFloating() != b.isFloating();
    if (of(a, b).isEmpty()) {
      return "; no type holds all numbers of both: convert one"
          + cast(mixed ? floating : DType.INT64);
    }
    DType common = of(a, b).get();
    if (common == a || common == b) {
      return "; convert one" + cast(common);
    }
    String rounded = mixed ? ", or one" + cast(floating) + ", which rounds great numbers" : "";
    return "; convert both" + cast(common) + rounded;
  }

  private static String cast(DType type) {
    return " with cast(x, " + type + ")";
  }
}
