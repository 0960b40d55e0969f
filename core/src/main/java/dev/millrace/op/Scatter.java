package dev.millrace.op;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Tensor;
import dev.millrace.tensor.Unification;
import java.util.List;
import java.util.Optional;

/**
 * Operand 0, into which the updates of operand 2 are put where the indices of operand 1 say, in the
 * order of the updates: the same bits at any number of threads. An index outside of its axis ends
 * the run with an {@code IndexException}.
 */
record Scatter(Addressing places, Combine how) implements Op {
  @Override
  public String name() {
    return places.writing() + how.suffix();
  }

  /** This op of these operands. */
  Expr of(Expr x, Expr indices, Expr updates) {
    return x.recorder().apply(this, List.of(x, indices, updates));
  }

  /** A tensor of the type and shape of {@code x} full of {@code value}; needs no memory. */
  static Expr filled(Expr x, double value) {
    return filled(x, x.shape(), value);
  }

  /** A tensor of the type of {@code x} full of {@code value}; needs no memory. */
  static Expr filled(Expr x, Shape shape, double value) {
    Tensor number = Tensor.filled(x.dtype(), Shape.SCALAR, value);
    return x.recorder().constant(number).broadcastTo(shape);
  }

  @Override
  public Type infer(List<Expr> operands, Unification dims) {
    Expr x = operands.get(0);
    Expr indices = operands.get(1);
    Expr updates = operands.get(2);
    Addressing.checkIndices(name(), indices);
    if (!x.dtype().isNumeric() && how != Combine.SET) {
      throw new DTypeException(
          name()
              + ": combines numbers: "
              + Messages.describe(updates)
              + "; convert it with cast(x, FLOAT32) first");
    }
    Broadcast.checkOneType(name(), List.of(x, updates));
    Shape part = places.part(name(), x, indices, dims);
    boolean fits = part.rank() == updates.shape().rank();
    for (int axis = 0; fits && axis < part.rank(); axis++) {
      fits = dims.unify(part.dim(axis), updates.shape().dim(axis)).isPresent();
    }
    if (!fits) {
      throw new ShapeException(
          name()
              + ": the updates must have the shape "
              + part
              + " of what the indices pick out: "
              + Messages.describe(x, indices, updates));
    }
    return x.type();
  }

  @Override
  public Definition define(List<Type> operands, Type result) {
    return new Definition.Accumulation(
        how.combiner(), places.coordinates(result.shape(), operands.get(1).shape()));
  }

  @Override
  public Optional<Expr> vjp(int operand, Call call) {
    return switch (operand) {
      case 0 -> Optional.of(byTarget(call));
      case 1 -> Optional.empty();
      default -> Optional.of(byUpdates(call));
    };
  }

  private Expr byTarget(Call call) {
    Expr dy = call.cotangent();
    Expr indices = call.operand(1);
    Expr updates = call.operand(2);
    return switch (how) {
      case ADD -> dy;
      case SET -> of(dy, indices, filled(updates, 0));
      case MULTIPLY -> of(dy, indices, updates);
      case MAX, MIN -> {
        Expr stays = call.operand(0).equalTo(call.result());
        yield ElementwiseFunctions.select(stays, share(call), 0);
      }
    };
  }

  private Expr byUpdates(Call call) {
    Expr dy = call.cotangent();
    Expr indices = call.operand(1);
    Expr updates = call.operand(2);
    return switch (how) {
      case ADD -> taken(dy, indices);
      case SET ->
          ElementwiseFunctions.select(
              isLast(call.operand(0), indices, updates), taken(dy, indices), 0);
      case MULTIPLY ->
          taken(dy.times(call.operand(0)), indices)
              .times(others(call.operand(0), indices, updates));
      case MAX, MIN -> {
        Expr wins = updates.equalTo(taken(call.result(), indices));
        yield ElementwiseFunctions.select(wins, taken(share(call), indices), 0);
      }
    };
  }

  private Expr taken(Expr x, Expr indices) {
    return x.recorder().apply(new Gather(places), List.of(x, indices));
  }

  /** Where several are extreme, each gets an equal share. */
  private Expr share(Call call) {
    Expr dy = call.cotangent();
    Expr indices = call.operand(1);
    Expr wins = call.operand(2).equalTo(taken(call.result(), indices)).cast(dy.dtype());
    Expr own = call.operand(0).equalTo(call.result()).cast(dy.dtype());
    Expr count = new Scatter(places, Combine.ADD).of(own, indices, wins);
    return dy.dividedBy(ElementwiseFunctions.maximum(count, ElementwiseFunctions.like(count, 1)));
  }

  /** Whether no later update meets the same element. */
  private Expr isLast(Expr x, Expr indices, Expr updates) {
    Shape shape = updates.shape();
    Recorder graph = x.recorder();
    Expr count = RandomFunctions.iota(graph, DType.INT64, shape.elements());
    Expr numbers = MovementFunctions.reshape(count, shape);
    Expr nobody = filled(x.cast(DType.INT64), -1);
    Expr writers = new Scatter(places, Combine.SET).of(nobody, indices, numbers);
    return taken(writers, indices).equalTo(numbers);
  }

  /**
   * For each update the product of all others that meet the same element: that of those which are
   * not 0, unless there is a 0 among the others.
   */
  private Expr others(Expr x, Expr indices, Expr updates) {
    Expr isZero = updates.equalTo(ElementwiseFunctions.like(updates, 0));
    Expr factors = ElementwiseFunctions.select(isZero, 1, updates);
    Expr products = of(filled(x, 1), indices, factors);
    Expr zeros = new Scatter(places, Combine.ADD).of(filled(x, 0), indices, isZero.cast(x.dtype()));
    Expr otherZeros = taken(zeros, indices).minus(isZero.cast(x.dtype()));
    Expr others = taken(products, indices).dividedBy(factors);
    return ElementwiseFunctions.select(otherZeros.greater(0), 0, others);
  }
}
