package dev.millrace.cpu;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.millrace.kernel.ScalarOp;
import dev.millrace.kernel.Statement.Accumulator;
import dev.millrace.kernel.Statement.Combiner;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.ElementBits;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.MethodTypeDesc;

/** Writes the folding of one accumulator, one value per iteration of a scalar loop. */
sealed interface FoldWriter {
  /** Before the loop. */
  void start();

  /** In each iteration; {@code iteration} and {@code position} are int locals. */
  void take(int begin, int position);

  /** After the loop: sets the result. */
  void finish();

  static FoldWriter of(Frame frame, Accumulator accumulator, int lanes) {
    JvmType type = JvmType.of(accumulator.dtype());
    if (accumulator.combiner().isPosition()) {
      return new First(frame, accumulator, type);
    }
    return lanes > 1 && Partials.isOrdered(accumulator.combiner(), type)
        ? new Lanes(frame, accumulator, type, lanes)
        : new Single(frame, accumulator, type);
  }

  /** What a fold starts from. */
  static ConstantDesc neutral(Combiner combiner, DType dtype) {
    double value =
        switch (combiner) {
          case SUM -> 0;
          case PRODUCT -> 1;
          case MAXIMUM -> Double.NEGATIVE_INFINITY;
          case MINIMUM -> Double.POSITIVE_INFINITY;
          case FIRST_MAXIMUM, FIRST_MINIMUM -> throw new AssertionError(combiner);
        };
    return switch (dtype) {
      case FLOAT32 -> (ConstantDesc) (float) value;
      case FLOAT64 -> value;
      case INT8 -> (int) Math.clamp(value, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case INT16 -> (int) Math.clamp(value, Short.MIN_VALUE, Short.MAX_VALUE);
      case INT32 -> (int) value;
      case INT64 -> (long) value;
      case UINT8 -> (int) Math.clamp(value, 0, 255);
      case UINT16 -> (int) Math.clamp(value, 0, 0xffff);
      case UINT32 -> (long) Math.clamp(value, 0, 0xffffffffL);
      case UINT64 -> ElementBits.doubleToUnsigned(Math.max(value, 0));
      case FLOAT16, BFLOAT16 -> throw new AssertionError(dtype);
      case BOOL -> (int) Math.clamp(value, 0, 1);
    };
  }

  /** Pops the partial result and a value and pushes the new partial result. */
  static void combine(CodeBuilder code, Combiner combiner, DType dtype) {
    ScalarOp op =
        switch (combiner) {
          case SUM -> ScalarOp.ADD;
          case PRODUCT -> ScalarOp.MULTIPLY;
          case MAXIMUM -> ScalarOp.MAXIMUM;
          case MINIMUM -> ScalarOp.MINIMUM;
          case FIRST_MAXIMUM, FIRST_MINIMUM -> throw new AssertionError(combiner);
        };
    if (dtype.isFloating()) {
      FloatingOps.write(code, op, dtype == DType.FLOAT32);
    } else {
      new IntegralOps(code).apply(op, JvmType.of(dtype));
    }
    new Conversions(code).wrap(dtype);
  }

  /** One partial result in a local: the order is that of the loop, or does not matter. */
  record Single(Frame frame, Accumulator accumulator, JvmType type) implements FoldWriter {
    @Override
    public void start() {
      frame.code.loadConstant(neutral(accumulator.combiner(), accumulator.dtype()));
      frame.storeNew(accumulator.result());
    }

    @Override
    public void take(int begin, int position) {
      frame.value(accumulator.result());
      frame.value(accumulator.value());
      combine(frame.code, accumulator.combiner(), accumulator.dtype());
      frame.store(accumulator.result());
    }

    @Override
    public void finish() {}
  }

  /** A stretch of {@link Partials}. */
  record Lanes(Frame frame, Accumulator accumulator, JvmType type, int lanes)
      implements FoldWriter {
    @Override
    public void start() {
      stretch();
      frame.code.loadConstant(neutral(accumulator.combiner(), accumulator.dtype()));
      call("fill", MethodTypeDesc.of(CD_void, type.array(), CD_int, CD_int, type.localClass()));
    }

    @Override
    public void take(int begin, int position) {
      frame.partials(type);
      frame.code.iload(position).iload(begin).isub().loadConstant(lanes - 1).iand();
      int offset = frame.owner.partials().offset(accumulator);
      if (offset > 0) {
        frame.code.loadConstant(offset).iadd();
      }
      frame.code.dup2().arrayLoad(type.element());
      frame.value(accumulator.value());
      combine(frame.code, accumulator.combiner(), accumulator.dtype());
      frame.code.arrayStore(type.element());
    }

    @Override
    public void finish() {
      stretch();
      String name = accumulator.combiner() == Combiner.SUM ? "sum" : "product";
      call(name, MethodTypeDesc.of(type.localClass(), type.array(), CD_int, CD_int));
      frame.storeNew(accumulator.result());
    }

    private void stretch() {
      frame.partials(type);
      frame.code.loadConstant(frame.owner.partials().offset(accumulator)).loadConstant(lanes);
    }

    private void call(String name, MethodTypeDesc signature) {
      frame.code.invokestatic(ClassNames.of(Partials.class), name, signature);
    }
  }

  /** The position of the extreme so far, and its value. */
  final class First implements FoldWriter {
    private final Frame frame;
    private final Accumulator accumulator;
    private final JvmType type;
    private final int best;

    First(Frame frame, Accumulator accumulator, JvmType type) {
      this.frame = frame;
      this.accumulator = accumulator;
      this.type = type;
      this.best = frame.newLocal(type.local());
    }

    @Override
    public void start() {
      frame.code.loadConstant(-1L);
      frame.storeNew(accumulator.result());
      frame.zero(type);
      frame.code.storeLocal(type.local(), best);
    }

    @Override
    public void take(int begin, int position) {
      CodeBuilder code = frame.code;
      Label take = code.newLabel();
      Label end = code.newLabel();
      frame.value(accumulator.result());
      code.lconst_0().lcmp().iflt(take);
      frame.value(accumulator.value());
      code.loadLocal(type.local(), best);
      ClassDesc operand = type.localClass();
      code.invokestatic(
          ClassNames.of(Extremes.class),
          (accumulator.combiner() == Combiner.FIRST_MAXIMUM ? "above" : "below")
              + (type == JvmType.UNSIGNED_LONG ? "Unsigned" : ""),
          MethodTypeDesc.of(CD_boolean, operand, operand));
      code.ifeq(end).labelBinding(take);
      frame.value(accumulator.value());
      code.storeLocal(type.local(), best).iload(position).conversion(TypeKind.INT, TypeKind.LONG);
      frame.store(accumulator.result());
      code.labelBinding(end);
    }

    @Override
    public void finish() {}
  }
}
