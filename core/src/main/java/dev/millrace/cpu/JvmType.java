package dev.millrace.cpu;

import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_short;

import dev.millrace.tensor.DType;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;

/**
 * How the JVM holds values of a {@link DType}: {@code local} in locals, {@code element} in arrays.
 */
enum JvmType {
  FLOAT(TypeKind.FLOAT, TypeKind.FLOAT, CD_float),
  DOUBLE(TypeKind.DOUBLE, TypeKind.DOUBLE, CD_double),
  INT(TypeKind.INT, TypeKind.INT, CD_int),
  LONG(TypeKind.LONG, TypeKind.LONG, CD_long),
  /** uint8 and bool: numbers 0 to 255 in int locals. */
  BYTE(TypeKind.INT, TypeKind.BYTE, CD_byte),
  /** int8, in int locals. */
  SIGNED_BYTE(TypeKind.INT, TypeKind.BYTE, CD_byte),
  /** int16 and uint16, in int locals. */
  SHORT(TypeKind.INT, TypeKind.SHORT, CD_short),
  /** float16 and bfloat16: as floats in locals. */
  HALF(TypeKind.FLOAT, TypeKind.SHORT, CD_short),
  /** uint32: numbers 0 to 2^32 - 1 in long locals. */
  UNSIGNED_INT(TypeKind.LONG, TypeKind.INT, CD_int),
  /** uint64: its bits in long locals. */
  UNSIGNED_LONG(TypeKind.LONG, TypeKind.LONG, CD_long);

  private final TypeKind local;
  private final TypeKind element;
  private final ClassDesc elementClass;

  JvmType(TypeKind local, TypeKind element, ClassDesc elementClass) {
    this.local = local;
    this.element = element;
    this.elementClass = elementClass;
  }

  static JvmType of(DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> FLOAT;
      case FLOAT64 -> DOUBLE;
      case INT32 -> INT;
      case INT64 -> LONG;
      case UINT8, BOOL -> BYTE;
      case INT8 -> SIGNED_BYTE;
      case INT16, UINT16 -> SHORT;
      case FLOAT16, BFLOAT16 -> HALF;
      case UINT32 -> UNSIGNED_INT;
      case UINT64 -> UNSIGNED_LONG;
    };
  }

  TypeKind local() {
    return local;
  }

  TypeKind element() {
    return element;
  }

  ClassDesc array() {
    return elementClass.arrayType();
  }

  /** Class of a local of this type. */
  ClassDesc localClass() {
    return local.upperBound();
  }
}
