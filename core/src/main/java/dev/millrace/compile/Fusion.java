package dev.millrace.compile;

import dev.millrace.graph.Body;
import dev.millrace.graph.Equation;
import dev.millrace.graph.Value;
import dev.millrace.op.Definition;
import dev.millrace.tensor.Dim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Divides the computed values of a body into groups, one kernel each.
 *
 * <p>One pass in the order of the equations: a value joins the last group that it depends on if it
 * works row by row on it, otherwise it begins a new one. Since everything else it depends on
 * belongs to earlier groups, groups can run in the order of their numbers. Linear in the number of
 * equations.
 */
final class Fusion {
  private final Layout layout;
  private final ContractionPolicy policy;
  private final List<Group> groups = new ArrayList<>();
  private final Map<Value, Group> groupOf = new HashMap<>();

  private Fusion(Layout layout, ContractionPolicy policy) {
    this.layout = layout;
    this.policy = policy;
  }

  /**
   * The groups of {@code body}.
   *
   * @param policy a provider's contractions stay by themselves
   */
  static List<Group> of(Body body, Layout layout, ContractionPolicy policy) {
    var fusion = new Fusion(layout, policy);
    List<Equation> computed =
        body.equations().stream().filter(e -> layout.isComputed(e.result())).toList();
    Set<Value> early = fusion.early(computed);
    computed.stream().filter(e -> early.contains(e.result())).forEach(fusion::place);
    computed.stream().filter(e -> !early.contains(e.result())).forEach(fusion::place);
    return fusion.groups.stream().filter(group -> !group.members().isEmpty()).toList();
  }

  /**
   * Single numbers that follow from inputs and one another, such as a learning rate or the step of
   * an optimizer: computed first, so that what uses them can join the kernel of its other operands.
   */
  private Set<Value> early(List<Equation> computed) {
    var results = new HashSet<Value>();
    computed.forEach(equation -> results.add(equation.result()));
    var early = new HashSet<Value>();
    for (Equation equation : computed) {
      boolean isEarly =
          equation.result().shape().rank() == 0
              && !isOfBundle(equation)
              && sources(equation).stream()
                  .map(layout::memoryOf)
                  .allMatch(
                      s -> (!results.contains(s) && s.shape().rank() == 0) || early.contains(s));
      if (isEarly) {
        early.add(equation.result());
      }
    }
    return early;
  }

  private boolean isOfBundle(Equation equation) {
    Definition definition = layout.definition(equation.result());
    return definition instanceof Definition.Bundled || definition instanceof Definition.Part;
  }

  private void place(Equation equation) {
    Value value = equation.result();
    Definition definition = layout.definition(value);
    int rank = value.shape().rank();
    Set<Value> sources = sources(equation);
    switch (definition) {
      case Definition.Contraction contraction ->
          begin(contractionKind(value), value, value.shape().dims().subList(0, rank - 1), sources);
      case Definition.Assembly assembly -> beginAlone(value, sources);
      case Definition.Accumulation adds -> beginAlone(value, sources);
      case Definition.Scan scan -> beginAlone(value, sources);
      case Definition.Ordering ordering -> beginAlone(value, sources);
      case Definition.Lookup lookup -> beginWithAllDims(value, sources);
      case Definition.Reinterpretation reshape -> throw new AssertionError(equation);
      case Definition.Reduction reduction -> placeReduction(equation, reduction, sources);
      case Definition.Pointwise pointwise -> {
        if (!joins(equation, rank, sources)) {
          beginWithAllDims(value, sources);
        }
      }
      case Definition.View copied -> beginWithAllDims(value, sources);
      case Definition.Bundled bundle -> begin(Group.Kind.BUNDLE, value, List.of(), sources);
      case Definition.Part part -> {
        Group group = Objects.requireNonNull(groupOf.get(equation.operands().getFirst()));
        group.add(value, 0, sources, group.latest());
        groupOf.put(value, group);
      }
    }
  }

  private Group.Kind contractionKind(Value value) {
    return policy.leavesToProvider(layout, value) ? Group.Kind.PRODUCT : Group.Kind.CONTRACTION;
  }

  private void placeReduction(
      Equation equation, Definition.Reduction reduction, Set<Value> sources) {
    Value value = equation.result();
    int kept = value.shape().rank();
    if (!isTrailing(reduction, equation.operands().getFirst())) {
      beginWithAllDims(value, sources);
    } else if (!joins(equation, kept, sources)) {
      begin(Group.Kind.ROWS, value, value.shape().dims(), sources);
    }
  }

  /** Whether the reduced axes are the last ones, so that rows stay rows. */
  static boolean isTrailing(Definition.Reduction reduction, Value operand) {
    return reduction.axes().getFirst() == operand.shape().rank() - reduction.axes().size();
  }

  private void beginAlone(Value value, Set<Value> sources) {
    begin(Group.Kind.ALONE, value, List.of(), sources);
  }

