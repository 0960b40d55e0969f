package dev.millrace.compile;

import dev.millrace.graph.Value;
import dev.millrace.kernel.Index;
import dev.millrace.kernel.Statement;
import dev.millrace.op.Definition;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes what a group computes for one row: rounds of loops over the inner dims, as few as the data
 * dependencies allow. A round computes elementwise members and folds reductions of them at once;
 * what a later round reads again is kept in a row's worth of scratch memory.
 */
final class RowWriter {
  /** Bytes that the lanes of a fold fill: the widest vector register there is. */
  private static final int LANE_BYTES = 64;

  private static final int MAX_LANES = 16;

  private final Layout layout;
  private final KernelBuilder builder;
  private final int rows;
  private final boolean flat;
  private final Map<Value, Member> members = new LinkedHashMap<>();
  private final Elements elements;
  private List<Index> rowCoordinates = List.of();
  private Index headRow = Index.ZERO;
  private Object scope = this;

  /** One round: members whose loops run over the same dims. */
  private record Round(int level, List<Dim> dims) {}

  /**
   * @param rows how many leading dims are the row's coordinates
   * @param flat the members are all elementwise and of one shape, and run as one long row
   */
  RowWriter(Layout layout, KernelBuilder builder, List<Member> all, int rows, boolean flat) {
    this.layout = layout;
    this.builder = builder;
    this.rows = rows;
    this.flat = flat;
    this.elements = new Elements(layout, builder, this::element, flat);
    for (Member member : all) {
      member.level = level(member);
      members.put(member.value(), member);
    }
    all.forEach(this::keepSources);
    all.forEach(this::allocate);
  }

  Elements elements() {
    return elements;
  }

  /** The level of a member: after everything that has to be complete before it. */
  private int level(Member member) {
    if (member.definition instanceof Definition.Contraction) {
      return Member.BEFORE;
    }
    int level = 0;
    for (Value operand : member.equation.operands()) {
      Member source = members.get(layout.access(operand).base());
      if (source != null) {
        boolean shares = canShareRound(member, operand, source);
        level = Math.max(level, shares ? source.level : source.level + 1);
      }
    }
    return level;
  }

  /** Whether an element of the operand can be used as soon as it is computed. */
  private boolean canShareRound(Member member, Value operand, Member source) {
    List<Dim> loops = loops(member);
    return isComputedPerElement(source)
        && loops.equals(source.loops)
        && (loops.isEmpty() || layout.access(operand).isIdentity());
  }

  /** Marks what {@code member} reads from earlier rounds. */
  private void keepSources(Member member) {
    for (Value operand : member.equation.operands()) {
      Member source = members.get(layout.access(operand).base());
      if (source != null && !source.loops.isEmpty()) {
        source.kept |= source.level != member.level || !canShareRound(member, operand, source);
      }
    }
  }

  private boolean isComputedPerElement(Member member) {
    return !member.isRowReduction() && !(member.definition instanceof Definition.Contraction);
  }

  /** The dims that the round of a member loops over: for a row reduction, those of its operand. */
  private List<Dim> loops(Member member) {
    return flat || !member.isRowReduction()
        ? member.loops
        : Member.withoutOnes(inner(member.operand()));
  }

  private List<Dim> inner(Value value) {
    List<Dim> dims = value.shape().dims();
    return dims.subList(rows, dims.size());
  }

  private void allocate(Member member) {
    if (member.stored) {
      member.memory = Optional.of(builder.output(member.value()));
    } else if (member.kept && !(member.definition instanceof Definition.Contraction)) {
      Dim size = Shape.of(member.inner).elements();
      member.memory = Optional.of(builder.scratch(member.value().dtype(), size));
    }
  }

  /** Where the current row of a contraction begins, less the position of column 0 in it. */
  void setHeadRow(Index start) {
    headRow = start;
  }

  /** Writes all rounds for the row at these coordinates; {@code range} is what there is of it. */
  void write(List<Index> coordinates, Optional<Statement.Range> range) {
    rowCoordinates = coordinates;
    var rounds = new LinkedHashMap<Round, List<Member>>();
    members.values().stream()
        .filter(member -> member.level != Member.BEFORE)
        .sorted((a, b) -> Integer.compare(a.level, b.level))
        .forEach(member ->
            rounds
                .computeIfAbsent(new Round(member.level, loops(member)), any -> new ArrayList<>())
                .add(member));
    rounds.forEach((round, all) -> {
      scope = round;
      loops(round.dims, 0, List.of(), all, range);
    });
  }

