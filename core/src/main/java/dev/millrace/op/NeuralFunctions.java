package dev.millrace.op;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.ShapeException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Functions of neural networks, composed of the primitives; the compiler makes one loop of each.
 */
public class NeuralFunctions extends RandomFunctions {
  NeuralFunctions() {}

  /**
   * Softmax over the last axis, {@code exp(x_i) / sum_j exp(x_j)}: positive, and 1 in sum. The
   * row's maximum is subtracted first, so nothing overflows as long as the numbers of a row are
   * less than the greatest float apart (3.4e38 in float32).
   */
  public static Expr softmax(Expr x) {
    return softmax(x, -1);
  }

  /** {@link #softmax(Expr)} over another axis. An element of minus infinity gets exactly 0. */
  public static Expr softmax(Expr x, int axis) {
    Expr exp = shifted("softmax", x, axis).exp();
    return exp.dividedBy(reduceSumKeepDims(exp, axis));
  }

  /** {@code softmax(-x)}: the smallest element gets the most. */
  public static Expr softmin(Expr x, int axis) {
    return softmax(x.negate(), axis);
  }

  /** {@code log(softmax(x))} over the last axis, without the softmax that could round to 0. */
  public static Expr logSoftmax(Expr x) {
    return logSoftmax(x, -1);
  }

  /** {@link #logSoftmax(Expr)} over another axis. */
  public static Expr logSoftmax(Expr x, int axis) {
    Expr shifted = shifted("logSoftmax", x, axis);
    return shifted.minus(reduceSumKeepDims(shifted.exp(), axis).log());
  }

  /** The result does not depend on the maximum, so derivatives need not pass through it. */
  private static Expr shifted(String op, Expr x, int axis) {
    if (x.shape().rank() == 0 && axis == -1) {
      throw new ShapeException(op + ": a scalar has no last axis: " + Messages.describe(x));
    }
    Axes.check(op, x, axis);
    checkFloating(op, x);
    return x.minus(stopGradient(reduceMaxKeepDims(x, axis)));
  }

  /** int64 numbers 0, 1, ... along {@code axis} of x, with dims of 1 for the axes behind it. */
  static Expr positions(Expr x, int axis) {
    Expr numbers = iota(x.recorder(), DType.INT64, x.shape().dim(axis));
    List<Integer> behind = IntStream.range(1, x.shape().rank() - axis).boxed().toList();
    return expandDims(numbers, behind);
  }

  /**
   * Cross-entropy between labels and the softmax of logits, {@code [batch, classes] x [batch,
   * classes] -> [batch]}: {@code -sum(labels * logSoftmax(logits))}. Labels are probabilities,
   * one-hot for certain ones; for numbers of classes use {@link #oneHot} first.
   */
  public static Expr softmaxCrossEntropy(Expr labels, Expr logits) {
    Recorder recorder = labels.recorder();
    return recorder.atomically(() -> {
      boolean fits = labels.shape().rank() == logits.shape().rank();
      if (fits) {
        recorder.commonShape("softmaxCrossEntropy", List.of(labels, logits), 0);
      }
      if (!fits || !labels.shape().equals(logits.shape())) {
        throw new ShapeException(
            "softmaxCrossEntropy: labels need one number per class: "
                + Messages.describe(labels, logits)
                + "; make them with oneHot(labels, classes)");
      }
      Broadcast.checkOneType("softmaxCrossEntropy", List.of(labels, logits));
      return reduceSum(labels.times(logSoftmax(logits)), -1).negate();
    });
  }

  /**
   * Cross-entropy between labels in [0, 1] and the logistic function of logits, element by element:
   * {@code softplus(logits) - labels * logits}.
   */
  public static Expr logisticCrossEntropy(Expr labels, Expr logits) {
    return softplus(logits).minus(labels.times(logits));
  }

  /**
   * A 1 at the position that each index names and 0 elsewhere, along a new last axis: {@code
   * [shape...] -> [shape..., classes]}, float32. An index outside of [0, classes) gives a row of
   * zeros.
   */
  public static Expr oneHot(Expr indices, int classes) {
    return oneHot(indices, classes, -1, DType.FLOAT32);
  }

  /** As {@link #oneHot(Expr, int)}, with the new axis as number {@code axis} of the result. */
  public static Expr oneHot(Expr indices, int classes, int axis, DType dtype) {
    Addressing.checkIndices("oneHot", indices);
    if (classes < 0) {
      throw new ShapeException("oneHot: the number of classes must be 0 or more, found " + classes);
    }
    Expr position = iota(indices.recorder(), indices.dtype(), Dim.of(classes));
    Expr rows = equal(expandDims(indices, -1), position).cast(dtype);
    return moveAxis(rows, -1, axis);
  }
}
