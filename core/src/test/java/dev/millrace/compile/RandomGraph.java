package dev.millrace.compile;

import static dev.millrace.Ops.*;

import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.op.Expr;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A random graph of small integers in floating point, which every order of computing gets exactly,
 * and of some functions that it does not. The same seed makes the same decisions whether dims are
 * known or symbols, so that both can be compared.
 */
final class RandomGraph {
  private static final int[] SIZES = {1, 2, 3, 4, 5, 7, 8, 9, 17, 33};
  private static final double BOUND = 16;
  private static final int MOST_ELEMENTS = 3000;

  /** A dim, as it is where dims are unknown, and how long it is in this run. */
  record Extent(Dim dim, int size) {
    boolean matches(Extent other) {
      return dim.equals(other.dim);
    }

    boolean isOne() {
      return dim.is(1);
    }
  }

  /** A value, its dims, and whether it has to come out the same bit for bit. */
  record Node(Expr value, List<Extent> shape, boolean exact) {
    int rank() {
      return shape.size();
    }

    long elements() {
      return shape.stream().mapToLong(Extent::size).reduce(1, (a, b) -> a * b);
    }
  }

  private final Graph graph = new Graph();
  private final RandomGenerator random;
  private final boolean symbolic;
  private final DType dtype;
  private final List<Extent> extents = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Value, Tensor> feeds = new LinkedHashMap<>();
  private final List<Node> fetches = new ArrayList<>();

  private RandomGraph(long seed, boolean symbolic) {
    this.random = new SplittableRandom(seed);
    this.symbolic = symbolic;
    this.dtype = random.nextInt(3) == 0 ? FLOAT64 : FLOAT32;
  }

  /** Graph number {@code seed}, with unknown dims if {@code symbolic}. */
  static RandomGraph of(long seed, boolean symbolic) {
    var made = new RandomGraph(seed, symbolic);
    made.build();
    return made;
  }

  List<Node> fetches() {
    return fetches;
  }

  Map<Value, Tensor> feeds() {
    return feeds;
  }

  private void build() {
    for (String name : List.of("a", "b")) {
      int size = SIZES[random.nextInt(1, SIZES.length)];
      extents.add(new Extent(Dim.of(name), size));
    }
    for (int i = 0; i < 3; i++) {
      extents.add(known(SIZES[random.nextInt(SIZES.length)]));
    }
    for (int i = random.nextInt(2, 5); i > 0; i--) {
      placeholder();
    }
    int leaves = nodes.size();
    for (int i = random.nextInt(4, 22); i > 0; i--) {
      step();
    }
    fetches.add(nodes.getLast());
    for (int i = random.nextInt(3); i > 0; i--) {
      fetches.add(nodes.get(random.nextInt(nodes.size())));
    }
    if (random.nextBoolean()) {
      addGradient(leaves);
    }
  }

  /** The dims as symbols, or as the numbers that they are in this run. */
  static Shape shape(List<Extent> extents, boolean symbolic) {
    return Shape.of(extents.stream().map(e -> symbolic ? e.dim() : Dim.of(e.size())).toList());
  }

  static Extent known(long size) {
    return new Extent(Dim.of(size), (int) size);
  }

  private void placeholder() {
    var shape = new ArrayList<Extent>();
    for (int i = random.nextInt(4); i > 0; i--) {
      shape.add(extents.get(random.nextInt(extents.size())));
    }
    while (shape.stream().mapToLong(Extent::size).reduce(1, (a, b) -> a * b) > MOST_ELEMENTS) {
      shape.removeLast();
    }
    Value value = graph.placeholder(dtype, shape(shape, symbolic));
    int[] sizes = shape.stream().mapToInt(Extent::size).toArray();
    double[] numbers = new double[IntStream.of(sizes).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = random.nextInt(8) == 0 ? -0.0 : random.nextInt(-3, 4);
    }
    Shape known = Shape.of(IntStream.of(sizes).asLongStream().toArray());
    Tensor doubles = Tensor.of(known, numbers);
    Tensor tensor = dtype == FLOAT64 ? doubles : Tensor.of(known, doubles.toFloatArray());
    feeds.put(value, tensor);
    nodes.add(new Node(value, List.copyOf(shape), true));
  }

  /** Adds what a random op makes of a random value. */
  private void step() {
    int back = Math.min(nodes.size(), random.nextInt(3) == 0 ? nodes.size() : 3);
    Node x = nodes.get(nodes.size() - 1 - random.nextInt(back));
    var steps = new RandomSteps(random, nodes, symbolic);
    Node made = steps.apply(x);
    if (made.elements() <= MOST_ELEMENTS && made.rank() <= 5) {
      nodes.add(made);
    }
  }

  /** The derivative of a random value with respect to the placeholders that it depends on. */
  private void addGradient(int leaves) {
    Node y = nodes.get(random.nextInt(nodes.size()));
    Expr loss = reduceSum(y.value);
    for (Node leaf : nodes.subList(0, leaves)) {
      try {
        Expr gradient = gradient(loss, leaf.value);
        fetches.add(new Node(gradient, leaf.shape, false));
      } catch (dev.millrace.graph.GraphException independent) {
        // A loss that does not depend on a leaf has nothing to compare.
      }
    }
  }

  /** Within the bounds in which sums and products of a few values are exact. */
  static Expr bounded(Expr x) {
    return minimum(maximum(x, like(x, -BOUND)), like(x, BOUND));
  }

  static Expr like(Expr x, double number) {
    return x.recorder().constant(Tensor.filled(x.dtype(), Shape.SCALAR, number));
  }
}
