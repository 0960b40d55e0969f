package dev.millrace.compile;

import dev.millrace.graph.Body;
import dev.millrace.graph.Equation;
import dev.millrace.graph.Value;
import dev.millrace.kernel.Index;
import dev.millrace.op.Definition;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Which values of a body get memory of their own, and how all others are found in those.
 *
 * <p>Views (broadcasts, transpositions, slices) and values made from positions and single numbers
 * are never stored, unless somebody needs them in one piece: the caller, a reshape, or a
 * contraction that reads along rows. A reshape is another shape for its operand's memory.
 */
final class Layout {
  /** Beyond this many ops it is cheaper to store a value than to work it out again. */
  private static final int MAX_FORMULA_DEPTH = 4;

  private final Map<Value, Equation> equations = new HashMap<>();
  private final Map<Value, Definition> definitions = new HashMap<>();
  private final Map<Value, Access> accesses = new HashMap<>();
  private final Map<Value, Value> memory = new HashMap<>();
  private final Set<Value> stored = new HashSet<>();
  private final Map<Value, Integer> formulaDepths = new HashMap<>();

  private Layout() {}

  static Layout of(Body body) {
    var layout = new Layout();
    layout.stored.addAll(body.results());
    for (Equation equation : body.equations()) {
      layout.define(equation);
    }
    layout.formulaDepths.clear();
    // What a later reader needs in one piece is known only after all views are composed.
    layout.accesses.clear();
    for (Equation equation : body.equations()) {
      layout.compose(equation);
    }
    return layout;
  }

  private void define(Equation equation) {
    Definition definition = equation.definition();
    equations.put(equation.result(), equation);
    definitions.put(equation.result(), definition);
    compose(equation);
    switch (definition) {
      case Definition.Reinterpretation reshape -> stored.add(equation.operands().getFirst());
      case Definition.Contraction contraction ->
          storeUnlessRowsAreContiguous(equation, contraction);
      case Definition.Bundled bundle -> stored.addAll(equation.operands());
      case Definition.Part part -> {}
      case Definition.View view -> {}
      case Definition.Pointwise pointwise -> {}
      case Definition.Reduction reduction -> {}
      case Definition.Assembly assembly -> {}
      case Definition.Lookup lookup -> {}
      case Definition.Accumulation accumulation -> {}
      case Definition.Scan scan -> {}
      case Definition.Ordering ordering -> {}
    }
  }

  /** The right operand is read along its columns, so neighbours have to lie next to each other. */
  private void storeUnlessRowsAreContiguous(Equation equation, Definition.Contraction contraction) {
    Value right = equation.operands().getLast();
    Access access = access(right);
    Index position = linear(access.base().shape(), access.at(contraction.right()));
    int column = equation.result().shape().rank() - 1;
    if (isFormula(access.base())
        || !(position.factor(column).is(1)
            || right.shape().dim(-1).is(1)
            || isCopiedInPanels(equation, contraction))) {
      stored.add(right);
    }
    if (isFormula(access(equation.operands().getFirst()).base())) {
      stored.add(equation.operands().getFirst());
    }
  }

  /** Whether the kernel copies right in parts that it uses at once, whatever its strides are. */
  private static boolean isCopiedInPanels(Equation equation, Definition.Contraction contraction) {
    long axes = contraction.inner().stream().filter(dim -> !dim.is(1)).count();
    return axes == 1 && equation.result().dtype().isFloating();
  }

  private void compose(Equation equation) {
    Value result = equation.result();
    if (definitions.get(result) instanceof Definition.View view && !stored.contains(result)) {
      accesses.put(result, access(equation.operands().getFirst()).through(view.map()));
    } else if (definitions.get(result) instanceof Definition.Reinterpretation) {
      memory.put(result, memoryOf(access(equation.operands().getFirst()).base()));
    } else if (definitions.get(result) instanceof Definition.Pointwise
        && !stored.contains(result)) {
      int depth = 1;
      for (Value operand : equation.operands()) {
        depth = Math.max(depth, 1 + formulaDepth(access(operand).base()));
      }
      if (depth <= MAX_FORMULA_DEPTH) {
        formulaDepths.put(result, depth);
      }
    }
  }

  /** How many ops deep a value made of positions and single numbers is; unlimited for others. */
  private int formulaDepth(Value base) {
    boolean isNumber = base.constant().filter(tensor -> tensor.size() == 1).isPresent();
    return isNumber ? 0 : formulaDepths.getOrDefault(base, MAX_FORMULA_DEPTH);
  }

  /** How elements of {@code value} are found. */
  Access access(Value value) {
    Access access = accesses.get(value);
    return access == null ? Access.direct(value) : access;
  }

  /** The value in whose memory {@code base} lies: itself, or what it is a reshape of. */
  Value memoryOf(Value base) {
    return memory.getOrDefault(base, base);
  }

  /** Whether a kernel has to compute {@code value} into memory or a register. */
  boolean isComputed(Value value) {
    return equations.containsKey(value)
        && !accesses.containsKey(value)
        && !(definitions.get(value) instanceof Definition.Reinterpretation)
        && !isFormula(value);
  }

  /**
   * Whether {@code value} follows from positions and numbers alone and is worked out where used.
   */
  boolean isFormula(Value value) {
    return formulaDepths.containsKey(value);
  }

  /** What {@code value} is defined as. */
  Definition definition(Value value) {
    return Objects.requireNonNull(definitions.get(value));
  }

  /** The equation of {@code value}, which is no input. */
  Equation equation(Value value) {
    return Objects.requireNonNull(equations.get(value));
  }

  /** Row-major position of {@code coordinates} in a tensor of this shape. */
  static Index linear(Shape shape, List<Index> coordinates) {
    List<Dim> strides = shape.strides();
    Index position = Index.ZERO;
    for (int axis = 0; axis < strides.size(); axis++) {
      position = position.plus(coordinates.get(axis).times(strides.get(axis)));
    }
    return position;
  }
}
