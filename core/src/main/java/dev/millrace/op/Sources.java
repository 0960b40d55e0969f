package dev.millrace.op;

import dev.millrace.kernel.Index;
import dev.millrace.kernel.ScalarOp;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Unification;
import java.util.List;
import java.util.Optional;

/** Primitives that make values out of nothing but their attributes. */
final class Sources {
  private Sources() {}

  /** {@code 0, 1, ..., size - 1}. */
  record Iota(DType dtype, Dim size) implements Op {
    @Override
    public String name() {
      return "iota";
    }

    @Override
    public Type infer(List<Expr> operands, Unification dims) {
      if (!dtype.isNumeric()) {
        throw new DTypeException("iota: takes a type of numbers, found " + dtype);
      }
      return new Type(dtype, Shape.of(size));
    }

    @Override
    public Definition define(List<Type> operands, Type result) {
      return new Definition.Pointwise((s, x) -> s.cast(dtype, s.position(Index.ofVariable(0))));
    }

    @Override
    public Optional<Expr> vjp(int operand, Call call) {
      return Optional.empty();
    }
  }

  /** A dim as a scalar: what an unknown batch size turns out to be. */
  record DimValue(DType dtype, Dim dim) implements Op {
    @Override
    public String name() {
      return "dimValue";
    }

    @Override
    public Type infer(List<Expr> operands, Unification dims) {
      return new Type(dtype, Shape.SCALAR);
    }

    @Override
    public Definition define(List<Type> operands, Type result) {
      return new Definition.Pointwise((s, x) -> s.cast(dtype, s.position(Index.of(dim))));
    }

    @Override
    public Optional<Expr> vjp(int operand, Call call) {
      return Optional.empty();
    }
  }

  /**
   * Numbers uniform in (0, 1), the operand being the number of the run; counter-based
   * (Philox4x32-10), so that element i of run r is the same whoever computes it. A draw of 0 counts
   * as half a step above it, which keeps logarithms and quantiles finite.
   */
  record Uniform(DType dtype, Shape shape, long key) implements Op {
    private static final double HALF_STEP_32 = 0x1p-25;
    private static final double HALF_STEP_64 = 0x1p-54;

    @Override
    public String name() {
      return "uniform";
    }

    @Override
    public Type infer(List<Expr> operands, Unification dims) {
      if (!dtype.isFloating()) {
        throw new DTypeException("uniform: draws float32 or float64, found " + dtype);
      }
      return new Type(dtype, shape);
    }

    @Override
    public Definition define(List<Type> operands, Type result) {
      return new Definition.Pointwise((s, x) -> {
        int draw = s.draw(dtype, key, x[0]);
        double half = dtype == DType.FLOAT32 ? HALF_STEP_32 : HALF_STEP_64;
        return s.apply(ScalarOp.MAXIMUM, draw, s.literal(dtype, half));
      });
    }

    @Override
    public Optional<Expr> vjp(int operand, Call call) {
      return Optional.empty();
    }
  }
}
