package dev.millrace.cpu;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.millrace.kernel.ScalarOp;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.MethodTypeDesc;

/** Writes operations of integers and bool; the operands are on the stack. */
final class IntegralOps {
  private final CodeBuilder code;

  IntegralOps(CodeBuilder code) {
    this.code = code;
  }

  /** Pops the operands and pushes the result; uint8's is still to be masked. */
  void apply(ScalarOp op, JvmType type) {
    if (type == JvmType.LONG) {
      longs(op);
    } else {
      ints(op);
    }
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
      case AND -> code.iand();
      case OR -> code.ior();
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
      default -> throw new AssertionError(op);
    }
  }

  private void math(String name, boolean wide, int count) {
    ScalarWriter.call(code, ClassNames.MATH, name, wide ? CD_long : CD_int, count);
  }
}
