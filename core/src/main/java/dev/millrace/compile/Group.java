package dev.millrace.compile;

import dev.millrace.graph.Value;
import dev.millrace.op.Expr;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Values that one kernel computes. They share their first {@code rows} dims, and each row of one
 * depends on the same row of the others only, so a kernel can go row by row.
 */
final class Group {
  /** What begins a group, and with that what may join it. */
  enum Kind {
    /** Elementwise values and reductions of trailing axes. */
    ROWS,
    /** A contraction, then what works on rows of its result. */
    CONTRACTION,
    /** A contraction by itself, which a provider may compute. */
    PRODUCT,
    /** A bundle and its parts. */
    BUNDLE,
    /** One value that moves data in a way that nothing can join. */
    ALONE;

    /** Whether other values may join such a group. */
    boolean takesOthers() {
      return this == ROWS || this == CONTRACTION;
    }
  }

  /** Elements that are not worth more than one thread. */
  private static final long SMALL = 4096;

  private static final int MAX_MEMBERS = 40;
  private static final int MAX_SOURCES = 24;

  private final Kind kind;
  private final int number;
  private final List<Value> members = new ArrayList<>();
  private final Set<Value> sources = new HashSet<>();
  private final List<Dim> dims;
  private int rows;
  private int latest = -1;

  Group(Kind kind, int number, List<Dim> rowDims) {
    this.kind = kind;
    this.number = number;
    this.dims = List.copyOf(rowDims);
    this.rows = rowDims.size();
  }

  Kind kind() {
    return kind;
  }

  /** Position among the groups: those with smaller numbers are complete when this one starts. */
  int number() {
    return number;
  }

  List<Value> members() {
    return members;
  }

  /** Whether every member is a single number. */
  boolean holdsNumbersOnly() {
    return members.stream().allMatch(member -> member.shape().rank() == 0);
  }

  /** Whether there are rows worth a task each. */
  boolean worksInRows() {
    return rows > 0
        && members.stream()
            .flatMap(member -> Stream.concat(Stream.of(member), member.operands().stream()))
            .map(Expr::shape)
            .anyMatch(shape -> shape.rank() > 1 && !isSmall(shape));
  }

  /** Whether one thread is done with it before another one has begun. */
  private static boolean isSmall(Shape shape) {
    return shape.isKnown() && shape.elements().value() <= SMALL;
  }

  /** How many leading dims the members share. */
  int rows() {
    return rows;
  }

  List<Dim> rowDims() {
    return dims.subList(0, rows);
  }

  /** Whether members may share only {@code fewer} dims from now on. */
  boolean canShareOnly(int fewer) {
    return fewer >= rows || kind == Kind.ROWS;
  }

  /**
   * Whether {@code value} can be computed in the rows of this group as they are: what follows a
   * contraction has one axis behind the rows at most, as the contraction has, so that blocks of
   * columns stay possible.
   */
  boolean isOfSimpleRows(Value value) {
    return kind != Kind.CONTRACTION || value.shape().rank() <= rows + 1;
  }

  boolean isFull(Set<Value> moreSources) {
    return members.size() >= MAX_MEMBERS || isFullOfSources(moreSources);
  }

  /** Whether the members would read too much that is not computed here. */
  private boolean isFullOfSources(Set<Value> moreSources) {
    if (sources.size() + moreSources.size() <= MAX_SOURCES) {
      return false;
    }
    var outside = new HashSet<>(sources);
    outside.addAll(moreSources);
    members.forEach(outside::remove);
    return outside.size() > MAX_SOURCES;
  }

  void add(Value value, int sharedRows, Set<Value> from, int latestSource) {
    members.add(value);
    sources.addAll(from);
    rows = Math.min(rows, sharedRows);
    latest = Math.max(latest, latestSource);
  }

  /** Number of the last other group that this one depends on; -1 if it depends on none. */
  int latest() {
    return latest;
  }

  /** Whether {@code later} is small enough to become part of this group. */
  boolean hasRoomFor(Group later) {
    return members.size() + later.members.size() <= MAX_MEMBERS && !isFull(later.sources);
  }

  /** Takes over all members of {@code later}, which is empty then. */
  void absorb(Group later, int sharedRows) {
    members.addAll(later.members);
    sources.addAll(later.sources);
    rows = sharedRows;
    latest = later.latest < number ? Math.max(latest, later.latest) : latest;
    later.members.clear();
  }
}
