package dev.millrace.cpu;

import dev.millrace.kernel.Statement.Accumulator;
import dev.millrace.kernel.Statement.Combiner;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;

/**
 * Writes the folding of one accumulator into vectors of partial results. With several vectors,
 * number {@code j} holds the lanes from {@code j * lanes}.
 */
final class VectorFoldWriter {
  private final Frame frame;
  private final CodeBuilder code;
  private final VectorCode vectors;
  private final VectorScalarWriter scalars;
  private final Accumulator accumulator;
  private final int[] partials;

  VectorFoldWriter(
      Frame frame, VectorScalarWriter scalars, JvmType type, Accumulator accumulator, int count) {
    this.frame = frame;
    this.code = frame.code;
    this.vectors = new VectorCode(code, type);
    this.scalars = scalars;
    this.accumulator = accumulator;
    this.partials = new int[VectorPlan.isOrdered(accumulator) ? count : 1];
  }

  void start() {
    for (int j = 0; j < partials.length; j++) {
      partials[j] = frame.newLocal(TypeKind.REFERENCE);
      vectors.species();
      code.loadConstant(FoldWriter.neutral(accumulator.combiner(), accumulator.dtype()));
      vectors.broadcast();
      code.astore(partials[j]);
    }
  }

  /** Takes the accumulator's value into vector {@code j}; {@code mask} is a local or -1. */
  void take(int j, int mask) {
    int partial = partials[j % partials.length];
    if (mask < 0) {
      code.aload(partial);
      scalars.operand(accumulator.value());
      vectors.binary(method());
    } else {
      scalars.operand(accumulator.value());
      int value = frame.newLocal(TypeKind.REFERENCE);
      code.astore(value).aload(partial);
      vectors.binaryMasked(operator(), value, mask);
    }
    code.astore(partial);
  }

  /** The result differs between lanes: it is the only vector. */
  void finishLanes() {
    frame.setVector(accumulator.result(), partials[0]);
  }

  /** Folds the upper half of the partial results into the lower one until one number is left. */
  void finish(int lanes) {
    for (int half = partials.length / 2; half > 0; half /= 2) {
      for (int j = 0; j < half; j++) {
        code.aload(partials[j]).aload(partials[j + half]);
        vectors.binary(method());
        code.astore(partials[j]);
      }
    }
    code.aload(partials[0]);
    if (!VectorPlan.isOrdered(accumulator)) {
      vectors.reduce(operator());
    } else {
      for (int half = lanes / 2; half > 0; half /= 2) {
        code.dup();
        vectors.rotate(half);
        vectors.binary(method());
      }
      vectors.firstLane();
    }
    frame.storeNew(accumulator.result());
  }

  private String method() {
    return switch (accumulator.combiner()) {
      case SUM -> "add";
      case PRODUCT -> "mul";
      case MAXIMUM -> "max";
      case MINIMUM -> "min";
      case FIRST_MAXIMUM, FIRST_MINIMUM -> throw new AssertionError(accumulator);
    };
  }

  private String operator() {
    Combiner combiner = accumulator.combiner();
    return switch (combiner) {
      case SUM -> "ADD";
      case PRODUCT -> "MUL";
      case MAXIMUM -> "MAX";
      case MINIMUM -> "MIN";
      case FIRST_MAXIMUM, FIRST_MINIMUM -> throw new AssertionError(accumulator);
    };
  }
}
