package dev.millrace.compile;

import dev.millrace.graph.Body;
import dev.millrace.graph.Equation;
import dev.millrace.graph.Value;
import dev.millrace.op.Broadcast;
import dev.millrace.op.Definition;
import dev.millrace.op.Op;
import dev.millrace.op.Reduce;
import dev.millrace.op.Views;
import dev.millrace.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Moves transpositions and reshapes behind the elementwise ops that use them, {@code f(view(u), v)}
 * becoming {@code view(f(u, back(v)))}.
 *
 * <p>A transposition moves only where another one behind it undoes it: between two convolutions of
 * tensors with their channels first, everything is computed with the channels last, and what is
 * paid is one transposition at the edges at most. A reduction of a value between them folds other
 * axes.
 *
 * <p>A reshape moves behind the ops of a derivative, whose other operands are results of the
 * forward pass and lie in memory anyway: that op then shares the loops of what is reshaped, such as
 * the derivative of a pooling.
 */
final class ViewSinking {
  /** A value as {@code view} of {@code inner}. */
  private record Sunk(Op view, Value inner) {}

  private final Map<Value, Sunk> sunk = new HashMap<>();
  private final Map<Value, Equation> computed = new HashMap<>();
  private final Map<Value, List<Integer>> undone = new HashMap<>();
  private final Map<Value, Value> replacements = new HashMap<>();
  private final List<Equation> equations = new ArrayList<>();
  private boolean changed;

  private ViewSinking() {}

  /** The body with views moved; dead equations are left to {@link Simplification}. */
  static Body of(Body body) {
    var pass = new ViewSinking();
    body.equations().reversed().forEach(pass::findUndone);
    body.equations().forEach(pass::visit);
    List<Value> results = body.results().stream().map(pass::replaced).toList();
    return pass.changed ? new Body(List.copyOf(pass.equations), results) : body;
  }

  private Value replaced(Value value) {
    return replacements.getOrDefault(value, value);
  }

  /** Notes which transposition is applied to a value later, if any. */
  private void findUndone(Equation equation) {
    List<Integer> later = undone.get(equation.result());
    for (Value operand : equation.operands()) {
      if (equation.op() instanceof Views.Transpose(List<Integer> permutation)) {
        undone.putIfAbsent(operand, permutation);
      } else if (later != null && isElementwise(equation)) {
        undone.putIfAbsent(operand, later);
      }
    }
  }

  private void visit(Equation old) {
    List<Value> operands = old.operands().stream().map(this::replaced).toList();
    var equation = new Equation(old.op(), operands, old.result());
    switch (equation.op()) {
      case Views.Transpose transpose -> transpose(equation, transpose);
      case Views.Reshape reshape -> reshape(equation, reshape);
      case Reduce reduce -> reduce(equation, reduce);
      default -> addSunk(equation);
    }
  }

  private void addSunk(Equation equation) {
    sunkOperand(equation).ifPresentOrElse(found -> sink(equation, found), () -> add(equation));
  }

  private void add(Equation equation) {
    equations.add(equation);
    computed.put(equation.result(), equation);
  }

  private void addView(Op view, Value inner, Value result) {
    add(new Equation(view, List.of(inner), result));
    sunk.put(result, new Sunk(view, inner));
  }

  private void transpose(Equation equation, Views.Transpose transpose) {
    Value operand = equation.operands().getFirst();
    Sunk before = sunk.get(operand);
    if (before == null || !(before.view instanceof Views.Transpose first)) {
      addView(transpose, operand, equation.result());
      return;
    }
    Views.Transpose both = transpose.after(first);
    if (both.isIdentity()) {
      replacements.put(equation.result(), before.inner);
      changed = true;
    } else {
      addView(both, before.inner, equation.result());
    }
  }

  private void reshape(Equation equation, Views.Reshape reshape) {
    Value operand = equation.operands().getFirst();
    Sunk before = sunk.get(operand);
    Value inner = before != null && before.view instanceof Views.Reshape ? before.inner : operand;
    if (inner.shape().equals(equation.result().shape())) {
      replacements.put(equation.result(), inner);
      changed = true;
    } else {
      addView(reshape, inner, equation.result());
    }
  }

