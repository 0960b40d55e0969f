package dev.millrace.compile;

import dev.millrace.graph.Value;
import dev.millrace.kernel.Index;
import java.util.ArrayList;
import java.util.List;

/**
 * How elements of a value are found: element {@code i} of the value is element {@code map(i)} of
 * {@code base}, which is no view.
 */
record Access(Value base, List<Index> map) {
  Access {
    map = List.copyOf(map);
  }

  /** A value that is its own base. */
  static Access direct(Value value) {
    return new Access(value, identity(value.shape().rank()));
  }

  /** What a view of this value is, whose elements are at {@code view} of it. */
  Access through(List<Index> view) {
    return new Access(base, at(view));
  }

  /** The base's coordinates of the element at {@code coordinates}. */
  List<Index> at(List<Index> coordinates) {
    return map.stream().map(index -> index.at(coordinates)).toList();
  }

  /** Whether element i is element i. */
  boolean isIdentity() {
    return map.equals(identity(base.shape().rank()));
  }

  /** Whether the first {@code rows} coordinates are those of the value itself. */
  boolean keepsRows(int rows) {
    return map.size() >= rows && map.subList(0, rows).equals(identity(rows));
  }

  /** Whether every element of the value is one and the same. */
  boolean isUniform() {
    return map.stream().allMatch(index -> index.terms().isEmpty());
  }

  private static List<Index> identity(int rank) {
    var identity = new ArrayList<Index>();
    for (int axis = 0; axis < rank; axis++) {
      identity.add(Index.ofVariable(axis));
    }
    return identity;
  }
}
