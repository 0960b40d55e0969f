package dev.millrace.op;

import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;

/** What records the application of ops: a graph, seen from below. */
public interface Recorder {
  /** The value of {@code op} applied to operands of this graph. */
  Expr apply(Op op, List<Expr> operands);

  /**
   * What {@code recording} gives; if it throws, the dims that it has made the same are unknown
   * again. For functions that record several ops.
   */
  <T> T atomically(Supplier<T> recording);

  /**
   * The shape that operands have once they are broadcast against one another, without their last
   * {@code trailing} dims; dims that must agree are made the same.
   *
   * @throws dev.millrace.tensor.ShapeException if they clash, named as operands of {@code op}
   */
  Shape commonShape(String op, List<Expr> operands, int trailing);

  /** A value that is always {@code tensor}. */
  Expr constant(Tensor tensor);

  /** The number of the run in its session, an int64 scalar: random ops draw anew for each. */
  Expr run();

  /** A seed that differs for each call, but is the same in each construction of the same graph. */
  long nextSeed();
}
