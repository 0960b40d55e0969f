package dev.millrace.op;

import static dev.millrace.op.ElementwiseFunctions.less;
import static dev.millrace.op.ElementwiseFunctions.like;
import static dev.millrace.op.ElementwiseFunctions.select;
import static dev.millrace.op.IndexingFunctions.gather;
import static dev.millrace.op.ReductionFunctions.sizeAs;

import dev.millrace.tensor.Dim;
import dev.millrace.tensor.MillraceException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where a loss finds the classes, and how it treats them: {@code Classes.LAST.smoothed(0.1)}.
 *
 * @param axis axis of the classes, which counts from the end where negative
 * @param ignored number that marks examples which do not count
 * @param smoothing share of each label that is spread evenly over all classes
 * @param weights a vector with the weight of each class
 */
public record Classes(int axis, OptionalLong ignored, double smoothing, Optional<Expr> weights) {
  /** Classes along the last axis, all alike. */
  public static final Classes LAST = new Classes(-1, OptionalLong.empty(), 0, Optional.empty());

  /**
   * Checks the smoothing.
   *
   * @throws MillraceException if it is not in [0, 1]
   */
  public Classes {
    if (!(smoothing >= 0 && smoothing <= 1)) {
      throw new MillraceException(
          "classes: the smoothing is a share from 0 to 1, found " + smoothing);
    }
  }

  /** The same along another axis. */
  public Classes along(int axis) {
    return new Classes(axis, ignored, smoothing, weights);
  }

  /** The same without the examples whose target is {@code number}: loss and derivative are 0. */
  public Classes ignoring(long number) {
    return new Classes(axis, OptionalLong.of(number), smoothing, weights);
  }

  /** The same with labels of {@code (1 - share) * label + share / classes}. */
  public Classes smoothed(double share) {
    return new Classes(axis, ignored, share, weights);
  }

  /** The same with a weight for each class, by which a mean is divided too. */
  public Classes weighted(Expr weights) {
    return new Classes(axis, ignored, smoothing, Optional.of(weights));
  }

  /**
   * An element of {@code table}, {@code [classes]}, for each number. A look-up counts negative
   * numbers from the end; here they are no classes, and refused as all others are that are none.
   */
  static Expr lookUp(Expr table, Expr numbers) {
    Dim count = table.shape().dim(0);
    Expr beyond = numbers.minus(sizeAs(numbers, count));
    return gather(table, select(less(numbers, like(numbers, 0)), beyond, numbers), 0);
  }
}
