package dev.millrace.compile;

import static dev.millrace.kernel.ScalarOp.ROUND_TO_BFLOAT16;

import dev.millrace.graph.Body;
import dev.millrace.graph.Equation;
import dev.millrace.graph.Value;
import dev.millrace.op.Definition;
import dev.millrace.op.Expr;
import dev.millrace.op.Op;
import dev.millrace.op.Type;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Unification;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Rounds both operands of every float32 contraction to bfloat16; the sum stays float32. What is
 * behind views (a transposed or repeated operand) is rounded once for all of them. Everything but
 * the contractions reads what is not rounded.
 *
 * <p>A rounding is an elementwise value like any other, so it becomes a part of the kernel that
 * computes the operand.
 */
public final class MixedPrecision {
  /** Rounding element by element. Only this pass applies it, after all derivatives are taken. */
  private record Round() implements Op {
    @Override
    public String name() {
      return "roundToBfloat16";
    }

    @Override
    public Type infer(List<Expr> operands, Unification dims) {
      return operands.getFirst().type();
    }

    @Override
    public Definition define(List<Type> operands, Type result) {
      return new Definition.Pointwise((scalars, x) -> scalars.apply(ROUND_TO_BFLOAT16, x));
    }

    @Override
    public Optional<Expr> vjp(int operand, Call call) {
      return Optional.empty();
    }

    @Override
    public boolean isDifferentiable() {
      return false;
    }

    @Override
    public String toString() {
      return name();
    }
  }

  private final Map<Value, Equation> equations = new HashMap<>();
  private final Map<Value, Value> rounded = new HashMap<>();
  private final List<Equation> rewritten = new ArrayList<>();

  private final Predicate<Value> isExempt;

  private MixedPrecision(Predicate<Value> isExempt) {
    this.isExempt = isExempt;
  }

  /** {@code body} with rounded operands; linear in its length. */
  public static Body of(Body body) {
    return of(body, value -> false);
  }

  /** The same, but for contractions that are exempt. */
  static Body of(Body body, Predicate<Value> isExempt) {
    var pass = new MixedPrecision(isExempt);
    for (Equation equation : body.equations()) {
      pass.rewrite(equation);
    }
    return new Body(List.copyOf(pass.rewritten), body.results());
  }

  private void rewrite(Equation equation) {
    equations.put(equation.result(), equation);
    boolean rounds =
        equation.definition() instanceof Definition.Contraction
            && !isExempt.test(equation.result())
            && equation.operands().stream().allMatch(o -> o.dtype() == DType.FLOAT32);
    rewritten.add(
        rounds
            ? new Equation(
                equation.op(),
                equation.operands().stream().map(this::rounded).toList(),
                equation.result())
            : equation);
  }

  /** The rounded operand: views of the rounded value that they are views of. */
  private Value rounded(Value operand) {
    var views = new ArrayDeque<Value>();
    Value base = operand;
    while (!rounded.containsKey(base) && isView(base)) {
      views.push(base);
      base = equation(base).operands().getFirst();
    }
    Value result = rounded.get(base);
    if (result == null) {
      result = add(base, base.instead(new Round(), List.of(base), base.shape()));
    }
    for (Value view : views) {
      Op op = equation(view).op();
      result = add(view, view.instead(op, List.of(result), view.shape()));
    }
    return result;
  }

  private Equation equation(Value value) {
    return Objects.requireNonNull(equations.get(value));
  }

  private Value add(Value original, Value result) {
    rounded.put(original, result);
    rewritten.add(result.equation().orElseThrow());
    return result;
  }

  /** Whether a value shows all elements of its operand, so that none is rounded in vain. */
  private boolean isView(Value value) {
    Equation equation = equations.get(value);
    if (equation == null) {
      return false;
    }
    return switch (equation.definition()) {
      case Definition.Reinterpretation reshape -> true;
      case Definition.View view ->
          FreeSlots.isAtLeast(
              value.shape().elements(), equation.operands().getFirst().shape().elements());
      case Definition.Pointwise pointwise -> false;
      case Definition.Contraction contraction -> false;
      case Definition.Reduction reduction -> false;
      case Definition.Assembly assembly -> false;
      case Definition.Lookup lookup -> false;
      case Definition.Accumulation accumulation -> false;
      case Definition.Bundled bundle -> false;
      case Definition.Part part -> false;
      case Definition.Scan scan -> false;
      case Definition.Ordering ordering -> false;
    };
  }
}
