package dev.millrace.compile;

import static dev.millrace.Ops.*;
import static dev.millrace.compile.RandomGraph.bounded;
import static dev.millrace.compile.RandomGraph.known;

import dev.millrace.compile.RandomGraph.Extent;
import dev.millrace.compile.RandomGraph.Node;
import dev.millrace.op.Expr;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * What a {@link RandomGraph} may do next; a step that does not fit the value leaves it as it is.
 */
final class RandomSteps {
  private final RandomGenerator random;
  private final List<Node> nodes;
  private final boolean symbolic;

  RandomSteps(RandomGenerator random, List<Node> nodes, boolean symbolic) {
    this.random = random;
    this.nodes = nodes;
    this.symbolic = symbolic;
  }

  Node apply(Node x) {
    return switch (random.nextInt(22)) {
      case 0, 1 -> unary(x);
      case 2, 3, 4, 5 -> binary(x);
      case 6 -> smooth(x);
      case 7, 8, 9 -> reduce(x);
      case 10 -> transposed(x);
      case 11 -> expanded(x);
      case 12 -> sliced(x);
      case 13 -> reversed(x);
      case 14 -> reshaped(x);
      case 15 -> padded(x);
      case 16 -> joined(x);
      case 17, 18 -> multiplied(x);
      case 19 -> gathered(x);
      case 20 -> chosen(x);
      default -> spread(x);
    };
  }

  private Node same(Node x, Expr value) {
    return new Node(value, x.shape(), x.exact());
  }

  private Node unary(Node x) {
    return same(
        x,
        switch (random.nextInt(6)) {
          case 0 -> x.value().negate();
          case 1 -> x.value().abs();
          case 2 -> x.value().relu();
          case 3 -> x.value().times(1);
          case 4 -> bounded(x.value().square());
          default -> x.exact() ? x.value().sign() : x.value().plus(1);
        });
  }

  private Node smooth(Node x) {
    Expr value =
        switch (random.nextInt(4)) {
          case 0 -> x.value().tanh();
          case 1 -> x.value().logistic();
          case 2 -> x.rank() == 0 ? x.value().sin() : x.value().softmax();
          default -> x.rank() == 0 ? x.value().cos() : x.value().logSoftmax();
        };
    return new Node(value, x.shape(), false);
  }

  /** A node of the list whose shape broadcasts against that of x, or x itself. */
  private Node partner(Node x) {
    List<Node> fitting = nodes.stream().filter(node -> fits(x, node)).toList();
    return fitting.isEmpty() ? x : fitting.get(random.nextInt(fitting.size()));
  }

  private static boolean fits(Node x, Node y) {
    int rank = Math.min(x.rank(), y.rank());
    for (int i = 1; i <= rank; i++) {
      Extent a = x.shape().get(x.rank() - i);
      Extent b = y.shape().get(y.rank() - i);
      if (!a.matches(b) && !a.isOne() && !b.isOne()) {
        return false;
      }
    }
    return true;
  }

  private static List<Extent> common(Node x, Node y) {
    Node longer = x.rank() >= y.rank() ? x : y;
    Node other = longer == x ? y : x;
    var shape = new ArrayList<>(longer.shape());
    for (int i = 1; i <= other.rank(); i++) {
      if (shape.get(longer.rank() - i).isOne()) {
        shape.set(longer.rank() - i, other.shape().get(other.rank() - i));
      }
    }
    return List.copyOf(shape);
  }

  private Node binary(Node x) {
    Node y = partner(x);
    Expr value =
        switch (random.nextInt(6)) {
          case 0 -> bounded(x.value().plus(y.value()));
          case 1 -> bounded(x.value().minus(y.value()));
          case 2 -> bounded(x.value().times(y.value()));
          case 3 -> maximum(x.value(), y.value());
          case 4 -> minimum(y.value(), x.value());
          default -> bounded(y.value().plus(x.value().times(2)));
        };
    return new Node(value, common(x, y), x.exact() && y.exact());
  }

