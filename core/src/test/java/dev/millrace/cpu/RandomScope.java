package dev.millrace.cpu;

import dev.millrace.kernel.Buffer;
import dev.millrace.kernel.Index;
import dev.millrace.kernel.Statement.Place;
import dev.millrace.tensor.Dim;
import java.util.ArrayList;
import java.util.List;

/**
 * What a statement of a random kernel can use: the loops around it, values, and what has been
 * written.
 *
 * @param axes loops (and tasks) around, which together name each element of an output
 * @param work product of their extents
 */
record RandomScope(
    List<Axis> axes,
    int work,
    List<Integer> variables,
    List<Written> written,
    List<Place> readable) {

  /** A size as the kernel has it, and its number. */
  record Extent(Dim dim, int value) {}

  /** An index variable from 0 to below {@code extent}. */
  record Axis(int variable, Extent extent) {}

  /** A buffer of which all elements at {@code base + sum of factor * [0, extent)} are written. */
  record Written(Buffer buffer, Index base, List<Dim> factors, List<Extent> extents) {
    /** What is written by stores at {@code place} in loops of these variables and extents. */
    static Written of(Place place, List<Integer> variables, List<Extent> extents) {
      List<Dim> factors = variables.stream().map(place.index()::factor).toList();
      Index base = place.index();
      for (int i = 0; i < factors.size(); i++) {
        base = base.plus(Index.ofVariable(variables.get(i)).times(factors.get(i).times(-1)));
      }
      return new Written(place.buffer(), base, factors, extents);
    }

    /** The slice at {@code variable}, which runs over the first extent. */
    Written at(int variable) {
      Index moved = base.plus(Index.ofVariable(variable).times(factors.getFirst()));
      int size = extents.size();
      return new Written(buffer, moved, factors.subList(1, size), extents.subList(1, size));
    }
  }

  /** A scope with nothing but the tasks. */
  static RandomScope of(List<Axis> axes) {
    int work = axes.stream().mapToInt(axis -> Math.max(1, axis.extent().value())).sum();
    return new RandomScope(
        axes, Math.max(1, work), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  }

  /** The scope inside of a loop. */
  RandomScope enter(Axis axis) {
    var axesInside = new ArrayList<>(axes);
    axesInside.add(axis);
    var inside =
        new RandomScope(
            List.copyOf(axesInside),
            work * Math.max(1, axis.extent().value()),
            new ArrayList<>(variables),
            new ArrayList<>(),
            new ArrayList<>(readable));
    for (Written whole : written) {
      inside.written.add(whole);
      if (whole.extents().getFirst().equals(axis.extent())) {
        inside.add(whole.at(axis.variable()));
      }
    }
    return inside;
  }

  /** Makes what is written readable. */
  void add(Written part) {
    if (part.extents().isEmpty()) {
      readable.add(new Place(part.buffer(), part.base()));
    } else {
      written.add(part);
    }
  }
}