  private void beginWithAllDims(Value value, Set<Value> sources) {
    begin(Group.Kind.ROWS, value, value.shape().dims(), sources);
  }

  private void begin(Group.Kind kind, Value value, List<Dim> rowDims, Set<Value> sources) {
    var group = new Group(kind, groups.size(), rowDims);
    group.add(value, rowDims.size(), sources, latest(sources, group));
    groups.add(group);
    groupOf.put(value, group);
  }

  /**
   * Puts the value into the last group that it depends on, if it shares rows with all of it there.
   */
  private boolean joins(Equation equation, int maxRows, Set<Value> sources) {
    Value value = equation.result();
    mergeGroupsOf(equation, sources);
    Optional<Group> found = last(sources, Optional.empty());
    if (found.isEmpty()) {
      return false;
    }
    Group last = found.get();
    if (!last.kind().takesOthers() || last.isFull(sources)) {
      return false;
    }
    int rows = Math.min(last.rows(), maxRows);
    boolean losesTasks =
        rows == 0
            && (value.shape().rank() > (last.holdsNumbersOnly() ? 0 : 1) || last.worksInRows());
    if (losesTasks
        || !last.canShareOnly(rows)
        || !value.shape().dims().subList(0, rows).equals(last.rowDims().subList(0, rows))) {
      return false;
    }
    if (!keepsRows(equation, last, rows)) {
      return false;
    }
    last.add(value, rows, sources, latest(sources, last));
    groupOf.put(value, last);
    return true;
  }

  /** Whether all that the equation reads of {@code group} lies in the same row. */
  private boolean keepsRows(Equation equation, Group group, int rows) {
    boolean rowByRow = worksRowByRow(equation);
    for (Value operand : equation.operands()) {
      Access access = layout.access(operand);
      Value memory = layout.memoryOf(access.base());
      if (groupOf.get(memory) == group
          && (!rowByRow || memory != access.base() || !access.keepsRows(rows))) {
        return false;
      }
    }
    return true;
  }

  /** Whether a row of the result needs the same row of the operands only. */
  private boolean worksRowByRow(Equation equation) {
    return switch (layout.definition(equation.result())) {
      case Definition.Pointwise pointwise -> true;
      case Definition.Reduction reduction -> isTrailing(reduction, equation.operands().getFirst());
      case Definition.Contraction contraction -> false;
      case Definition.Assembly assembly -> false;
      case Definition.Accumulation adds -> false;
      case Definition.Scan scan -> false;
      case Definition.Ordering ordering -> false;
      case Definition.Lookup lookup -> false;
      case Definition.Reinterpretation reshape -> false;
      case Definition.View copied -> false;
      case Definition.Bundled bundle -> false;
      case Definition.Part part -> false;
    };
  }

  /**
   * Where a value needs two groups, and the later one needs nothing that lies between them, moves
   * the later one into the earlier one: what was computed from inputs alone finds its consumer's
   * kernel. Only if the value itself can then join.
   */
  private void mergeGroupsOf(Equation equation, Set<Value> sources) {
    last(sources, Optional.empty())
        .ifPresent(later ->
            last(sources, Optional.of(later))
                .filter(earlier -> canMerge(earlier, later))
                .filter(earlier -> keepsRows(equation, earlier, sharedRows(earlier, later)))
                .ifPresent(earlier -> merge(earlier, later)));
  }

  private void merge(Group earlier, Group later) {
    for (Value member : later.members()) {
      groupOf.put(member, earlier);
    }
    earlier.absorb(later, sharedRows(earlier, later));
  }

  private static int sharedRows(Group earlier, Group later) {
    return Math.min(earlier.rows(), later.rows());
  }

  private boolean canMerge(Group earlier, Group later) {
    int rows = sharedRows(earlier, later);
    return earlier.kind().takesOthers()
        && later.kind() == Group.Kind.ROWS
        && later.latest() <= earlier.number()
        && rows > 0
        && earlier.canShareOnly(rows)
        && earlier.hasRoomFor(later)
        && earlier.rowDims().subList(0, rows).equals(later.rowDims().subList(0, rows))
        && later.members().stream()
            .allMatch(member ->
                earlier.isOfSimpleRows(member)
                    && keepsRows(layout.equation(member), earlier, rows));
  }

  /** The last group but {@code except} that holds one of {@code sources}. */
  private Optional<Group> last(Set<Value> sources, Optional<Group> except) {
    return sources.stream()
        .flatMap(source -> Stream.ofNullable(groupOf.get(layout.memoryOf(source))))
        .filter(group -> except.isEmpty() || except.get() != group)
        .max(Comparator.comparingInt(Group::number));
  }

  private int latest(Set<Value> sources, Group own) {
    return last(sources, Optional.of(own)).map(Group::number).orElse(-1);
  }

  private Set<Value> sources(Equation equation) {
    var sources = new HashSet<Value>();
    for (Value operand : equation.operands()) {
      sources.add(layout.access(operand).base());
    }
    return sources;
  }
}
