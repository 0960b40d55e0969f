package dev.millrace.cpu;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.millrace.kernel.Scalar;
import dev.millrace.kernel.ScalarOp;
import dev.millrace.kernel.Statement.Let;
import dev.millrace.kernel.Statement.Place;
import dev.millrace.kernel.Statement.Store;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.IndexException;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Optional;

/** Writes the scalar instructions of one method. */
final class ScalarWriter {
  private final Frame frame;
  private final CodeBuilder code;
  private final Conversions conversions;

  ScalarWriter(Frame frame) {
    this.frame = frame;
    this.code = frame.code;
    this.conversions = new Conversions(code);
  }

  void let(Let let) {
    int variable = let.variable();
    switch (let.value()) {
      case Scalar.Literal(DType dtype, Number value) -> code.loadConstant((ConstantDesc) value);
      case Scalar.Load(var buffer, var index) -> load(new Place(buffer, index));
      case Scalar.Position(var index) -> {
        frame.index(index);
        code.i2l();
      }
      case Scalar.Apply apply -> apply(apply);
      case Scalar.CheckedIndex checked -> {
        checkedIndex(variable, checked);
        return;
      }
      case Scalar.Draw draw -> draw(variable, draw);
    }
    frame.storeNew(variable);
  }

  void load(Place place) {
    frame.array(place.buffer());
    frame.index(place.index());
    DType dtype = place.buffer().dtype();
    code.arrayLoad(JvmType.of(dtype).element());
    conversions.widen(dtype);
  }

  void store(Store store) {
    frame.array(store.buffer());
    frame.index(store.index());
    frame.value(store.variable());
    DType dtype = store.buffer().dtype();
    conversions.narrow(dtype);
    code.arrayStore(JvmType.of(dtype).element());
  }

  private void checkedIndex(int variable, Scalar.CheckedIndex checked) {
    frame.value(checked.operand());
    if (checked.dtype() == DType.INT32) {
      code.i2l();
    }
    frame.size(checked.extent());
    code.invokestatic(
        ClassNames.of(IndexException.class), "check", MethodTypeDesc.of(CD_int, CD_long, CD_int));
    int local = frame.newLocal(TypeKind.INT);
    code.istore(local);
    frame.setIndex(variable, local);
    code.iload(local);
    if (checked.dtype() == DType.INT64) {
      code.i2l();
    }
    frame.storeNew(variable);
  }

  private void draw(int variable, Scalar.Draw draw) {
    Optional<DrawBatch> batch =
        frame
            .owner
            .partials()
            .batch(variable)
            .filter(found -> frame.batches(found.loop()).isPresent());
    if (batch.isPresent()) {
      JvmType type = JvmType.of(draw.dtype());
      batch.get().refill(frame, draw, false);
      batch.get().element(frame, type);
      code.arrayLoad(type.element());
    } else {
      draw(draw);
    }
  }

  private void draw(Scalar.Draw draw) {
    code.loadConstant(draw.key());
    frame.value(draw.run());
    frame.index(draw.element());
    boolean single = draw.dtype() == DType.FLOAT32;
    code.invokestatic(
        ClassNames.of(ScalarFunctions.class),
        single ? "draw" : "drawDouble",
        MethodTypeDesc.of(single ? CD_float : CD_double, CD_long, CD_long, CD_int));
  }

  private void apply(Scalar.Apply apply) {
    ScalarOp op = apply.op();
    List<Integer> operands = apply.operands();
    DType type = frame.type(operands.getLast());
    if (op == ScalarOp.SELECT) {
      select(operands);
    } else if (op == ScalarOp.CAST) {
      frame.value(operands.getFirst());
      cast(type, apply.dtype());
    } else if (op.isComparison()) {
      operands.forEach(frame::value);
      comparison(op, JvmType.of(type));
    } else if (type.isFloating()) {
      new FloatingOps(frame).apply(op, type, operands);
    } else {
      operands.forEach(frame::value);
      new IntegralOps(code).apply(op, JvmType.of(type));
      conversions.wrap(type);
    }
  }

  private void select(List<Integer> operands) {
    Label otherwise = code.newLabel();
    Label end = code.newLabel();
    frame.value(operands.get(0));
    code.ifeq(otherwise);
    frame.value(operands.get(1));
    code.goto_(end).labelBinding(otherwise);
    frame.value(operands.get(2));
    code.labelBinding(end);
  }

  /** Pops two values and pushes 1 if they compare as {@code op} says, else 0. */
  private void comparison(ScalarOp op, JvmType type) {
    Label holds = code.newLabel();
    Label end = code.newLabel();
    if (type.local() == TypeKind.INT) {
      branchInts(op, holds);
    } else {
      difference(op, type);
      branchZero(op, holds);
    }
    code.iconst_0().goto_(end).labelBinding(holds).iconst_1().labelBinding(end);
  }

  /** Pushes the sign of the difference; where one is NaN, the sign with which no order holds. */
  private void difference(ScalarOp op, JvmType type) {
    boolean less = op == ScalarOp.LESS || op == ScalarOp.LESS_EQUAL;
    switch (type) {
      case LONG, UNSIGNED_INT -> code.lcmp();
      case UNSIGNED_LONG ->
          code.invokestatic(
              ClassNames.LONG, "compareUnsigned", MethodTypeDesc.of(CD_int, CD_long, CD_long));
      case FLOAT, HALF -> {
        if (less) {
          code.fcmpg();
        } else {
          code.fcmpl();
        }
      }
      case DOUBLE -> {
        if (less) {
          code.dcmpg();
        } else {
          code.dcmpl();
        }
      }
      case INT, BYTE, SIGNED_BYTE, SHORT -> throw new AssertionError(type);
    }
  }

  private void branchInts(ScalarOp op, Label holds) {
    switch (op) {
      case EQUAL -> code.if_icmpeq(holds);
      case NOT_EQUAL -> code.if_icmpne(holds);
      case LESS -> code.if_icmplt(holds);
      case LESS_EQUAL -> code.if_icmple(holds);
      case GREATER -> code.if_icmpgt(holds);
      case GREATER_EQUAL -> code.if_icmpge(holds);
      default -> throw new AssertionError(op);
    }
  }

  private void branchZero(ScalarOp op, Label holds) {
    switch (op) {
      case EQUAL -> code.ifeq(holds);
      case NOT_EQUAL -> code.ifne(holds);
      case LESS -> code.iflt(holds);
      case LESS_EQUAL -> code.ifle(holds);
      case GREATER -> code.ifgt(holds);
      case GREATER_EQUAL -> code.ifge(holds);
      default -> throw new AssertionError(op);
    }
  }

  private void cast(DType from, DType to) {
    JvmType source = JvmType.of(from);
    if (to == DType.BOOL) {
      frame.zero(source);
      comparison(ScalarOp.NOT_EQUAL, source);
    } else {
      conversions.cast(from, to);
    }
  }

  /** Calls a static method of {@code count} operands of one type that gives the same type. */
  static void call(CodeBuilder code, ClassDesc owner, String name, ClassDesc type, int count) {
    var parameters = new ClassDesc[count];
    java.util.Arrays.fill(parameters, type);
    code.invokestatic(owner, name, MethodTypeDesc.of(type, parameters));
  }
}
