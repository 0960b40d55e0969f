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
    private static final double STEPS_16 = 0x1p11;
    private static final double STEPS_BFLOAT16 = 0x1p8;

    @Override
    public String name() {
      return "uniform";
    }

    @Override
    public Type infer(List<Expr> operands, Unification dims) {
      if (!dtype.isFloating()) {
        throw new DTypeException("uniform: draws floating point, found " + dtype);
      }
      return new Type(dtype, shape);
    }

    @Override
    public Definition define(List<Type> operands, Type result) {
      return new Definition.Pointwise((s, x) -> {
        int draw = s.draw(dtype, key, x[0]);
        return switch (dtype) {
          case FLOAT64 -> s.apply(ScalarOp.MAXIMUM, draw, s.literal(dtype, HALF_STEP_64));
          case FLOAT16 -> shortened(s, draw, STEPS_16);
          case BFLOAT16 -> shortened(s, draw, STEPS_BFLOAT16);
          default -> s.apply(ScalarOp.MAXIMUM, draw, s.literal(dtype, HALF_STEP_32));
        };
      });
    }

    /** A draw in so few steps that rounding it doesn't give 1. */
    private static int shortened(Scalars s, int draw, double steps) {
      int number = s.apply(ScalarOp.MULTIPLY, draw, s.literalLike(draw, steps));
      int below = s.apply(ScalarOp.FLOOR, number);
      int rounded = s.apply(ScalarOp.MULTIPLY, below, s.literalLike(draw, 1 / steps));
      return s.apply(ScalarOp.MAXIMUM, rounded, s.literalLike(draw, 0.5 / steps));
    }

    @Override
    public Optional<Expr> vjp(int operand, Call call) {
      return Optional.empty();
    }
  }
}