  /** One loop per dim; returns the value that each row reduction has folded so far. */
  private Map<Member, Integer> loops(
      List<Dim> dims,
      int depth,
      List<Index> coordinates,
      List<Member> all,
      Optional<Statement.Range> range) {
    if (depth == dims.size()) {
      return innermost(coordinates, all);
    }
    int variable = builder.newVariable(DType.INT32);
    var at = new ArrayList<>(coordinates);
    at.add(Index.ofVariable(variable));
    var body = builder.block(() -> loops(dims, depth + 1, at, all, Optional.empty()));
    var accumulators = new ArrayList<Statement.Accumulator>();
    var folded = new LinkedHashMap<Member, Integer>();
    body.result()
        .forEach((member, value) -> {
          var accumulator = elements.accumulator(combiner(member), foldType(member), value);
          accumulators.add(accumulator);
          folded.put(member, accumulator.result());
        });
    int lanes = depth == dims.size() - 1 ? lanes(accumulators) : 1;
    builder.add(
        new Statement.Loop(
            variable,
            range.orElseGet(() -> builder.upTo(dims.get(depth))),
            lanes,
            List.copyOf(accumulators),
            body.statements()));
    folded
        .entrySet()
        .removeIf(entry -> {
          boolean complete = entry.getKey().loops.size() == depth;
          if (complete) {
            finish(entry.getKey(), coordinates, entry.getValue());
          }
          return complete;
        });
    return folded;
  }

  private Map<Member, Integer> innermost(List<Index> at, List<Member> all) {
    var folded = new LinkedHashMap<Member, Integer>();
    for (Member member : all) {
      if (member.isRowReduction()) {
        Value operand = member.operand();
        folded.put(member, elements.read(operand, coordinates(inner(operand), at)));
      } else {
        finish(member, at, elements.compute(member.equation, coordinates(member.inner, at)));
      }
    }
    return folded;
  }

  /** The row's coordinates, then those of the loops, with 0 for dims of 1, which have no loop. */
  private List<Index> coordinates(List<Dim> inner, List<Index> loops) {
    if (flat) {
      return loops.isEmpty() ? List.of(Index.ZERO) : loops;
    }
    var coordinates = new ArrayList<>(rowCoordinates);
    int next = 0;
    for (Dim dim : inner) {
      coordinates.add(dim.is(1) ? Index.ZERO : loops.get(next++));
    }
    return coordinates;
  }

  private void finish(Member member, List<Index> loops, int variable) {
    member.setVariable(variable, scope);
    List<Index> at = coordinates(member.inner, loops);
    member.memory.ifPresent(memory -> builder.store(memory, position(member, at), variable));
  }

  private Optional<Integer> element(Value base, List<Index> coordinates) {
    Member member = members.get(base);
    if (member == null) {
      return Optional.empty();
    }
    int variable = member.variableIn(scope);
    return Optional.of(
        variable >= 0
            ? variable
            : builder.load(member.memory.orElseThrow(), position(member, coordinates)));
  }

  /** Where a member's element lies: in memory of all rows, or of one row, or of a block of rows. */
  private Index position(Member member, List<Index> coordinates) {
    if (member.stored || flat) {
      return elements.position(member.value(), coordinates);
    }
    if (member.definition instanceof Definition.Contraction) {
      return headRow.plus(coordinates.getLast());
    }
    return Layout.linear(Shape.of(member.inner), coordinates.subList(rows, coordinates.size()));
  }

  private static Statement.Combiner combiner(Member member) {
    return ((Definition.Reduction) member.definition).combiner();
  }

  private static DType foldType(Member member) {
    return member.equation.operands().getFirst().dtype();
  }

  private static int lanes(List<Statement.Accumulator> accumulators) {
    boolean ordered =
        accumulators.isEmpty() || accumulators.stream().anyMatch(a -> a.combiner().isPosition());
    return ordered ? 1 : Math.min(MAX_LANES, LANE_BYTES / accumulators.getFirst().dtype().bytes());
  }
}
