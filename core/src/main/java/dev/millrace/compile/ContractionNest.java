package dev.millrace.compile;

import dev.millrace.kernel.Index;
import dev.millrace.kernel.Statement.Axis;
import dev.millrace.kernel.Statement.Contract;
import dev.millrace.kernel.Statement.Place;
import dev.millrace.kernel.Statement.Range;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The axes of one {@link Contract} while it is written. Neighbouring axes that all places walk
 * through as if they were one become one: fewer loops, and longer ones.
 */
final class ContractionNest {
  private final KernelBuilder builder;
  private List<Axis> rows = new ArrayList<>();
  private List<Axis> inner = new ArrayList<>();

  ContractionNest(KernelBuilder builder) {
    this.builder = builder;
  }

  /** The coordinate of another row axis. */
  Index row(Dim extent) {
    return axis(rows, extent);
  }

  /** The coordinate of another inner axis. */
  Index inner(Dim extent) {
    return axis(inner, extent);
  }

  private Index axis(List<Axis> axes, Dim extent) {
    if (extent.is(1)) {
      return Index.ZERO;
    }
    axes.add(new Axis(builder.newVariable(DType.INT32), extent));
    return Index.ofVariable(axes.getLast().variable());
  }

  /** The number of a row among all, in terms of the graph's dims. */
  Index flatRow() {
    Index flat = Index.ZERO;
    for (Axis axis : rows) {
      flat = flat.times(axis.extent()).plus(Index.ofVariable(axis.variable()));
    }
    return flat;
  }

  /** The statement; the places' indices are in terms of the graph's dims. */
  Contract contract(Range range, int column, Range columns, Place left, Place right, Place target) {
    var places = new ArrayList<>(List.of(mapped(left), mapped(right), mapped(target)));
    inner = mapped(inner);
    sortInner(places.get(1).index());
    inner = merged(inner, places);
    rows = merged(mapped(rows), places);
    for (List<Axis> axes : List.of(rows, inner)) {
      if (axes.isEmpty()) {
        axes.add(builder.axis(Dim.ONE));
      }
    }
    return new Contract(
        List.copyOf(rows),
        range,
        column,
        columns,
        List.copyOf(inner),
        places.get(0),
        places.get(1),
        places.get(2));
  }

  private List<Axis> mapped(List<Axis> axes) {
    var mapped = new ArrayList<Axis>();
    axes.forEach(axis -> mapped.add(new Axis(axis.variable(), builder.dim(axis.extent()))));
    return mapped;
  }

  private Place mapped(Place place) {
    return new Place(place.buffer(), builder.index(place.index()));
  }

  /** Puts the inner axes into the order of the right operand's memory, which is read most. */
  private void sortInner(Index right) {
    boolean known = inner.stream().allMatch(axis -> right.factor(axis.variable()).isKnown());
    if (known) {
      inner.sort(
          Comparator.comparingLong(axis -> -Math.abs(right.factor(axis.variable()).value())));
    }
  }

  private static List<Axis> merged(List<Axis> axes, List<Place> places) {
    var merged = new ArrayList<Axis>();
    for (Axis axis : axes) {
      if (!merged.isEmpty() && canMerge(merged.getLast(), axis, places)) {
        Axis before = merged.removeLast();
        places.replaceAll(place -> without(place, before.variable()));
        merged.add(new Axis(axis.variable(), before.extent().times(axis.extent())));
      } else {
        merged.add(axis);
      }
    }
    return merged;
  }

  private static boolean canMerge(Axis before, Axis axis, List<Place> places) {
    return places.stream()
        .map(Place::index)
        .allMatch(index ->
            index
                .factor(before.variable())
                .equals(index.factor(axis.variable()).times(axis.extent())));
  }

  private static Place without(Place place, int variable) {
    Index index = place.index();
    Index term = Index.ofVariable(variable).times(index.factor(variable));
    return new Place(place.buffer(), index.plus(term.times(Dim.of(-1))));
  }
}
