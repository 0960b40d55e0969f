package dev.millrace.cpu;

import dev.millrace.kernel.Buffer;
import dev.millrace.kernel.Index;
import dev.millrace.kernel.Kernel;
import dev.millrace.kernel.Philox;
import dev.millrace.kernel.Scalar;
import dev.millrace.kernel.Statement;
import dev.millrace.kernel.Statement.Accumulator;
import dev.millrace.kernel.Statement.Contract;
import dev.millrace.kernel.Statement.Let;
import dev.millrace.kernel.Statement.Loop;
import dev.millrace.kernel.Statement.Order;
import dev.millrace.kernel.Statement.Range;
import dev.millrace.kernel.Statement.Split;
import dev.millrace.kernel.Statement.Store;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out whether the iterations of a loop can be the lanes of vectors. They can if all that
 * differs between them has one floating-point type (or is bool and stays in masks), is read and
 * written at neighbouring positions, and has operations that exist on vectors with the same bits.
 *
 * <p>The loop may contain loops, which then run with the lanes side by side; their ranges must not
 * differ between lanes, and they must fold in order.
 */
final class VectorPlan {
  private final KernelClass owner;
  private final Vectors vectors;
  private final int variable;
  private final Range range;

  /** Index variables that are set inside of the loop. */
  private final Set<Integer> inner = new HashSet<>();

  private final Set<Integer> varying = new HashSet<>();
  private final Map<Buffer, Index> written = new HashMap<>();
  private final Map<Buffer, Set<Index>> touched = new HashMap<>();
  private Optional<JvmType> type = Optional.empty();

  private VectorPlan(KernelClass owner, Vectors vectors, Loop loop) {
    this.owner = owner;
    this.vectors = vectors;
    this.variable = loop.variable();
    this.range = loop.range();
  }

  /** How to run {@code loop} on vectors; empty if it can't be done. */
  static Optional<VectorPlan> of(KernelClass owner, Vectors vectors, Loop loop) {
    var plan = new VectorPlan(owner, vectors, loop);
    return plan.block(loop.body())
            && plan.type.isPresent()
            && plan.hasBytes()
            && plan.folds(loop)
            && plan.isSafe()
        ? Optional.of(plan)
        : Optional.empty();
  }

  /** Type of the lanes. */
  JvmType type() {
    return type.orElseThrow();
  }

  int lanes() {
    return vectors.lanes(type());
  }

  /** Whether a variable that is set in the loop differs between lanes. */
  boolean isVarying(int variable) {
    return varying.contains(variable);
  }

  private boolean block(List<Statement> statements) {
    for (Statement statement : statements) {
      boolean possible =
          switch (statement) {
            case Let(int result, Scalar value) -> let(result, value);
            case Store store -> store(store);
            case Loop loop -> loop(loop);
            case Split split -> false;
            case Contract contract -> false;
            case Order order -> false;
          };
      if (!possible) {
        return false;
      }
    }
    return true;
  }

  private boolean let(int result, Scalar value) {
    return switch (value) {
      case Scalar.Literal literal -> true;
      case Scalar.Load load -> load(result, load);
      case Scalar.Position(Index index) -> isUniform(index);
      case Scalar.Apply apply ->
          apply.operands().stream().noneMatch(varying::contains) || apply(result, apply);
      case Scalar.CheckedIndex checked -> {
        inner.add(result);
        yield !varying.contains(checked.operand());
      }
      case Scalar.Draw draw -> draw(result, draw);
    };
  }

  private boolean isUniform(Index index) {
    return index.factor(variable).is(0);
  }

  private boolean load(int result, Scalar.Load load) {
    touched.computeIfAbsent(load.buffer(), any -> new HashSet<>()).add(load.index());
    return isUniform(load.index())
        || (load.index().factor(variable).is(1) && vary(result, load.dtype()));
  }

  /** Whether there are vectors for the elements of one byte, if there are such elements. */
  private boolean hasBytes() {
    return touched.keySet().stream().allMatch(buffer -> JvmType.of(buffer.dtype()) != JvmType.BYTE)
        || VectorBytes.exist(lanes());
  }

  private boolean draw(int result, Scalar.Draw draw) {
    boolean inOrder =
        owner.partials().batch(result).filter(batch -> batch.loop() == variable).isPresent();
    return inOrder
        ? vectors.floats() >= Philox.WORDS && vary(result, draw.dtype())
        : !varying.contains(draw.run()) && isUniform(draw.element());
  }

