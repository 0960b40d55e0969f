package dev.millrace.compile;

import dev.millrace.graph.Equation;
import dev.millrace.graph.Value;
import dev.millrace.kernel.Buffer;
import dev.millrace.op.Definition;
import dev.millrace.tensor.Dim;
import java.util.List;
import java.util.Optional;

/** A value of a group while its kernel is written. */
final class Member {
  /** Level of a contraction: complete before any loop over rows. */
  static final int BEFORE = -1;

  private static final int NONE = -1;

  final Equation equation;
  final Definition definition;

  /** Dims behind the shared rows. */
  final List<Dim> inner;

  /** Those of {@link #inner} that are worth a loop: all but the known ones. */
  final List<Dim> loops;

  /** Whether values outside of the group, or the caller, need it. */
  final boolean stored;

  /** Which round of loops over a row computes it. */
  int level;

  /** Whether a later round of loops reads it, so that it can't just be a variable. */
  boolean kept;

  /** Where its elements are, if it is stored or kept: all of them, or those of one row. */
  Optional<Buffer> memory = Optional.empty();

  private int variable = NONE;
  private Object scope = this;

  Member(Equation equation, Definition definition, List<Dim> inner, boolean stored) {
    this.equation = equation;
    this.definition = definition;
    this.inner = inner;
    this.loops = withoutOnes(inner);
    this.stored = stored;
  }

  Value value() {
    return equation.result();
  }

  static List<Dim> withoutOnes(List<Dim> dims) {
    return dims.stream().filter(dim -> !dim.is(1)).toList();
  }

  /**
   * Whether this folds whole trailing axes of its operand in the loops that compute the operand.
   */
  boolean isRowReduction() {
    return definition instanceof Definition.Reduction reduction
        && Fusion.isTrailing(reduction, operand())
        && reduction.axes().stream().anyMatch(axis -> !operand().shape().dim(axis).is(1));
  }

  /** The first operand. */
  Value operand() {
    return equation.operands().getFirst();
  }

  /** The element is in {@code variable} as long as {@code scope} is being written. */
  void setVariable(int newVariable, Object newScope) {
    variable = newVariable;
    scope = newScope;
  }

  /** The variable that holds the element while {@code current} is written; -1 if there is none. */
  int variableIn(Object current) {
    return loops.isEmpty() || scope == current ? variable : NONE;
  }
}
