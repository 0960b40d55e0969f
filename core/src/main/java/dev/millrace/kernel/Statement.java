package dev.millrace.kernel;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import java.util.List;

/**
 * One statement of a kernel. Variables are numbered; each is set by one statement and is visible in
 * the rest of the block and in the loops inside of it.
 */
public sealed interface Statement {
  /** Sets {@code variable}. */
  record Let(int variable, Scalar value) implements Statement {}

  /** Writes {@code variable} into {@code buffer} at {@code index}. */
  record Store(Buffer buffer, Index index, int variable) implements Statement {}

  /**
   * Runs {@code body} for {@code variable} from {@code range.begin} to below its end, in order, and
   * folds one value per iteration into each accumulator, whose result is visible after the loop.
   *
   * @param lanes 1: values are folded in order. L > 1, a power of two: the value of iteration i
   *     (from 0) goes to partial i mod L, each in order; then partial p takes in partial p + L/2
   *     for p below L/2, and so on by halves. Both forms of a kernel, at any vector width, give the
   *     same bits.
   */
  record Loop(
      int variable, Range range, int lanes, List<Accumulator> accumulators, List<Statement> body)
      implements Statement {}

  /** From {@code begin} to below the smallest of {@code ends}; empty if that is not above it. */
  record Range(Index begin, List<Index> ends) {
    /** From 0 to below {@code end}. */
    public static Range upTo(Dim end) {
      return new Range(Index.ZERO, List.of(Index.of(end)));
    }
  }

  /**
   * A reduction carried by a loop: {@code result} is the fold of {@code value} over the iterations.
   *
   * @param dtype type of {@code value}; the result has it too, or int64 for positions
   */
  record Accumulator(int result, Combiner combiner, DType dtype, int value) {
    /** Type of {@code result}. */
    public DType resultType() {
      return combiner.isPosition() ? DType.INT64 : dtype;
    }
  }

  /** How an accumulator folds. */
  enum Combiner {
    /** Sum; 0 where there is nothing. */
    SUM,
    /** Product; 1 where there is nothing. */
    PRODUCT,
    /** {@link ScalarOp#MAXIMUM}; the least value of the type (-infinity) where there is nothing. */
    MAXIMUM,
    /** {@link ScalarOp#MINIMUM}; the greatest value (+infinity) where there is nothing. */
    MINIMUM,
    /**
     * The loop variable at the first greatest value; the first NaN counts as greatest. -1 where
     * there is nothing. Only in loops of one lane.
     */
    FIRST_MAXIMUM,
    /** The loop variable at the first smallest value; otherwise as {@link #FIRST_MAXIMUM}. */
    FIRST_MINIMUM;

    /** Whether the result is an int64 position. */
    public boolean isPosition() {
      return this == FIRST_MAXIMUM || this == FIRST_MINIMUM;
    }
  }

  /** One dim of a nest of loops: {@code variable} runs from 0 to below {@code extent}. */
  record Axis(int variable, Dim extent) {}

  /**
   * Sets the index variables of {@code axes} to the coordinates of element number {@code flat} in
   * row-major order: the last one varies fastest, the first one takes what is left.
   */
  record Split(List<Axis> axes, Index flat) implements Statement {}

  /**
   * Sums of products for a block of rows and columns: for every row and column,
   *
   * <pre>{@code target[row, column] = sum over inner of left[row, inner] * right[inner, column]}
   * </pre>
   *
   * as one fold from +0 with the last axis of {@code inner} varying fastest; floating point uses
   * fused multiply-add, integers wrap. A row is a number in {@code rows}, of which {@code row} are
   * the coordinates as in a {@link Split}. The three places' indices use the variables of {@code
   * row}, {@code column} and {@code inner}: {@code left} does not depend on the column, {@code
   * right} not on the row, {@code target} not on the inner axes.
   *
   * <p>A matrix product has one axis of each kind; a convolution has rows of pixels, and inner axes
   * for the window's extents and the channels.
   */
  record Contract(
      List<Axis> row,
      Range rows,
      int column,
      Range columns,
      List<Axis> inner,
      Place left,
      Place right,
      Place target)
      implements Statement {}

  /**
   * Writes the positions 0 to below {@code count} to {@code target} (int64) and the elements behind
   * it, in the order of the {@code count} elements from {@code source} on: equal ones in the order
   * of their positions, NaN above everything, -0 and +0 equal.
   *
   * @param descending greatest first
   * @param scratch int64 memory whose content is lost: {@code 2 * count} elements where those of
   *     the source have 64 bits, otherwise none is needed
   */
  record Order(Place source, Dim count, boolean descending, Place target, Buffer scratch)
      implements Statement {}

  /** An element of a buffer. */
  record Place(Buffer buffer, Index index) {}
}
