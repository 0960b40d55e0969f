package dev.millrace.cpu;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.millrace.kernel.ScalarOp;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/** Writes operations of integers and bool; the operands are on the stack. */
final class IntegralOps {
  private final CodeBuilder code;

  IntegralOps(CodeBuilder code) {
    this.code = code;
  }

  /** Pops the operands and pushes the result; that of a narrow type is still to be wrapped. */
  void apply(ScalarOp op, JvmType type) {
    switch (type) {
      case LONG, UNSIGNED_INT -> longs(op);
      case UNSIGNED_LONG -> unsignedLongs(op);
      case INT, BYTE, SIGNED_BYTE, SHORT -> {
        if (op == ScalarOp.BIT_COUNT && type != JvmType.INT) {
          // Of a negative number the bits above its type's are set, too.
          code.loadConstant(type == JvmType.SHORT ? 0xffff : 0xff).iand();
        }
        ints(op);
      }
      case FLOAT, DOUBLE, HALF -> throw new AssertionError(type);
    }
  }

  private void unsignedLongs(ScalarOp op) {
    switch (op) {
      case DIVIDE, FLOOR_DIVIDE -> unsigned(ClassNames.LONG, "divideUnsigned", 2);
      case MODULO, REMAINDER -> unsigned(ClassNames.LONG, "remainderUnsigned", 2);
      case MAXIMUM -> unsigned(ClassNames.of(ScalarFunctions.class), "maxUnsigned", 2);
      case MINIMUM -> unsigned(ClassNames.of(ScalarFunctions.class), "minUnsigned", 2);
      case SIGN -> unsigned(ClassNames.of(ScalarFunctions.class), "signUnsigned", 1);
      case SHIFT_RIGHT -> unsigned(ClassNames.of(ScalarFunctions.class), "shiftRightUnsigned", 2);
      case ABS -> {}
      default -> longs(op);
    }
  }

  private void unsigned(ClassDesc owner, String name, int count) {
    ScalarWriter.call(code, owner, name, CD_long, count);
  }

  private void ints(ScalarOp op) {
    switch (op) {
      case ADD -> code.iadd();
      case SUBTRACT -> code.isub();
      case MULTIPLY -> code.imul();
      case DIVIDE -> code.idiv();
      case NEGATE -> code.ineg();
      case MODULO -> math("floorMod", false, 2);
      case MAXIMUM -> math("max", false, 2);
      case MINIMUM -> math("min", false, 2);
      case ABS -> math("abs", false, 1);
      case SIGN ->
          code.invokestatic(
              ClassNames.of(Integer.class), "signum", MethodTypeDesc.of(CD_int, CD_int));
      case REMAINDER -> code.irem();
      case FLOOR_DIVIDE -> math("floorDiv", false, 2);
      case AND, BIT_AND -> code.iand();
      case OR, BIT_OR -> code.ior();
      case BIT_XOR -> code.ixor();
      case BIT_NOT -> code.iconst_m1().ixor();
      case SHIFT_LEFT -> shift("shiftLeft", CD_int);
      case SHIFT_RIGHT -> shift("shiftRight", CD_int);
      case BIT_COUNT ->
          ScalarWriter.call(code, ClassNames.of(Integer.class), "bitCount", CD_int, 1);
      case NOT -> code.iconst_1().ixor();
      default -> throw new AssertionError(op);
    }
  }

  private void longs(ScalarOp op) {
    switch (op) {
      case ADD -> code.ladd();
      case SUBTRACT -> code.lsub();
      case MULTIPLY -> code.lmul();
      case DIVIDE -> code.ldiv();
      case NEGATE -> code.lneg();
      case MODULO -> math("floorMod", true, 2);
      case MAXIMUM -> math("max", true, 2);
      case MINIMUM -> math("min", true, 2);
      case ABS -> math("abs", true, 1);
      case SIGN ->
          code.invokestatic(ClassNames.LONG, "signum", MethodTypeDesc.of(CD_int, CD_long)).i2l();
      case REMAINDER -> code.lrem();
      case FLOOR_DIVIDE -> math("floorDiv", true, 2);
      case BIT_AND -> code.land();
      case BIT_OR -> code.lor();
      case BIT_XOR -> code.lxor();
      case BIT_NOT -> code.loadConstant(-1L).lxor();
      case SHIFT_LEFT -> shift("shiftLeft", CD_long);
      case SHIFT_RIGHT -> shift("shiftRight", CD_long);
      case BIT_COUNT ->
          code.invokestatic(ClassNames.LONG, "bitCount", MethodTypeDesc.of(CD_int, CD_long)).i2l();
      default -> throw new AssertionError(op);
    }
  }

  private void shift(String name, ClassDesc type) {
    ScalarWriter.call(code, ClassNames.of(ScalarFunctions.class), name, type, 2);
  }

  private void math(String name, boolean wide, int count) {
    ScalarWriter.call(code, ClassNames.MATH, name, wide ? CD_long : CD_int, count);
  }
}
