package dev.millrace.op;

import static dev.millrace.op.ElementwiseFunctions.and;
import static dev.millrace.op.ElementwiseFunctions.equal;
import static dev.millrace.op.ElementwiseFunctions.less;
import static dev.millrace.op.ElementwiseFunctions.like;
import static dev.millrace.op.ElementwiseFunctions.notEqual;
import static dev.millrace.op.ElementwiseFunctions.select;
import static dev.millrace.op.MathFunctions.logAddExp;
import static dev.millrace.op.MovementFunctions.concat;
import static dev.millrace.op.MovementFunctions.expandDims;
import static dev.millrace.op.MovementFunctions.reshape;
import static dev.millrace.op.MovementFunctions.slice;
import static dev.millrace.op.MovementFunctions.squeeze;
import static dev.millrace.op.MovementFunctions.stack;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import java.util.List;

/**
 * Connectionist temporal classification (Graves et al., 2006): the probability that a sequence of
 * outputs, once repeats and then blanks are taken away, spells the labels.
 *
 * <p>{@code states} are the labels with blanks around and between them, {@code [batch, 2 labels +
 * 1]}. The forward variable of a state is the logarithm of the probability of all ways that have
 * come to it; a step of time comes from the same state, the one before, or the second before if
 * that passes over a blank between different labels.
 */
final class Ctc {
  private static final String OP = "ctcLoss";

  private final Expr labelLengths;
  private final Expr logits;
  private final Expr states;
  private final Expr mayPass;
  private final int count;

  private Ctc(Expr labels, Expr labelLengths, Expr logits, int blank) {
    this.labelLengths = expandDims(labelLengths.cast(DType.INT64), 1);
    this.logits = logits;
    this.count = 2 * (int) known(labels, 1) + 1;
    Expr wide = labels.cast(DType.INT64);
    Expr isLabel = less(NeuralFunctions.positions(wide, 1), this.labelLengths);
    Expr real = select(isLabel, wide, blank);
    Expr blanks = real.times(0).plus(blank);
    Shape flat = Shape.of(List.of(real.shape().dim(0), Dim.of(count - 1)));
    Expr pairs = reshape(stack(2, blanks, real), flat);
    Expr last = this.labelLengths.times(0).plus(blank);
    this.states = concat(1, pairs, last);
    Expr changed = notEqual(states, shifted(states, 2, -1));
    this.mayPass = and(changed, notEqual(states, like(states, blank)));
  }

  /** The losses {@code [batch]} of logits {@code [time, batch, classes]}. */
  static Expr losses(Expr labels, Expr labelLengths, Expr logits, Expr logitLengths, int blank) {
    checkRanks(labels, labelLengths, logits, logitLengths);
    var ctc = new Ctc(labels, labelLengths, logits, blank);
    Expr lengths = expandDims(logitLengths.cast(DType.INT64), 1);
    return ctc.negativeLogarithm(ctc.forward(lengths));
  }

  private static void checkRanks(Expr labels, Expr labelLengths, Expr logits, Expr logitLengths) {
    boolean fits =
        labels.shape().rank() == 2
            && labelLengths.shape().rank() == 1
            && logits.shape().rank() == 3
            && logitLengths.shape().rank() == 1;
    if (!fits) {
      throw new ShapeException(
          OP
              + ": takes labels [batch, labels], their numbers [batch], logits [time, batch,"
              + " classes], their numbers [batch]: "
              + Messages.describe(labels, labelLengths, logits, logitLengths));
    }
  }

  private static long known(Expr x, int axis) {
    Dim dim = x.shape().dim(axis);
    if (!dim.isKnown() || dim.value() == 0) {
      throw new ShapeException(
          OP
              + ": axis "
              + axis
              + " must have a known size above 0, as shorter sequences are filled up: "
              + Messages.describe(x));
    }
    return dim.value();
  }

  /** Columns moved to the right by {@code by}, with {@code value} in the free ones. */
  private Expr shifted(Expr x, int by, double value) {
    Expr free = like(x, value).broadcastTo(x.shape().with(1, Dim.of(by)));
    return concat(1, free, slice(x, 1, 0, count - by));
  }

  /** Logarithms of the probabilities of the states' classes, {@code [time, batch, states]}. */
  private Expr emissions() {
    Expr logs = expandDims(NeuralFunctions.logSoftmax(logits), 2);
    Dim classes = logits.shape().dim(2);
    Expr numbers = RandomFunctions.iota(logits.recorder(), DType.INT64, classes);
    Expr chosen = equal(expandDims(states, 2), numbers);
    // The look-up of ones refuses what is no class.
    Expr ones = like(logits, 1).broadcastTo(Shape.of(List.of(classes)));
    return select(chosen, logs, 0).sum(-1).times(Classes.lookUp(ones, states));
  }

  private Expr forward(Expr lengths) {
    Expr emissions = emissions();
    Expr first = squeeze(slice(emissions, 0, 0, 1), 0);
    Expr position = NeuralFunctions.positions(states, 1);
    Expr alpha = select(position.less(2), first, Double.NEGATIVE_INFINITY);
    int times = (int) known(logits, 0);
    for (int t = 1; t < times; t++) {
      Expr stepped = logAddExp(alpha, shifted(alpha, 1, Double.NEGATIVE_INFINITY));
      Expr passing = shifted(alpha, 2, Double.NEGATIVE_INFINITY);
      stepped = logAddExp(stepped, select(mayPass, passing, Double.NEGATIVE_INFINITY));
      stepped = stepped.plus(squeeze(slice(emissions, 0, t, t + 1), 0));
      alpha = select(lengths.greater(t), stepped, alpha);
    }
    return alpha;
  }

  /** A sequence ends in its last label or in the blank behind it. */
  private Expr negativeLogarithm(Expr alpha) {
    Expr position = NeuralFunctions.positions(states, 1);
    Expr end = labelLengths.times(2);
    Expr inBlank = select(equal(position, end), alpha, 0).sum(1);
    Expr inLabel = select(equal(position, end.minus(1)), alpha, 0).sum(1);
    Expr hasLabel = squeeze(labelLengths.greater(0), 1);
    return logAddExp(inBlank, select(hasLabel, inLabel, Double.NEGATIVE_INFINITY)).negate();
  }
}
