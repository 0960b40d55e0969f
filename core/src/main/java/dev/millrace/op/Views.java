package dev.millrace.op;

import dev.millrace.kernel.Index;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Unification;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Primitives that only look at their operand in another way; none of them copies. */
public final class Views {
  private Views() {}

  /** Axis {@code i} of the result is axis {@code permutation.get(i)} of the operand. */
  public record Transpose(List<Integer> permutation) implements Op {
    public Transpose {
      permutation = List.copyOf(permutation);
    }

    @Override
    public String name() {
      return "transpose";
    }

    @Override
    public Type infer(List<Expr> operands, Unification dims) {
      Expr x = operands.getFirst();
      List<Integer> axes = IntStream.range(0, x.shape().rank()).boxed().toList();
      if (!permutation.stream().sorted().toList().equals(axes)) {
        throw new ShapeException(
            "transpose: "
                + permutation
                + " is no order of the axes "
                + axes
                + ": "
                + Messages.describe(x));
      }
      return new Type(x.dtype(), Shape.of(permutation.stream().map(x.shape()::dim).toList()));
    }

    @Override
    public Definition define(List<Type> operands, Type result) {
      return new Definition.View(inverse().stream().map(Index::ofVariable).toList());
    }

    /** The one that undoes this one. */
    public Transpose inverted() {
      return new Transpose(inverse());
    }

    /** The one that does what {@code first} does and then this one. */
    public Transpose after(Transpose first) {
      return new Transpose(permutation.stream().map(first.permutation::get).toList());
    }

    /** Whether this changes nothing. */
    public boolean isIdentity() {
      return permutation.equals(IntStream.range(0, permutation.size()).boxed().toList());
    }

    private List<Integer> inverse() {
      var inverse = new ArrayList<>(Collections.nCopies(permutation.size(), 0));
      for (int axis = 0; axis < permutation.size(); axis++) {
        inverse.set(permutation.get(axis), axis);
      }
      return List.copyOf(inverse);
    }

    @Override
    public Optional<Expr> vjp(int operand, Call call) {
      Op back = new Transpose(inverse());
      return Optional.of(call.cotangent().recorder().apply(back, List.of(call.cotangent())));
    }
  }

  /** Puts dims of 1 so that they stand at {@code axes} (ascending) of the result. */
  record ExpandDims(List<Integer> axes) implements Op {
    @Override
    public String name() {
      return "expandDims";
    }

    @Override
    public Type infer(List<Expr> operands, Unification dims) {
      Expr x = operands.getFirst();
      var shape = new ArrayList<>(x.shape().dims());
      for (int axis : axes) {
        if (axis < 0 || axis > shape.size()) {
          throw new ShapeException(
              "expandDims: axis " + axis + " leaves a gap: " + Messages.describe(x));
        }
        shape.add(axis, Dim.ONE);
      }
      return new Type(x.dtype(), Shape.of(shape));
    }

    @Override
    public Definition define(List<Type> operands, Type result) {
      List<Index> map = Axes.identity(result.shape().rank());
      axes.reversed().forEach(axis -> map.remove((int) axis));
      return new Definition.View(map);
    }

    @Override
    public Optional<Expr> vjp(int operand, Call call) {
      return Optional.of(
          call.cotangent().recorder().apply(new Squeeze(axes), List.of(call.cotangent())));
    }
  }

  /** Removes the dims at {@code axes} (ascending), which must be 1. */
  record Squeeze(List<Integer> axes) implements Op {
    @Override
    public String name() {
      return "squeeze";
    }

    @Override
    public Type infer(List<Expr> operands, Unification dims) {
      Expr x = operands.getFirst();
      var shape = new ArrayList<>(x.shape().dims());
      for (int axis : axes.reversed()) {
        if (dims.unify(shape.get(axis), Dim.ONE).isEmpty()) {
          throw new ShapeException(
              "squeeze: dim "
                  + axis
                  + " is "
                  + shape.get(axis)
                  + ", only a 1 can go: "
                  + Messages.describe(x));
        }
        shape.remove(axis);
      }
      return new Type(x.dtype(), Shape.of(shape));
    }

    @Override
    public Definition define(List<Type> operands, Type result) {
      List<Index> map = Axes.identity(result.shape().rank());
      axes.forEach(axis -> map.add(axis, Index.ZERO));
      return new Definition.View(map);
    }

    @Override
    public Optional<Expr> vjp(int operand, Call call) {
      return Optional.of(
          call.cotangent().recorder().apply(new ExpandDims(axes), List.of(call.cotangent())));
    }
  }