  /** A reduction of a transposed value as a transposed reduction. */
  private void reduce(Equation equation, Reduce reduce) {
    Value value = equation.operands().getFirst();
    Sunk operand = sunk.get(value);
    if (operand == null
        || reduce.combiner().isPosition()
        || !(operand.view instanceof Views.Transpose transpose)
        || !isUndone(value, transpose)) {
      add(equation);
      return;
    }
    List<Integer> axes = reduce.axes().stream().map(transpose.permutation()::get).toList();
    List<Integer> rest = new ArrayList<>(transpose.permutation());
    rest.removeAll(axes);
    List<Integer> order = rest.stream().sorted().toList();
    Op inside = new Reduce(reduce.combiner(), axes.stream().sorted().toList());
    Value result = equation.result();
    Shape shape = Shape.of(order.stream().map(axis -> operand.inner.shape().dim(axis)).toList());
    var outside = new Views.Transpose(rest.stream().map(order::indexOf).toList());
    replace(result, inside, List.of(operand.inner), shape, outside);
  }

  /** The operand whose view moves behind the equation's op. */
  private Optional<Sunk> sunkOperand(Equation equation) {
    return isElementwise(equation)
        ? equation.operands().stream()
            .filter(sunk::containsKey)
            .map(sunk::get)
            .filter(candidate -> isWorthwhile(equation, candidate))
            .findFirst()
        : Optional.empty();
  }

  private boolean isElementwise(Equation equation) {
    return !equation.operands().isEmpty()
        && equation.definition() instanceof Definition.Pointwise
        && equation.operands().stream()
            .allMatch(operand -> operand.shape().equals(equation.result().shape()));
  }

  private boolean isWorthwhile(Equation equation, Sunk candidate) {
    Value result = equation.result();
    return switch (candidate.view) {
      case Views.Transpose transpose -> isUndone(result, transpose);
      default ->
          candidate.inner.kind() == Value.Kind.RESULT
              && result.graph().isDerivative(result)
              && equation.operands().stream().allMatch(other -> isReadily(other, candidate));
    };
  }

  private boolean isUndone(Value value, Views.Transpose transpose) {
    return undone.containsKey(value)
        && new Views.Transpose(undone.get(value)).after(transpose).isIdentity();
  }

  /** Whether {@code other} can be seen in the shape of the candidate's inner value at no cost. */
  private boolean isReadily(Value other, Sunk candidate) {
    Sunk own = sunk.get(other);
    if (own != null && own.view instanceof Views.Reshape) {
      return own.inner.shape().equals(candidate.inner.shape());
    }
    Equation equation = computed.get(other);
    if (equation == null || isUniform(other)) {
      return true;
    }
    return !(equation.definition() instanceof Definition.View) && isOfForwardPass(equation);
  }

  private boolean isOfForwardPass(Equation equation) {
    return isOfForwardPass(equation.result())
        || equation.operands().stream()
            .allMatch(operand -> isOfForwardPass(operand) || isUniform(operand));
  }

  private static boolean isOfForwardPass(Value value) {
    return !value.graph().isDerivative(value);
  }

  /** Whether this repeats one number. */
  private boolean isUniform(Value value) {
    Equation equation = computed.get(value);
    return equation != null
        && equation.op() instanceof Broadcast
        && equation.operands().getFirst().shape().elements().is(1);
  }

  private void sink(Equation equation, Sunk candidate) {
    var operands = new ArrayList<Value>();
    for (Value operand : equation.operands()) {
      operands.add(back(operand, candidate));
    }
    Value result = equation.result();
    replace(result, equation.op(), operands, candidate.inner.shape(), candidate.view);
  }

  /** Computes {@code outside(inside(operands))} instead of {@code result}. */
  private void replace(Value result, Op inside, List<Value> operands, Shape shape, Op outside) {
    Value inner = result.instead(inside, operands, shape);
    addSunk(new Equation(inside, operands, inner));
    addView(outside, inner, result);
    changed = true;
  }

  /** The operand as it has to be for its view by the candidate's op to be what it is. */
  private Value back(Value operand, Sunk candidate) {
    Sunk own = sunk.get(operand);
    Shape shape = candidate.inner.shape();
    if (own != null && own.view.equals(candidate.view) && own.inner.shape().equals(shape)) {
      return own.inner;
    }
    if (isUniform(operand)) {
      Value number = Objects.requireNonNull(computed.get(operand)).operands().getFirst();
      return added(operand, new Broadcast(shape), number, shape);
    }
    Op back =
        candidate.view instanceof Views.Transpose transpose
            ? transpose.inverted()
            : new Views.Reshape(shape);
    return added(operand, back, operand, shape);
  }

  private Value added(Value like, Op view, Value operand, Shape shape) {
    Value result = like.instead(view, List.of(operand), shape);
    add(new Equation(view, List.of(operand), result));
    return result;
  }
}
