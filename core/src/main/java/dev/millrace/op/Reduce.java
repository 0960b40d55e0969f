package dev.millrace.op;

import dev.millrace.kernel.Statement.Combiner;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Unification;
import java.util.List;
import java.util.Optional;

/**
 * The operand folded along {@code axes} (ascending), which are gone from the result. Positions fold
 * along one axis and give int64.
 */
public record Reduce(Combiner combiner, List<Integer> axes) implements Op {
  public Reduce {
    axes = List.copyOf(axes);
  }

  @Override
  public String name() {
    return switch (combiner) {
      case FIRST_MAXIMUM -> "argMax";
      case FIRST_MINIMUM -> "argMin";
      case SUM -> "reduceSum";
      case PRODUCT -> "reduceProd";
      case MAXIMUM -> "reduceMax";
      case MINIMUM -> "reduceMin";
    };
  }

  @Override
  public Type infer(List<Expr> operands, Unification dims) {
    Expr x = operands.getFirst();
    boolean folds = combiner == Combiner.MAXIMUM || combiner == Combiner.MINIMUM;
    if (x.dtype() == DType.BOOL && !folds) {
      throw new DTypeException(
          name()
              + ": takes numbers: "
              + Messages.describe(x)
              + "; convert it with cast(x, FLOAT32) first");
    }
    Shape shape = x.shape();
    for (int axis : axes.reversed()) {
      shape = shape.without(axis);
    }
    return new Type(combiner.isPosition() ? DType.INT64 : x.dtype(), shape);
  }

  @Override
  public Definition define(List<Type> operands, Type result) {
    return new Definition.Reduction(combiner, axes);
  }

  @Override
  public boolean isDifferentiable() {
    return !combiner.isPosition();
  }

  @Override
  public Optional<Expr> vjp(int operand, Call call) {
    Expr x = call.operand(0);
    return switch (combiner) {
      case SUM -> Optional.of(spread(call.cotangent(), x));
      case PRODUCT -> Optional.of(spread(call.cotangent(), x).times(ProductOfOthers.of(x, axes)));
      case MAXIMUM, MINIMUM -> Optional.of(shareAmongEqual(call, x));
      case FIRST_MAXIMUM, FIRST_MINIMUM -> Optional.empty();
    };
  }

  private Expr spread(Expr reduced, Expr x) {
    return MovementFunctions.expandDims(reduced, axes).broadcastTo(x.shape());
  }

  /** Each of the elements that are extreme gets an equal share, so the sum is kept. */
  private Expr shareAmongEqual(Call call, Expr x) {
    Expr extreme = x.equalTo(spread(call.result(), x)).cast(x.dtype());
    Expr count = ReductionFunctions.sum(extreme, axes);
    return extreme.times(spread(call.cotangent().dividedBy(count), x));
  }
}
