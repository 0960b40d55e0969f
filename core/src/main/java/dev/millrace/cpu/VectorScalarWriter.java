package dev.millrace.cpu;

import dev.millrace.kernel.Scalar;
import dev.millrace.kernel.ScalarOp;
import dev.millrace.kernel.Statement;
import dev.millrace.tensor.DType;
import java.lang.classfile.CodeBuilder;
import java.util.List;
import java.util.Locale;

/** Writes scalar instructions on vectors of lanes: numbers as vectors, bools as masks. */
final class VectorScalarWriter {
  private static final MethodBodies FUNCTIONS = new MethodBodies(VectorMath.class);
  private static final MethodBodies ROUNDING = new MethodBodies(VectorRounding.class);

  private static final MethodBodies BYTES = new MethodBodies(VectorBytes.class);

  private final Frame frame;
  private final CodeBuilder code;
  private final VectorCode vectors;
  private final JvmType type;

  VectorScalarWriter(Frame frame, JvmType type) {
    this.frame = frame;
    this.code = frame.code;
    this.type = type;
    this.vectors = new VectorCode(code, type);
  }

  /** Pushes the lanes of a variable, which may be the same in all of them. */
  void operand(int variable) {
    if (frame.isVector(variable)) {
      frame.vector(variable);
      return;
    }
    vectors.species();
    frame.value(variable);
    if (frame.type(variable) == DType.UINT8) {
      code.i2f();
    }
    if (frame.type(variable) == DType.BOOL) {
      vectors.maskAll();
    } else {
      vectors.broadcast();
    }
  }

  /** Pushes a vector of {@code load}; {@code mask} is a local, or -1 for all lanes. */
  void load(Scalar.Load load, int mask) {
    if (!load.dtype().isFloating()) {
      frame.array(load.buffer());
      frame.index(load.index());
      bytes(load.dtype() == DType.BOOL ? "load" + type : "numbers", mask);
      return;
    }
    vectors.species();
    frame.array(load.buffer());
    frame.index(load.index());
    if (mask < 0) {
      vectors.load();
    } else {
      code.aload(mask);
      vectors.loadMasked();
    }
  }

  /** Writes the lanes of a variable; {@code mask} is a local, or -1 for all lanes. */
  void store(Statement.Store store, int mask) {
    operand(store.variable());
    frame.array(store.buffer());
    frame.index(store.index());
    if (store.buffer().dtype() == DType.BOOL) {
      bytes("store" + type, mask);
    } else if (mask < 0) {
      vectors.store();
    } else {
      code.aload(mask);
      vectors.storeMasked();
    }
  }

  private void bytes(String method, int mask) {
    if (mask >= 0) {
      code.aload(mask);
    }
    BYTES.copy(mask < 0 ? method : method + "Masked", code);
  }

  /** Pushes the next draws of a batch. */
  void draw(int variable, Scalar.Draw draw) {
    DrawBatch batch = frame.owner.partials().batch(variable).orElseThrow();
    batch.refill(frame, draw, true);
    vectors.species();
    batch.element(frame, type);
    vectors.load();
  }

  /** Pushes the result of {@code apply}. */
  void apply(Scalar.Apply apply) {
    List<Integer> operands = apply.operands();
    DType operandType = frame.type(operands.getLast());
    switch (apply.op()) {
      case SELECT -> select(operands, operandType);
      case CAST -> cast(operands.getFirst(), operandType, apply.dtype());
      case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL ->
          comparison(apply.op(), operands, operandType);
      default -> {
        operands.forEach(this::operand);
        if (operandType == DType.BOOL) {
          masks(apply.op());
        } else {
          numbers(apply.op());
        }
      }
    }
  }

  private void select(List<Integer> operands, DType operandType) {
    int condition = operands.get(0);
    if (operandType == DType.BOOL) {
      operand(operands.get(1));
      operand(condition);
      vectors.maskBinary("and");
      operand(operands.get(2));
      operand(condition);
      vectors.maskBinary("andNot");
      vectors.maskBinary("or");
    } else {
      operand(operands.get(2));
      operand(operands.get(1));
      operand(condition);
      vectors.blend();
    }
  }

  private void cast(int operand, DType from, DType to) {
    if (from == to || from == DType.UINT8) {
      operand(operand);
    } else if (to == DType.BOOL) {
      operand(operand);
      vectors.comparison(ScalarOp.NOT_EQUAL);
      vectors.species();
      vectors.zero();
      vectors.compare();
    } else {
      vectors.species();
      vectors.zero();
      vectors.species();
      code.loadConstant(1).conversion(java.lang.classfile.TypeKind.INT, type.local());
      vectors.broadcast();
      operand(operand);
      vectors.blend();
    }
  }

  private void comparison(ScalarOp op, List<Integer> operands, DType operandType) {
    operand(operands.getFirst());
    if (operandType == DType.BOOL) {
      operand(operands.getLast());
      vectors.maskBinary("eq");
      if (op == ScalarOp.NOT_EQUAL) {
        vectors.maskNot();
      }
    } else {
      vectors.comparison(op);
      operand(operands.getLast());
      vectors.compare();
    }
  }

  private void masks(ScalarOp op) {
    switch (op) {
      case AND, MINIMUM -> vectors.maskBinary("and");
      case OR, MAXIMUM -> vectors.maskBinary("or");
      case NOT -> vectors.maskNot();
      default -> throw new AssertionError(op);
    }
  }

  private void numbers(ScalarOp op) {
    switch (op) {
      case ADD -> vectors.binary("add");
      case SUBTRACT -> vectors.binary("sub");
      case MULTIPLY -> vectors.binary("mul");
      case DIVIDE -> vectors.binary("div");
      case MAXIMUM -> vectors.binary("max");
      case MINIMUM -> vectors.binary("min");
      case NEGATE -> vectors.unary("neg");
      case ABS -> vectors.unary("abs");
      case SQRT -> vectors.unary("sqrt");
      case EXP, EXPM1, LOG, LOG1P, TANH -> FUNCTIONS.copy(op.name().toLowerCase(Locale.ROOT), code);
      case FLOOR, CEIL, ROUND, SIGN -> ROUNDING.copy(op.name().toLowerCase(Locale.ROOT), code);
      case ROUND_TO_BFLOAT16 -> ROUNDING.copy("roundToBfloat16", code);
      default -> throw new AssertionError(op);
    }
  }
}
