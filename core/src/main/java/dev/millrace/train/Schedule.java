package dev.millrace.train;

import static dev.millrace.op.ElementwiseFunctions.cos;
import static dev.millrace.op.ElementwiseFunctions.maximum;
import static dev.millrace.op.ElementwiseFunctions.minimum;
import static dev.millrace.op.ElementwiseFunctions.select;

import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.op.Expr;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Tensor;

/**
 * The learning rate as a function of the number of the step, which is recorded in the graph. A
 * placeholder that is fed in each run is a schedule as well: {@code step -> placeholder}.
 */
@FunctionalInterface
public interface Schedule {
  /** The rate of step {@code step}, a float64 scalar from 0; a floating-point scalar. */
  Expr rate(Expr step);

  /** The same rate in all steps. */
  record Constant(double rate) implements Schedule {
    public Constant {
      Optimizer.positive("learning rate", rate);
    }

    @Override
    public Expr rate(Expr step) {
      return like(step, rate);
    }
  }

  /**
   * The same rate in all steps.
   *
   * @throws MillraceException if it is not positive
   */
  static Schedule constant(double rate) {
    return new Constant(rate);
  }

  /**
   * {@code first * factor^floor(step / every)}.
   *
   * @throws MillraceException if a number is not positive
   */
  static Schedule steps(double first, double factor, int every) {
    Optimizer.positive("learning rate", first);
    Optimizer.positive("factor", factor);
    Optimizer.positive("steps", every);
    return step -> power(factor, step.dividedBy(every).floor()).times(first);
  }

  /** {@code first * factor^(step / every)}, with the errors of {@link #steps}. */
  static Schedule exponential(double first, double factor, int every) {
    Optimizer.positive("learning rate", first);
    Optimizer.positive("factor", factor);
    Optimizer.positive("steps", every);
    return step -> power(factor, step.dividedBy(every)).times(first);
  }

  /**
   * Evenly from {@code first} in step 0 to {@code last} in step {@code steps}, and {@code last}
   * from then on.
   *
   * @throws MillraceException if the first rate or the number of steps is not positive
   */
  static Schedule linear(double first, double last, int steps) {
    Optimizer.positive("learning rate", first);
    Optimizer.positive("steps", steps);
    return step -> part(step, steps).times(last - first).plus(first);
  }

  /**
   * Half a wave of the cosine from {@code first} to {@code last}: {@code last + (first - last) (1 +
   * cos(pi step / steps)) / 2}. Loshchilov and Hutter, ICLR 2017.
   *
   * @throws MillraceException if the first rate or the number of steps is not positive
   */
  static Schedule cosine(double first, double last, int steps) {
    Optimizer.positive("learning rate", first);
    Optimizer.positive("steps", steps);
    return step ->
        cos(part(step, steps).times(Math.PI)).plus(1).times((first - last) / 2).plus(last);
  }

  /**
   * A triangle: evenly from {@code low} to {@code high} in the first half of {@code steps}, and
   * back in the second. Smith, arXiv 1708.07120 (2017).
   *
   * @throws MillraceException if a number is not positive
   */
  static Schedule oneCycle(double low, double high, int steps) {
    Optimizer.positive("lower learning rate", low);
    Optimizer.positive("learning rate", high);
    Optimizer.positive("steps", steps);
    return step -> {
      Expr fromTop = part(step, steps).times(2).minus(1).abs();
      return fromTop.negate().plus(1).times(high - low).plus(low);
    };
  }

  /**
   * This schedule, whose rates in the first {@code steps} steps are taken times {@code (step + 1) /
   * steps}.
   *
   * @throws MillraceException if the number of steps is not positive
   */
  default Schedule warmedUp(int steps) {
    Optimizer.positive("steps", steps);
    return step -> rate(step).times(minimum(like(step, 1), step.plus(1).dividedBy(steps)));
  }

  /** This schedule before step {@code steps}, and {@code next} from there on, beginning at 0. */
  default Schedule then(int steps, Schedule next) {
    return step -> {
      Expr rest = maximum(like(step, 0), step.minus(steps));
      return select(step.less(steps), rate(step), next.rate(rest));
    };
  }

  /** How much of {@code steps} has been, in [0, 1]. */
  private static Expr part(Expr step, int steps) {
    return minimum(like(step, 1), step.dividedBy(steps));
  }

  private static Expr power(double base, Expr exponent) {
    return like(exponent, base).pow(exponent);
  }

  private static Expr like(Expr step, double number) {
    Graph graph = ((Value) step).graph();
    return graph.constant(Tensor.scalar(number));
  }
}
