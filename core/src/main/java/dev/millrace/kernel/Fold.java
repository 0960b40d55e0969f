package dev.millrace.kernel;

import dev.millrace.kernel.Statement.Accumulator;
import dev.millrace.kernel.Statement.Combiner;
import dev.millrace.tensor.DType;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.Stream;

/** One {@link Accumulator} at work: takes a value per iteration and ends with the result. */
sealed interface Fold {
  /** Takes the value of the iteration with this number, counted from 0, and loop variable. */
  void take(int iteration, int position, Number value);

  /** What has been folded so far. */
  Number result();

  /** A fold at its start. */
  static Fold of(Accumulator accumulator, int lanes) {
    return accumulator.combiner().isPosition()
        ? new First(accumulator.combiner())
        : new Lanes(accumulator.combiner(), accumulator.dtype(), lanes);
  }

  /** A partial result per lane; in the end the upper half is folded into the lower one, again. */
  final class Lanes implements Fold {
    private final Combiner combiner;
    private final DType dtype;
    private final Number[] partials;

    Lanes(Combiner combiner, DType dtype, int lanes) {
      this.combiner = combiner;
      this.dtype = dtype;
      this.partials =
          Stream.generate(() -> neutral(combiner, dtype)).limit(lanes).toArray(Number[]::new);
    }

    @Override
    public void take(int iteration, int position, Number value) {
      fold(iteration % partials.length, value);
    }

    @Override
    public Number result() {
      for (int half = partials.length / 2; half >= 1; half /= 2) {
        for (int lane = 0; lane < half; lane++) {
          fold(lane, partials[lane + half]);
        }
      }
      return partials[0];
    }

    private void fold(int lane, Number value) {
      partials[lane] =
          Arithmetic.apply(operation(combiner), dtype, dtype, List.of(partials[lane], value));
    }
  }

  /** The loop variable at the first extreme; NaN is the most extreme, and +0 and -0 are equal. */
  final class First implements Fold {
    private final Combiner combiner;
    private long first = -1;
    private Number best = 0;

    First(Combiner combiner) {
      this.combiner = combiner;
    }

    @Override
    public void take(int iteration, int position, Number value) {
      if (first < 0 || beats(value)) {
        first = position;
        best = value;
      }
    }

    private boolean beats(Number value) {
      if (Double.isNaN(best.doubleValue())) {
        return false;
      }
      return Double.isNaN(value.doubleValue())
          || (combiner == Combiner.FIRST_MAXIMUM ? above(value, best) : above(best, value));
    }

    @Override
    public Number result() {
      return first;
    }
  }

  private static boolean above(Number a, Number b) {
    return switch (a) {
      case Long number -> number > b.longValue();
      case BigInteger number -> number.compareTo((BigInteger) b) > 0;
      default -> a.doubleValue() > b.doubleValue();
    };
  }

  private static ScalarOp operation(Combiner combiner) {
    return switch (combiner) {
      case SUM -> ScalarOp.ADD;
      case PRODUCT -> ScalarOp.MULTIPLY;
      case MAXIMUM -> ScalarOp.MAXIMUM;
      case MINIMUM -> ScalarOp.MINIMUM;
      case FIRST_MAXIMUM, FIRST_MINIMUM -> throw new AssertionError(combiner);
    };
  }

  private static Number neutral(Combiner combiner, DType dtype) {
    return switch (combiner) {
      case SUM -> Arithmetic.cast(dtype, 0);
      case PRODUCT -> Arithmetic.cast(dtype, 1);
      case MAXIMUM -> least(dtype);
      case MINIMUM -> greatest(dtype);
      case FIRST_MAXIMUM, FIRST_MINIMUM -> throw new AssertionError(combiner);
    };
  }

  private static Number least(DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> (Number) Float.NEGATIVE_INFINITY;
      case FLOAT64 -> (Number) Double.NEGATIVE_INFINITY;
      case INT8 -> (Number) (int) Byte.MIN_VALUE;
      case INT16 -> (Number) (int) Short.MIN_VALUE;
      case INT32 -> (Number) Integer.MIN_VALUE;
      case INT64 -> (Number) Long.MIN_VALUE;
      case UINT8, UINT16, UINT32, UINT64, BOOL -> Arithmetic.cast(dtype, 0);
      case FLOAT16, BFLOAT16 -> throw new AssertionError(dtype);
    };
  }

  private static Number greatest(DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> (Number) Float.POSITIVE_INFINITY;
      case FLOAT64 -> (Number) Double.POSITIVE_INFINITY;
      case INT8 -> (Number) (int) Byte.MAX_VALUE;
      case INT16 -> (Number) (int) Short.MAX_VALUE;
      case INT32 -> (Number) Integer.MAX_VALUE;
      case INT64 -> (Number) Long.MAX_VALUE;
      case UINT8, UINT16, UINT32, UINT64 -> Arithmetic.cast(dtype, -1L);
      case FLOAT16, BFLOAT16 -> throw new AssertionError(dtype);
      case BOOL -> (Number) 1;
    };
  }
}
