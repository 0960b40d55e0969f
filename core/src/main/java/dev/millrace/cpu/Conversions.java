package dev.millrace.cpu;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_short;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.ElementBits;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/** Writes conversions of the number on the stack, between types and to and from arrays. */
final class Conversions {
  private static final ClassDesc BITS = ClassNames.of(ElementBits.class);
  private static final ClassDesc FLOAT = ClassNames.of(Float.class);

  private final CodeBuilder code;

  Conversions(CodeBuilder code) {
    this.code = code;
  }

  /** From an array's element to the local's number; for the types that differ there. */
  void widen(DType dtype) {
    switch (dtype) {
      case FLOAT16 -> call(FLOAT, "float16ToFloat", CD_float, CD_short);
      case BFLOAT16 -> call(BITS, "bfloat16ToFloat", CD_float, CD_short);
      case UINT32 -> {
        code.i2l();
        wrap(dtype);
      }
      case UINT8, UINT16 -> wrap(dtype);
      case FLOAT32, FLOAT64, INT8, INT16, INT32, INT64, UINT64, BOOL -> {}
    }
  }

  /** From the local's number to an array's element, which drops bits that are too many. */
  void narrow(DType dtype) {
    switch (dtype) {
      case FLOAT16 -> call(FLOAT, "floatToFloat16", CD_short, CD_float);
      case BFLOAT16 -> call(BITS, "floatToBfloat16", CD_short, CD_float);
      case UINT32 -> code.l2i();
      case FLOAT32, FLOAT64, INT8, INT16, INT32, INT64, UINT8, UINT16, UINT64, BOOL -> {}
    }
  }

  /** Brings an int or long back to the range of its type, if it is narrower. */
  void wrap(DType dtype) {
    switch (dtype) {
      case INT8 -> code.i2b();
      case INT16 -> code.i2s();
      case UINT8 -> code.loadConstant(0xff).iand();
      case UINT16 -> code.i2c();
      case UINT32 -> code.loadConstant(0xffffffffL).land();
      case FLOAT32, FLOAT64, FLOAT16, BFLOAT16, INT32, INT64, UINT64, BOOL -> {}
    }
  }

  /** From one type to another, which is not bool. */
  void cast(DType from, DType to) {
    TypeKind source = JvmType.of(from).local();
    switch (to) {
      case FLOAT16 -> half(from, "roundToFloat16");
      case BFLOAT16 -> half(from, "roundToBfloat16");
      case UINT64 -> {
        if (from.isFloating()) {
          convert(source, TypeKind.DOUBLE);
          call(BITS, "doubleToUnsigned", CD_long, CD_double);
        } else {
          convert(source, TypeKind.LONG);
        }
      }
      case INT8, INT16, UINT8, UINT16 -> {
        // Not straight to int: a float beyond its range would saturate there, and wrap by way of
        // long.
        convert(source, TypeKind.LONG);
        code.l2i();
        wrap(to);
      }
      case UINT32 -> {
        convert(source, TypeKind.LONG);
        wrap(to);
      }
      case FLOAT32, FLOAT64 -> number(from, JvmType.of(to).local());
      case INT32, INT64 -> convert(source, JvmType.of(to).local());
      case BOOL -> throw new AssertionError(to);
    }
  }

  /** To float or double. */
  private void number(DType from, TypeKind to) {
    if (from == DType.UINT64) {
      boolean single = to == TypeKind.FLOAT;
      ClassDesc type = single ? CD_float : CD_double;
      call(BITS, single ? "unsignedToFloat" : "unsignedToDouble", type, CD_long);
    } else {
      convert(JvmType.of(from).local(), to);
    }
  }

  private void half(DType from, String rounding) {
    boolean single = JvmType.of(from).local() == TypeKind.FLOAT;
    if (!single) {
      number(from, TypeKind.DOUBLE);
    }
    call(BITS, rounding, CD_float, single ? CD_float : CD_double);
  }

  private void convert(TypeKind from, TypeKind to) {
    if (from != to) {
      code.conversion(from, to);
    }
  }

  private void call(ClassDesc owner, String name, ClassDesc result, ClassDesc operand) {
    code.invokestatic(owner, name, MethodTypeDesc.of(result, operand));
  }
}