  private Node reduce(Node x) {
    if (x.rank() == 0) {
      return x;
    }
    int[] axes =
        IntStream.range(0, x.rank()).filter(axis -> random.nextInt(x.rank()) <= 1).toArray();
    if (axes.length == 0) {
      axes = new int[] {x.rank() - 1};
    }
    Expr value =
        switch (random.nextInt(4)) {
          case 0, 1 -> bounded(reduceSum(x.value(), axes));
          case 2 -> reduceMax(x.value(), axes);
          default -> reduceMin(x.value(), axes);
        };
    boolean keep = random.nextBoolean();
    var shape = new ArrayList<>(x.shape());
    for (int i = axes.length - 1; i >= 0; i--) {
      shape.remove(axes[i]);
    }
    if (keep) {
      for (int axis : axes) {
        value = expandDims(value, axis);
        shape.add(axis, known(1));
      }
    }
    return new Node(value, List.copyOf(shape), x.exact());
  }

  private Node transposed(Node x) {
    var order = new ArrayList<>(IntStream.range(0, x.rank()).boxed().toList());
    Collections.shuffle(order, new java.util.Random(random.nextInt()));
    Expr value = transpose(x.value(), order.stream().mapToInt(axis -> axis).toArray());
    return new Node(value, order.stream().map(x.shape()::get).toList(), x.exact());
  }

  private Node expanded(Node x) {
    int axis = random.nextInt(x.rank() + 1);
    var shape = new ArrayList<>(x.shape());
    if (axis < x.rank() && shape.get(axis).isOne()) {
      shape.remove(axis);
      return new Node(squeeze(x.value(), axis), List.copyOf(shape), x.exact());
    }
    shape.add(axis, known(1));
    return new Node(expandDims(x.value(), axis), List.copyOf(shape), x.exact());
  }

  private Node sliced(Node x) {
    List<Integer> axes =
        IntStream.range(0, x.rank())
            .filter(axis -> x.shape().get(axis).dim().isKnown() && x.shape().get(axis).size() > 1)
            .boxed()
            .toList();
    if (axes.isEmpty()) {
      return x;
    }
    int axis = axes.get(random.nextInt(axes.size()));
    int size = x.shape().get(axis).size();
    int begin = random.nextInt(size);
    int end = random.nextInt(begin, size) + 1;
    int step = random.nextInt(1, 3);
    var shape = new ArrayList<>(x.shape());
    shape.set(axis, known((end - begin + step - 1) / step));
    return new Node(slice(x.value(), axis, begin, end, step), List.copyOf(shape), x.exact());
  }

  private Node reversed(Node x) {
    return x.rank() == 0 ? x : same(x, reverse(x.value(), random.nextInt(x.rank())));
  }

  /** Two neighbouring dims as one, or a known dim as two. */
  private Node reshaped(Node x) {
    var shape = new ArrayList<>(x.shape());
    if (x.rank() >= 2 && random.nextBoolean()) {
      int axis = random.nextInt(x.rank() - 1);
      Extent second = shape.remove(axis + 1);
      Extent first = shape.get(axis);
      Dim product = first.dim().times(second.dim());
      shape.set(axis, new Extent(product, first.size() * second.size()));
    } else {
      int axis = x.rank() == 0 ? -1 : random.nextInt(x.rank());
      if (axis < 0 || !shape.get(axis).dim().isKnown() || shape.get(axis).size() % 2 != 0) {
        shape.add(known(1));
      } else {
        shape.set(axis, known(shape.get(axis).size() / 2));
        shape.add(axis, known(2));
      }
    }
    Shape target = RandomGraph.shape(shape, symbolic);
    return new Node(reshape(x.value(), target), List.copyOf(shape), x.exact());
  }

  private Node padded(Node x) {
    if (x.rank() == 0) {
      return x;
    }
    int axis = random.nextInt(x.rank());
    var before = new long[x.rank()];
    var after = new long[x.rank()];
    before[axis] = random.nextInt(3);
    after[axis] = random.nextInt(3);
    long more = before[axis] + after[axis];
    return lengthened(x, axis, pad(x.value(), before, after, random.nextInt(3)), more);
  }