  /**
   * Elements {@code start + i * step} for i below {@code size} of each axis; a negative step walks
   * backwards.
   */
  record Slice(List<Dim> starts, List<Dim> sizes, List<Long> steps) implements Op {
    @Override
    public String name() {
      return "slice";
    }

    @Override
    public Type infer(List<Expr> operands, Unification dims) {
      Expr x = operands.getFirst();
      for (int axis = 0; axis < sizes.size(); axis++) {
        Dim first = starts.get(axis);
        Dim last = first.plus(sizes.get(axis).minus(Dim.ONE).times(steps.get(axis)));
        if (isOutside(first, x.shape().dim(axis)) || isOutside(last, x.shape().dim(axis))) {
          throw new ShapeException(
              "slice: elements "
                  + first
                  + " to "
                  + last
                  + " of axis "
                  + axis
                  + " are outside of dim "
                  + x.shape().dim(axis)
                  + ": "
                  + Messages.describe(x));
        }
      }
      return new Type(x.dtype(), Shape.of(sizes));
    }

    @Override
    public List<Requirement> requirements(List<Type> operands) {
      Shape from = operands.getFirst().shape();
      Dim elements = Shape.of(sizes).elements();
      var requirements = new ArrayList<Requirement>();
      for (int axis = 0; axis < sizes.size(); axis++) {
        Dim extent = from.dim(axis);
        Dim size = sizes.get(axis);
        Dim first = starts.get(axis);
        Dim last = first.plus(size.minus(Dim.ONE).times(steps.get(axis)));
        String rule =
            "elements "
                + first
                + " to "
                + last
                + " of axis "
                + axis
                + " must be inside of dim "
                + extent;
        requirements.add(new Requirement(size, Dim.ONE, rule));
        for (Dim position : List.of(first, last)) {
          requirements.add(new Requirement(position, elements, rule));
          requirements.add(new Requirement(extent.minus(position).minus(Dim.ONE), elements, rule));
        }
      }
      return requirements;
    }

    /** Whether {@code position} is known not to lie in {@code [0, extent)} of a non-empty slice. */
    private boolean isOutside(Dim position, Dim extent) {
      if (sizes.stream().anyMatch(size -> size.is(0))) {
        return false;
      }
      Dim left = extent.minus(position);
      return (position.isKnown() && position.value() < 0) || (left.isKnown() && left.value() <= 0);
    }

    @Override
    public Definition define(List<Type> operands, Type result) {
      var map = new ArrayList<Index>();
      for (int axis = 0; axis < sizes.size(); axis++) {
        map.add(Index.ofVariable(axis).times(Dim.of(steps.get(axis))).plus(starts.get(axis)));
      }
      return new Definition.View(map);
    }

    @Override
    public Optional<Expr> vjp(int operand, Call call) {
      return Optional.of(Pad.placing(call.cotangent(), this, call.operand(0).shape()));
    }
  }

  /** The operand itself, taken as a constant by derivatives. */
  public record StopGradient() implements Op {
    @Override
    public String name() {
      return "stopGradient";
    }

    @Override
    public Type infer(List<Expr> operands, Unification dims) {
      return operands.getFirst().type();
    }

    @Override
    public Definition define(List<Type> operands, Type result) {
      return new Definition.View(Axes.identity(result.shape().rank()));
    }

    @Override
    public Optional<Expr> vjp(int operand, Call call) {
      return Optional.empty();
    }

    @Override
    public boolean isDifferentiable() {
      return false;
    }
  }

  /** The operand's elements, in their row-major order, as {@code target}. */
  public record Reshape(Shape target) implements Op {
    @Override
    public String name() {
      return "reshape";
    }

    @Override
    public Type infer(List<Expr> operands, Unification dims) {
      Expr x = operands.getFirst();
      Dim elements = dims.resolve(x.shape()).elements();
      if (dims.unify(elements, dims.resolve(target).elements()).isEmpty()) {
        throw new ShapeException(
            "reshape: "
                + target
                + " has "
                + target.elements()
                + " elements, the operand has "
                + elements
                + ": "
                + Messages.describe(x));
      }
      return new Type(x.dtype(), target);
    }

    @Override
    public Definition define(List<Type> operands, Type result) {
      return new Definition.Reinterpretation();
    }

    @Override
    public Optional<Expr> vjp(int operand, Call call) {
      Op back = new Reshape(call.operand(0).shape());
      return Optional.of(call.cotangent().recorder().apply(back, List.of(call.cotangent())));
    }
  }
}
