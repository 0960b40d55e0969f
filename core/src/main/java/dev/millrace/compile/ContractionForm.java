package dev.millrace.compile;

import dev.millrace.graph.Equation;
import dev.millrace.graph.Value;
import dev.millrace.kernel.Index;
import dev.millrace.op.Definition;
import dev.millrace.provider.Contraction;
import dev.millrace.provider.Contraction.Position;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * The contraction that a step consists of, as it is shown to a {@link
 * dev.millrace.provider.ContractionProvider}: sizes and distances in terms of the graph's dims.
 *
 * @param buffers numbers of the buffers of left, right and target among the step's
 * @param bfloat16 whether left and right are to be rounded to bfloat16
 */
public record ContractionForm(List<Loop> loops, Places first, Buffers buffers, boolean bfloat16) {
  /** What an unknown dim counts as before it is known whether a provider wants a contraction. */
  private static final long NOMINAL = 64;

  /** A loop from 0 to below {@code extent}, and how far the positions move in each step. */
  public record Loop(Dim extent, Places step) {}

  /** Positions in left, right and target. */
  public record Places(Dim left, Dim right, Dim target) {
    Position evaluate(ToLongFunction<Dim> values) {
      return new Position(
          Math.toIntExact(values.applyAsLong(left)),
          Math.toIntExact(values.applyAsLong(right)),
          Math.toIntExact(values.applyAsLong(target)));
    }
  }

  /** Numbers of buffers. */
  public record Buffers(int left, int right, int target) {}

  /** The contraction that computes {@code value}; empty if it is not one of float32 numbers. */
  static Optional<ContractionForm> of(
      Layout layout, Value value, List<Optional<Value>> owners, boolean bfloat16) {
    if (value.dtype() != DType.FLOAT32
        || !(layout.definition(value) instanceof Definition.Contraction contraction)) {
      return Optional.empty();
    }
    Equation equation = layout.equation(value);
    Access left = layout.access(equation.operands().getFirst());
    Access right = layout.access(equation.operands().getLast());
    Shape shape = value.shape();
    List<Index> places =
        List.of(
            Layout.linear(left.base().shape(), left.at(contraction.left())),
            Layout.linear(right.base().shape(), right.at(contraction.right())),
            Layout.linear(shape, coordinates(shape)));
    var loops = new ArrayList<Loop>();
    for (int axis = 0; axis < shape.rank() + contraction.inner().size(); axis++) {
      int number = axis;
      Dim extent =
          axis < shape.rank() ? shape.dim(axis) : contraction.inner().get(axis - shape.rank());
      loops.add(
          new Loop(
              value.graph().resolve(extent),
              places(value, places.stream().map(place -> place.factor(number)).toList())));
    }
    return Optional.of(
        new ContractionForm(
            List.copyOf(loops),
            places(value, places.stream().map(Index::offset).toList()),
            new Buffers(
                owners.indexOf(Optional.of(layout.memoryOf(left.base()))),
                owners.indexOf(Optional.of(layout.memoryOf(right.base()))),
                owners.indexOf(Optional.of(value))),
            bfloat16));
  }

  private static List<Index> coordinates(Shape shape) {
    var coordinates = new ArrayList<Index>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      coordinates.add(Index.ofVariable(axis));
    }
    return coordinates;
  }

  private static Places places(Value value, List<Dim> dims) {
    List<Dim> known = dims.stream().map(value.graph()::resolve).toList();
    return new Places(known.get(0), known.get(1), known.get(2));
  }

  /** As it is if all unknown dims are of a usual size; empty if it is far too large then. */
  Optional<Contraction> nominal() {
    try {
      return Optional.of(with(dim -> dim.evaluate(symbol -> NOMINAL)));
    } catch (ArithmeticException overflow) {
      return Optional.empty();
    }
  }

  /** The contraction where the dims have these values. */
  public Contraction with(ToLongFunction<Dim> values) {
    return new Contraction(
        loops.stream()
            .map(loop ->
                new Contraction.Loop(
                    Math.toIntExact(values.applyAsLong(loop.extent)), loop.step.evaluate(values)))
            .toList(),
        first.evaluate(values),
        bfloat16);
  }
}