  private static Node lengthened(Node x, int axis, Expr value, long more) {
    var shape = new ArrayList<>(x.shape());
    Extent old = shape.get(axis);
    shape.set(axis, new Extent(old.dim().plus(more), old.size() + (int) more));
    return new Node(value, List.copyOf(shape), x.exact());
  }

  private Node joined(Node x) {
    if (x.rank() == 0) {
      return x;
    }
    int axis = random.nextInt(x.rank());
    Extent extent = x.shape().get(axis);
    List<Node> alike = nodes.stream().filter(node -> node.shape().equals(x.shape())).toList();
    Node y = alike.isEmpty() ? x : alike.get(random.nextInt(alike.size()));
    var shape = new ArrayList<>(x.shape());
    shape.set(axis, new Extent(extent.dim().times(2), extent.size() * 2));
    Expr value = concat(axis, x.value(), y.value());
    return new Node(value, List.copyOf(shape), x.exact() && y.exact());
  }

  private Node multiplied(Node x) {
    if (x.rank() < 1) {
      return x;
    }
    Extent inner = x.shape().getLast();
    List<Node> fitting =
        nodes.stream().filter(y -> y.rank() == 2 && y.shape().getFirst().matches(inner)).toList();
    Node y = fitting.isEmpty() ? x : fitting.get(random.nextInt(fitting.size()));
    if (fitting.isEmpty() || random.nextInt(4) == 0) {
      return x.rank() < 2 ? x : gram(x);
    }
    var shape = new ArrayList<>(x.shape());
    shape.set(x.rank() - 1, y.shape().getLast());
    Expr value = bounded(matmul(x.value(), y.value()));
    return new Node(value, List.copyOf(shape), x.exact() && y.exact());
  }

  /** The product of a matrix with its transpose. */
  private Node gram(Node x) {
    var shape = new ArrayList<>(x.shape());
    shape.set(x.rank() - 1, shape.get(x.rank() - 2));
    return new Node(
        bounded(matmul(x.value(), transpose(x.value()))), List.copyOf(shape), x.exact());
  }

  private Node gathered(Node x) {
    if (x.rank() == 0) {
      return x;
    }
    int axis = random.nextInt(x.rank());
    int size = x.shape().get(axis).size();
    int[] indices = random.ints(random.nextInt(1, 6), 0, size).toArray();
    if (!x.shape().get(axis).dim().isKnown()) {
      indices = new int[] {0, 0};
    }
    var shape = new ArrayList<>(x.shape());
    shape.set(axis, known(indices.length));
    Expr at = x.value().recorder().constant(Tensor.of(indices));
    return new Node(gather(x.value(), at, axis), List.copyOf(shape), x.exact());
  }

  private Node chosen(Node x) {
    if (!x.exact()) {
      return x;
    }
    Node y = partner(x);
    if (!y.exact() || random.nextInt(4) == 0) {
      return x.rank() == 0 ? x : position(x);
    }
    Expr value = select(x.value().greater(y.value()), x.value().plus(1), y.value().negate());
    return new Node(bounded(value), common(x, y), true);
  }

  private Node position(Node x) {
    int axis = random.nextInt(x.rank());
    var shape = new ArrayList<>(x.shape());
    shape.remove(axis);
    Expr value = bounded(argMax(x.value(), axis).cast(x.value().dtype()));
    return new Node(value, List.copyOf(shape), true);
  }

  /** Repeated along dims of 1 or new leading ones. */
  private Node spread(Node x) {
    var shape = new ArrayList<>(x.shape());
    shape.addFirst(known(random.nextInt(1, 4)));
    Shape target = RandomGraph.shape(shape, symbolic);
    return new Node(x.value().broadcastTo(target), List.copyOf(shape), x.exact());
  }
}
