package dev.millrace.cpu;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.millrace.kernel.Buffer;
import dev.millrace.kernel.Index;
import dev.millrace.kernel.Statement.Axis;
import dev.millrace.kernel.Statement.Contract;
import dev.millrace.kernel.Statement.Place;
import dev.millrace.kernel.Statement.Range;
import dev.millrace.tensor.Dim;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/**
 * Panels of the right operand of a contraction, copied so that a tile reads them from one end to
 * the other: {@link #width} columns of one stretch of the inner axis, one step after another. Worth
 * it where columns do not lie side by side, or where steps are so far apart that they compete for
 * the same lines of the caches.
 */
final class Panels {
  /** Steps of the inner axes in one stretch: a panel of so many fits into L2. */
  static final int STRETCH = 1024;

  /** Rows from which on a panel is used often enough to pay for the copy. */
  static final int WORTH_ROWS = 16;

  private static final int BYTES = 128;
  private static final long FAR = 1024;

  /** Steps that are copied column by column at once: what they write stays in L1. */
  private static final int BLOCK = 64;

  private Panels() {}

  /** Columns of a panel. */
  static int width(JvmType type) {
    return type == JvmType.FLOAT ? BYTES / Float.BYTES : BYTES / Double.BYTES;
  }

  /** Elements of a panel, and what a vector may read behind it. */
  static int size(JvmType type) {
    return (STRETCH + 1) * width(type);
  }

  /** Whether a contraction copies panels. */
  static boolean areWorthIt(Contract contract) {
    JvmType type = JvmType.of(contract.target().buffer().dtype());
    boolean floating = type == JvmType.FLOAT || type == JvmType.DOUBLE;
    return floating
        && contract.inner().size() == 1
        && (isStrided(contract) || isFar(contract, type));
  }

  /** Whether columns do not lie side by side. */
  static boolean isStrided(Contract contract) {
    Dim step = contract.right().index().factor(contract.column());
    return !step.is(1) && Columns.of(contract.columns()).most() > 1;
  }

  private static boolean isFar(Contract contract, JvmType type) {
    Dim step = contract.right().index().factor(contract.inner().getFirst().variable());
    return step.isKnown()
        && Math.abs(step.value()) >= FAR
        && Columns.of(contract.columns()).most() >= width(type);
  }

  /** The contraction as a tile sees it that reads a panel. */
  static Contract reading(Contract contract) {
    Buffer buffer = contract.right().buffer();
    Axis inner = contract.inner().getFirst();
    Index step =
        Index.ofVariable(inner.variable()).times(Dim.of(width(JvmType.of(buffer.dtype()))));
    return new Contract(
        contract.row(),
        contract.rows(),
        contract.column(),
        columns(contract.columns(), width(JvmType.of(buffer.dtype()))),
        List.of(inner),
        contract.left(),
        new Place(buffer, step.plus(Index.ofVariable(contract.column()))),
        contract.target());
  }

  /** A range of as many columns as a panel can have, in terms of what limits them. */
  private static Range columns(Range whole, int width) {
    var ends = new ArrayList<Index>();
    ends.add(Index.of(Dim.of(width)));
    for (Index end : whole.ends()) {
      Index length = end.plus(whole.begin().times(Dim.of(-1)));
      ends.add(length.terms().isEmpty() ? length : end);
    }
    return new Range(Index.ZERO, List.copyOf(ends));
  }

  /** Types of the parameters of {@code copy}. */
  static MethodTypeDesc signature(JvmType type) {
    ClassDesc array = type.array();
    return MethodTypeDesc.of(
        CD_void, array, CD_int, CD_int, CD_int, array, CD_int, CD_int, CD_int, CD_int);
  }

  /**
   * Copies a panel.
   *
   * @param start of the first step's first column in right
   * @param step elements between steps
   * @param column elements between columns
   * @param place of the panel
   * @param width elements between steps of the panel
   */
  static void copy(
      float[] right,
      int start,
      int step,
      int column,
      float[] panel,
      int place,
      int width,
      int steps,
      int columns) {
    for (int begin = 0; begin < steps; begin += BLOCK) {
      int end = Math.min(steps, begin + BLOCK);
      for (int j = 0; j < columns; j++) {
        int from = start + j * column;
        int to = place + j;
        for (int k = begin; k < end; k++) {
          panel[to + k * width] = right[from + k * step];
        }
      }
    }
  }

  /** The same for float64. */
  static void copy(
      double[] right,
      int start,
      int step,
      int column,
      double[] panel,
      int place,
      int width,
      int steps,
      int columns) {
    for (int begin = 0; begin < steps; begin += BLOCK) {
      int end = Math.min(steps, begin + BLOCK);
      for (int j = 0; j < columns; j++) {
        int from = start + j * column;
        int to = place + j;
        for (int k = begin; k < end; k++) {
          panel[to + k * width] = right[from + k * step];
        }
      }
    }
  }
}
