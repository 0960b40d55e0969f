package dev.millrace.cpu;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;

import dev.millrace.kernel.ElementaryFunctions;
import dev.millrace.kernel.GammaFunctions;
import dev.millrace.kernel.ScalarOp;
import dev.millrace.kernel.SpecialFunctions;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.ElementBits;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.util.List;
import java.util.Locale;

/** Writes floating-point operations. */
final class FloatingOps {
  private final Frame frame;
  private final CodeBuilder code;

  FloatingOps(Frame frame) {
    this.frame = frame;
    this.code = frame.code;
  }

  /** Pushes {@code op} of the operands. */
  void apply(ScalarOp op, DType type, List<Integer> operands) {
    boolean rounded = type == DType.FLOAT32 && isComputedInDouble(op);
    for (int operand : operands) {
      frame.value(operand);
      if (rounded) {
        code.f2d();
      }
    }
    write(code, op, type == DType.FLOAT32 && !rounded);
    if (rounded) {
      code.d2f();
    }
  }

  private static boolean isComputedInDouble(ScalarOp op) {
    return switch (op) {
      case MODULO, POWER, SQRT, SIN, COS, ERF, NDTRI, FLOOR, CEIL, ROUND -> true;
      case REMAINDER, FLOOR_DIVIDE -> true;
      case TAN, ASIN, ACOS, ATAN, ATAN2, HYPOT, SINH, COSH, ASINH, ACOSH, ATANH -> true;
      case EXP2, LOG2, LOG10, CBRT, ERFC, ERFINV, LGAMMA, POLYGAMMA, SINC -> true;
      default -> false;
    };
  }

  /** Pops operands of the type that is computed in and pushes the result. */
  static void write(CodeBuilder code, ScalarOp op, boolean single) {
    switch (op) {
      case ADD, SUBTRACT, MULTIPLY, DIVIDE, NEGATE -> {
        if (single) {
          single(code, op);
        } else {
          twofold(code, op);
        }
      }
      case MAXIMUM -> math(code, "max", single, 2);
      case MINIMUM -> math(code, "min", single, 2);
      case ABS -> math(code, "abs", single, 1);
      case SIGN -> math(code, "signum", single, 1);
      case EXP, EXPM1, LOG, LOG1P, TANH -> {
        String name = lowerCase(op);
        ClassDesc owner = single ? ClassNames.of(ScalarMath.class) : ClassNames.MATH;
        ScalarWriter.call(code, owner, name, single ? CD_float : CD_double, 1);
      }
      case REMAINDER -> code.drem();
      case MODULO -> call(code, ElementaryFunctions.class, "modulo", 2);
      case FLOOR_DIVIDE -> call(code, ElementaryFunctions.class, "floorDivide", 2);
      case POWER -> math(code, "pow", false, 2);
      case SQRT -> math(code, "sqrt", false, 1);
      case SIN, COS, TAN, ASIN, ACOS, ATAN, SINH, COSH, LOG10, CBRT, FLOOR, CEIL ->
          math(code, lowerCase(op), false, 1);
      case ATAN2, HYPOT -> math(code, lowerCase(op), false, 2);
      case ASINH, ACOSH, ATANH, EXP2, LOG2 ->
          call(code, ElementaryFunctions.class, lowerCase(op), 1);
      case SINC -> call(code, ElementaryFunctions.class, "sinc", 2);
      case LGAMMA -> call(code, GammaFunctions.class, "lgamma", 1);
      case POLYGAMMA -> call(code, GammaFunctions.class, "polygamma", 2);
      case ERF, ERFC, ERFINV, NDTRI -> call(code, SpecialFunctions.class, lowerCase(op), 1);
      case ROUND -> math(code, "rint", false, 1);
      case ROUND_TO_BFLOAT16 ->
          ScalarWriter.call(code, ClassNames.of(ElementBits.class), "roundToBfloat16", CD_float, 1);
      case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, AND, OR, NOT, SELECT, CAST ->
          throw new AssertionError(op);
      case BIT_AND, BIT_OR, BIT_XOR, BIT_NOT, SHIFT_LEFT, SHIFT_RIGHT, BIT_COUNT ->
          throw new AssertionError(op);
    }
  }

  private static String lowerCase(ScalarOp op) {
    return op.name().toLowerCase(Locale.ROOT);
  }

  private static void single(CodeBuilder code, ScalarOp op) {
    switch (op) {
      case ADD -> code.fadd();
      case SUBTRACT -> code.fsub();
      case MULTIPLY -> code.fmul();
      case DIVIDE -> code.fdiv();
      case NEGATE -> code.fneg();
      default -> throw new AssertionError(op);
    }
  }

  private static void twofold(CodeBuilder code, ScalarOp op) {
    switch (op) {
      case ADD -> code.dadd();
      case SUBTRACT -> code.dsub();
      case MULTIPLY -> code.dmul();
      case DIVIDE -> code.ddiv();
      case NEGATE -> code.dneg();
      default -> throw new AssertionError(op);
    }
  }

  private static void math(CodeBuilder code, String name, boolean single, int count) {
    ScalarWriter.call(code, ClassNames.MATH, name, single ? CD_float : CD_double, count);
  }

  private static void call(CodeBuilder code, Class<?> owner, String name, int count) {
    ScalarWriter.call(code, ClassNames.of(owner), name, CD_double, count);
  }
}
