package dev.millrace.cpu;

import dev.millrace.kernel.Index;
import dev.millrace.kernel.Kernel;
import dev.millrace.kernel.Scalar;
import dev.millrace.kernel.ScalarOp;
import dev.millrace.kernel.Statement;
import dev.millrace.kernel.Statement.Contract;
import dev.millrace.kernel.Statement.Let;
import dev.millrace.kernel.Statement.Loop;
import dev.millrace.kernel.Statement.Order;
import dev.millrace.kernel.Statement.Range;
import dev.millrace.kernel.Statement.Split;
import dev.millrace.kernel.Statement.Store;
import dev.millrace.tensor.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A rough estimate of how long a task takes, to decide whether more threads pay: {@code trips *
 * (own + sum of inner)}.
 *
 * @param trips factors of the number of iterations; a negative one counts as 0
 * @param own nanoseconds of what is directly in an iteration
 * @param isRows whether it is a contraction that has a {@link RowTile}
 * @param inner loops within
 */
record Work(Extent[] trips, double own, boolean isRows, Work[] inner) {
  private static final double MULTIPLY_ADD = 0.025;
  private static final double SIMPLE = 0.06;
  private static final double MEMORY = 0.1;
  private static final double FUNCTION = 0.5;
  private static final double DRAW = 1;

  /** One element of a row that is sorted. */
  private static final double ORDER = 40;

  private static final double SLOW_FUNCTION = 20;

  /** How much longer the scalar form takes ... */
  private static final double SCALAR = 6;

  /** ... and where it is loops over long rows, which become vectors all the same. */
  private static final double ROWS = 2.5;

  /** Work of one task in the vector form. */
  static Work ofVectors(Kernel kernel) {
    return block(new Extent[0], kernel.body());
  }

  /** Work of one task in the scalar form. */
  static Work ofScalars(Kernel kernel) {
    return ofVectors(kernel).inScalars();
  }

  private Work inScalars() {
    Work[] slower = Stream.of(inner).map(Work::inScalars).toArray(Work[]::new);
    return new Work(trips, own * (isRows ? ROWS : SCALAR), isRows, slower);
  }

  private static Work block(Extent[] trips, List<Statement> statements) {
    double own = SIMPLE;
    var inner = new ArrayList<Work>();
    for (Statement statement : statements) {
      switch (statement) {
        case Let(int variable, Scalar value) -> own += cost(value);
        case Store store -> own += MEMORY;
        case Loop loop -> inner.add(block(new Extent[] {trips(loop.range())}, loop.body()));
        case Split split -> own += SIMPLE * split.axes().size();
        case Contract contract -> inner.add(contract(contract));
        case Order order ->
            inner.add(new Work(new Extent[] {Extent.of(order.count())}, ORDER, false, new Work[0]));
      }
    }
    return new Work(trips, own, false, inner.toArray(Work[]::new));
  }

  private static Work contract(Contract contract) {
    var trips = new ArrayList<Extent>();
    trips.add(trips(contract.rows()));
    trips.add(trips(contract.columns()));
    contract.inner().forEach(axis -> trips.add(Extent.of(axis.extent())));
    boolean isRows = RowTile.of(contract).isPresent();
    return new Work(trips.toArray(Extent[]::new), MULTIPLY_ADD, isRows, new Work[0]);
  }

  private static double cost(Scalar scalar) {
    return switch (scalar) {
      case Scalar.Literal literal -> 0;
      case Scalar.Load load -> MEMORY;
      case Scalar.Position position -> SIMPLE;
      case Scalar.CheckedIndex index -> SIMPLE;
      case Scalar.Draw draw -> DRAW;
      case Scalar.Apply apply -> cost(apply.op());
    };
  }

  private static double cost(ScalarOp op) {
    return switch (op) {
      case EXP, EXPM1, LOG, LOG1P, TANH -> FUNCTION;
      case POWER, SIN, COS, ERF, NDTRI, MODULO, REMAINDER, FLOOR_DIVIDE -> SLOW_FUNCTION;
      case TAN, ASIN, ACOS, ATAN, ATAN2, HYPOT, SINH, COSH, ASINH, ACOSH, ATANH -> SLOW_FUNCTION;
      case EXP2, LOG2, LOG10, CBRT, ERFC, ERFINV, LGAMMA, POLYGAMMA, SINC -> SLOW_FUNCTION;
      default -> SIMPLE;
    };
  }

  /** Iterations of a range: what is left where its begin cancels out of an end, if it does. */
  private static Extent trips(Range range) {
    Dim greatest = range.ends().getLast().offset();
    for (Index end : range.ends()) {
      Index length = end.plus(range.begin().times(Dim.of(-1)));
      if (length.terms().isEmpty()) {
        greatest = length.offset();
        if (greatest.isKnown()) {
          break;
        }
      }
    }
    return Extent.of(greatest);
  }

  /** Nanoseconds for these dim arguments. */
  double nanos(int[] dims) {
    double sum = own;
    for (Work loop : inner) {
      sum += loop.nanos(dims);
    }
    for (Extent trip : trips) {
      sum *= Math.max(0, trip.evaluate(dims));
    }
    return sum;
  }
}