  /** Marks a variable as different between lanes, if it can be. */
  private boolean vary(int result, DType dtype) {
    varying.add(result);
    if (dtype == DType.BOOL) {
      return true;
    }
    // Numbers up to 255 are lanes of float32.
    JvmType found = dtype == DType.UINT8 ? JvmType.FLOAT : JvmType.of(dtype);
    if (type.isEmpty() && (found == JvmType.FLOAT || found == JvmType.DOUBLE)) {
      type = Optional.of(found);
    }
    return type.filter(found::equals).isPresent();
  }

  private boolean store(Store store) {
    Index index = store.index();
    touched.computeIfAbsent(store.buffer(), any -> new HashSet<>()).add(index);
    written.put(store.buffer(), index);
    DType dtype = store.buffer().dtype();
    return index.factor(variable).is(1) && dtype != DType.UINT8 && vary(-1, dtype);
  }

  private boolean apply(int result, Scalar.Apply apply) {
    DType operandType = owner.type(apply.operands().getLast());
    boolean bool = operandType == DType.BOOL;
    boolean possible =
        switch (apply.op()) {
          case ADD, SUBTRACT, MULTIPLY, DIVIDE, NEGATE, ABS, SQRT -> operandType.isFloating();
          case MAXIMUM, MINIMUM, SELECT, EQUAL, NOT_EQUAL -> true;
          case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> !bool;
          case AND, OR, NOT -> true;
          case CAST -> isSupportedCast(operandType, apply.dtype());
          case EXP, EXPM1, LOG, LOG1P, TANH, FLOOR, CEIL, ROUND, SIGN, ROUND_TO_BFLOAT16 ->
              operandType == DType.FLOAT32;
          case MODULO, REMAINDER, FLOOR_DIVIDE, POWER, SIN, COS, ERF, NDTRI -> false;
          case TAN, ASIN, ACOS, ATAN, ATAN2, HYPOT, SINH, COSH, ASINH, ACOSH, ATANH -> false;
          case EXP2, LOG2, LOG10, CBRT, ERFC, ERFINV, LGAMMA, POLYGAMMA, SINC -> false;
          case BIT_AND, BIT_OR, BIT_XOR, BIT_NOT, SHIFT_LEFT, SHIFT_RIGHT, BIT_COUNT -> false;
        };
    return possible && (bool || vary(-1, operandType)) && vary(result, apply.dtype());
  }

  private static boolean isSupportedCast(DType from, DType to) {
    return from == to
        || (from == DType.UINT8 && to == DType.FLOAT32)
        || (from == DType.BOOL && to.isFloating())
        || (from.isFloating() && to == DType.BOOL);
  }

  private boolean loop(Loop loop) {
    inner.add(loop.variable());
    if (!isUniform(loop.range()) || !block(loop.body())) {
      return false;
    }
    for (Accumulator accumulator : loop.accumulators()) {
      if (varying.contains(accumulator.value())) {
        boolean ordered = loop.lanes() > 1 && isOrdered(accumulator);
        if (ordered
            || !isFoldable(accumulator)
            || !vary(accumulator.result(), accumulator.dtype())) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean isUniform(Range range) {
    return isUniform(range.begin()) && range.ends().stream().allMatch(this::isUniform);
  }

  private static boolean isFoldable(Accumulator accumulator) {
    return !accumulator.combiner().isPosition() && accumulator.dtype().isFloating();
  }

  static boolean isOrdered(Accumulator accumulator) {
    return Partials.isOrdered(accumulator.combiner(), JvmType.of(accumulator.dtype()));
  }

  /** Whether the loop's own accumulators can be vectors. */
  private boolean folds(Loop loop) {
    for (Accumulator accumulator : loop.accumulators()) {
      boolean typed = isFoldable(accumulator) && JvmType.of(accumulator.dtype()) == type();
      if (!typed || (isOrdered(accumulator) && loop.lanes() < Math.max(2, lanes()))) {
        return false;
      }
    }
    return true;
  }

  /** Whether what is written is used only in the lane that writes it. */
  private boolean isSafe() {
    return written.entrySet().stream()
        .allMatch(entry ->
            Set.of(entry.getValue()).equals(touched.get(entry.getKey()))
                && isApart(entry.getValue()));
  }

  /** Whether no two lanes meet at this position, whatever the index variables inside are. */
  private boolean isApart(Index index) {
    List<Index.Term> steps =
        index.terms().stream().filter(term -> inner.contains(term.variable())).toList();
    return steps.isEmpty() || (steps.size() == 1 && spans(steps.getFirst().factor()));
  }

  /** Whether the loop runs within {@code [0, step)}. */
  private boolean spans(Dim step) {
    boolean fromZero =
        range.begin().offset().is(0)
            && range.begin().terms().stream()
                .allMatch(term ->
                    term.variable() == Kernel.TASK
                        && term.factor().isKnown()
                        && term.factor().value() > 0);
    return fromZero && range.ends().contains(Index.of(step));
  }
}
