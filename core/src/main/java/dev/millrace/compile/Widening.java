package dev.millrace.compile;

import dev.millrace.graph.Body;
import dev.millrace.graph.Equation;
import dev.millrace.graph.Value;
import dev.millrace.kernel.ScalarOp;
import dev.millrace.op.Cast;
import dev.millrace.op.Definition;
import dev.millrace.op.Expr;
import dev.millrace.op.Op;
import dev.millrace.op.Type;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Unification;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts casts around the work on whole arrays that has no kernels for a type: what folds, multiplies
 * or sorts numbers of float16 and bfloat16 does so in float32 and rounds the results, so sums of
 * many small numbers don't stop growing; products of matrices of narrow and unsigned integers are
 * computed modulo 2^32 or 2^64, of which theirs are the lower bits.
 *
 * <p>Elementwise ops are left alone: their instructions are cast one by one where they are written.
 * So are views, look-ups and what else only moves elements.
 */
final class Widening {
  /** uint64 as the int64 of the same order. Only this pass applies it. */
  private record Signed() implements Op {
    @Override
    public String name() {
      return "signed";
    }

    @Override
    public Type infer(List<Expr> operands, Unification dims) {
      return new Type(DType.INT64, operands.getFirst().shape());
    }

    @Override
    public Definition define(List<Type> operands, Type result) {
      return new Definition.Pointwise((s, x) -> {
        int lowest = s.literal(DType.INT64, Long.MIN_VALUE);
        return s.apply(ScalarOp.BIT_XOR, s.cast(DType.INT64, x[0]), lowest);
      });
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

  private record Wanted(Value value, DType dtype) {}

  private final Map<Wanted, Value> wide = new HashMap<>();
  private final Map<Value, Value> bundles = new HashMap<>();
  private final List<Equation> rewritten = new ArrayList<>();

  private Widening() {}

  /** {@code body} with casts; linear in its length. */
  static Body of(Body body) {
    var pass = new Widening();
    for (Equation equation : body.equations()) {
      pass.rewrite(equation);
    }
    return new Body(List.copyOf(pass.rewritten), body.results());
  }

  private void rewrite(Equation equation) {
    boolean affected =
        equation.operands().stream().anyMatch(this::isAffected) || isAffected(equation.result());
    if (!affected) {
      rewritten.add(equation);
      return;
    }
    switch (equation.definition()) {
      case Definition.Contraction contraction -> widen(equation, true);
      case Definition.Reduction reduction -> widen(equation, false);
      case Definition.Accumulation accumulation -> widen(equation, false);
      case Definition.Scan scan -> widen(equation, false);
      case Definition.Ordering ordering -> order(equation);
      case Definition.Library library -> bundle(equation);
      case Definition.Part part -> {
        if (bundles.containsKey(equation.operands().getFirst())) {
          widen(equation, false);
        } else {
          rewritten.add(equation);
        }
      }
      case Definition.Pointwise pointwise -> rewritten.add(equation);
      case Definition.View view -> rewritten.add(equation);
      case Definition.Reinterpretation reshape -> rewritten.add(equation);
      case Definition.Assembly assembly -> rewritten.add(equation);
      case Definition.Lookup lookup -> rewritten.add(equation);
      case Definition.Iteration loop -> rewritten.add(equation);
      case Definition.Choice choice -> rewritten.add(equation);
    }
  }

  private boolean isAffected(Value value) {
    return wide(value.dtype(), true) != value.dtype() || bundles.containsKey(value);
  }

  /** The type that is computed in. */
  private static DType wide(DType dtype, boolean multiplies) {
    return switch (dtype) {
      case FLOAT16, BFLOAT16 -> DType.FLOAT32;
      case INT8, INT16, UINT16, UINT32 -> multiplies ? DType.INT32 : dtype;
      case UINT64 -> multiplies ? DType.INT64 : dtype;
      case FLOAT32, FLOAT64, INT32, INT64, UINT8, BOOL -> dtype;
    };
  }

  /** The op on widened operands, and its result cast back. */
  private void widen(Equation equation, boolean multiplies) {
    Value result = equation.result();
    List<Value> operands =
        equation.operands().stream().map(operand -> widened(operand, multiplies)).toList();
    DType dtype = wide(result.dtype(), multiplies);
    if (dtype == result.dtype()) {
      rewritten.add(new Equation(equation.op(), operands, result));
      return;
    }
    Value sum = add(result, equation.op(), operands, dtype);
    rewritten.add(new Equation(new Cast(result.dtype()), List.of(sum), result));
  }

  /** Integers are compared as int64; those without a sign keep their order there. */
  private void order(Equation equation) {
    Value operand = equation.operands().getFirst();
    Value sorted =
        switch (operand.dtype()) {
          case FLOAT16, BFLOAT16 -> widened(operand, false);
          case INT8, INT16, UINT16 -> cast(operand, DType.INT32);
          case UINT32 -> cast(operand, DType.INT64);
          case UINT64 -> add(operand, new Signed(), List.of(operand), DType.INT64);
          case FLOAT32, FLOAT64, INT32, INT64, UINT8, BOOL -> operand;
        };
    rewritten.add(new Equation(equation.op(), List.of(sorted), equation.result()));
  }

  private void bundle(Equation equation) {
    List<Value> operands =
        equation.operands().stream().map(operand -> widened(operand, false)).toList();
    if (operands.equals(equation.operands())) {
      rewritten.add(equation);
      return;
    }
    Value result = equation.result();
    bundles.put(result, add(result, equation.op(), operands, result.dtype()));
  }

  private Value widened(Value value, boolean multiplies) {
    DType dtype = wide(value.dtype(), multiplies);
    return dtype == value.dtype() ? bundles.getOrDefault(value, value) : cast(value, dtype);
  }

  private Value cast(Value value, DType dtype) {
    var wanted = new Wanted(value, dtype);
    Value known = wide.get(wanted);
    if (known == null) {
      known = add(value, new Cast(dtype), List.of(value), dtype);
      wide.put(wanted, known);
    }
    return known;
  }

  private Value add(Value like, Op op, List<Value> operands, DType dtype) {
    Value value = like.instead(op, operands, new Type(dtype, like.shape()));
    rewritten.add(new Equation(op, operands, value));
    return value;
  }
}
