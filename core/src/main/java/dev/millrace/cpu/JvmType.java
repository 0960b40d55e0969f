package dev.millrace.cpu;

import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

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
  BYTE(TypeKind.INT, TypeKind.BYTE, CD_byte);

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
    return this == BYTE ? CD_int : elementClass;
  }
}
