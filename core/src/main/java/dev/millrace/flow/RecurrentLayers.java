package dev.millrace.flow;

import dev.millrace.graph.Graph;
import dev.millrace.op.Expr;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.DTypeException;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Layers of one kind of cell over time. The products of all inputs with their weights are computed
 * at once, before the loop.
 *
 * @param gates how many blocks of rows the weights have
 * @param states how many states a cell has
 */
record RecurrentLayers(String op, int gates, int states, Step step) {
  /** One step of a cell. */
  @FunctionalInterface
  interface Step {
    /**
     * The next states.
     *
     * @param input product of the input with its weights and its bias, {@code [batch, gates *
     *     hidden]}
     * @param states h first
     */
    List<Expr> next(Expr input, List<Expr> states, CellWeights weights);
  }

  /** What one layer gives in one way: y, then its last states, {@code [batch, hidden]}. */
  private record Way(Expr y, List<Expr> last) {}

  RecurrentOutput of(Expr x, List<CellWeights> weights, Recurrence how) {
    int ways = how.direction().ways();
    if (weights.isEmpty() || weights.size() % ways != 0) {
      throw new ShapeException(
          op
              + ": weights are needed for each layer"
              + (ways == 2 ? ", forward and then reverse" : "")
              + ", found "
              + weights.size());
    }
    checkInput(x, how, weights.size());
    Optional<Expr> valid = how.lengths().map(lengths -> valid(x, lengths));
    Expr y = x;
    var last = new ArrayList<Way>();
    for (int layer = 0; layer < weights.size() / ways; layer++) {
      var side = new ArrayList<Expr>();
      for (int way = 0; way < ways; way++) {
        boolean backward = way == 1 || how.direction() == Direction.REVERSE;
        int number = layer * ways + way;
        Way done = one(y, weights.get(number), first(x, weights, how, number), valid, backward);
        side.add(done.y);
        last.add(done);
      }
      y = ways == 1 ? side.getFirst() : RecurrentFunctions.concat(2, side.get(0), side.get(1));
    }
    var ends = new ArrayList<Expr>();
    for (int i = 0; i < states; i++) {
      int state = i;
      ends.add(
          RecurrentFunctions.stack(
              0, last.stream().map(way -> way.last.get(state)).toArray(Expr[]::new)));
    }
    return new RecurrentOutput(y, ends);
  }

  private Way one(
      Expr x, CellWeights weights, List<Expr> first, Optional<Expr> valid, boolean backward) {
    check(x, weights);
    Expr products = RecurrentFunctions.project(x, weights.input(), weights.inputBias());
    var elements = new ArrayList<Expr>(List.of(products));
    valid.ifPresent(elements::add);
    Graph graph = FlowFunctions.graph(op, x);
    Scanned all =
        FlowFunctions.scan(
            new LoopBuilder(op, graph).backward(backward),
            op,
            first,
            elements,
            (before, slices) -> {
              List<Expr> next = step.next(slices.getFirst(), before, weights);
              if (slices.size() == 1) {
                return new Scanned(next, List.of(next.getFirst()));
              }
              return masked(slices.get(1), before, next);
            });
    return new Way(all.output(0), all.states());
  }

  /** Next states where {@code counts}, the states before elsewhere. */
  private static Scanned masked(Expr counts, List<Expr> before, List<Expr> next) {
    Expr column = RecurrentFunctions.expandDims(counts, 1);
    var kept = new ArrayList<Expr>();
    for (int i = 0; i < next.size(); i++) {
      kept.add(RecurrentFunctions.where(column, next.get(i), before.get(i)));
    }
    return new Scanned(kept, List.of(RecurrentFunctions.select(column, next.getFirst(), 0)));
  }

  /** Whether a step counts, {@code [time, batch]}. */
  private static Expr valid(Expr x, Expr lengths) {
    Expr steps = RecurrentFunctions.iota(x.recorder(), DType.INT64, x.shape().dim(0));
    return RecurrentFunctions.less(RecurrentFunctions.expandDims(steps, 1), lengths);
  }

  private List<Expr> first(Expr x, List<CellWeights> weights, Recurrence how, int number) {
    Dim hidden = weights.get(number).hidden().shape().dim(-1);
    var first = new ArrayList<Expr>();
    for (int i = 0; i < states; i++) {
      first.add(
          how.initial().isEmpty()
              ? zeros(x, hidden)
              : RecurrentFunctions.squeeze(
                  RecurrentFunctions.slice(how.initial().get(i), 0, number, number + 1), 0));
    }
    return first;
  }

  private Expr zeros(Expr x, Dim hidden) {
    Tensor zero = Tensor.filled(x.dtype(), Shape.SCALAR, 0);
    Expr constant = FlowFunctions.graph(op, x).constant(zero);
    return constant.broadcastTo(Shape.of(x.shape().dim(1), hidden));
  }

  private void checkInput(Expr x, Recurrence how, int ways) {
    if (!x.dtype().isFloating()) {
      throw new DTypeException(
          op + ": takes float32 or float64: " + Messages.describe(x) + "; convert it with cast");
    }
    if (x.shape().rank() != 3) {
      throw new ShapeException(
          op
              + ": the input must be [time, batch, in]: "
              + Messages.describe(x)
              + "; transpose(x, 1, 0, 2) puts a batch behind time");
    }
    if (!how.initial().isEmpty() && how.initial().size() != states) {
      throw new ShapeException(
          op + ": there must be " + states + " initial states, found " + how.initial().size());
    }
    for (Expr first : how.initial()) {
      needShape(
          "initial states must be [layers * ways, batch, hidden]",
          first,
          x,
          Shape.of(
              Dim.of(ways),
              x.shape().dim(1),
              first.shape().dims().isEmpty() ? Dim.ONE : first.shape().dim(-1)));
    }
    how.lengths().ifPresent(lengths -> checkLengths(x, lengths));
  }

  private void checkLengths(Expr x, Expr lengths) {
    if (lengths.dtype() != DType.INT64) {
      throw new DTypeException(
          op
              + ": lengths must be int64: "
              + Messages.describe(lengths)
              + "; convert them with cast(lengths, INT64)");
    }
    needShape("there must be one length for each sequence", lengths, x, Shape.of(x.shape().dim(1)));
  }

  /** Checks the weights of a cell for inputs x, whose last axis is what goes in. */
  void check(Expr x, CellWeights weights) {
    Expr hidden = weights.hidden();
    if (hidden.shape().rank() != 2 || !fits(hidden, hidden.shape().dim(1).times(gates))) {
      throw new ShapeException(
          op
              + ": weights of the state must be ["
              + (gates == 1 ? "" : gates + " * ")
              + "hidden, hidden]: "
              + Messages.describe(hidden));
    }
    Dim rows = hidden.shape().dim(0);
    needShape(
        "weights of the input must have as many rows as those of the state, and a column for each"
            + " input",
        weights.input(),
        x,
        Shape.of(rows, x.shape().dim(-1)));
    String rule = "a bias must have a number for each row of the weights";
    weights.inputBias().ifPresent(bias -> needShape(rule, bias, hidden, Shape.of(rows)));
    weights.hiddenBias().ifPresent(bias -> needShape(rule, bias, hidden, Shape.of(rows)));
  }

  private boolean fits(Expr hidden, Dim rows) {
    return FlowFunctions.graph(op, hidden).unify(Shape.of(hidden.shape().dim(0)), Shape.of(rows));
  }

  /** Checks a state of a cell. */
  void checkState(Expr x, Expr state, CellWeights weights) {
    Shape shape = Shape.of(x.shape().dim(0), weights.hidden().shape().dim(1));
    needShape("a state must be [batch, hidden]", state, x, shape);
  }

  private void needShape(String rule, Expr found, Expr beside, Shape shape) {
    boolean oneType = found.dtype() == beside.dtype() || found.dtype() == DType.INT64;
    if (!oneType
        || found.shape().rank() != shape.rank()
        || !FlowFunctions.graph(op, found).unify(found.shape(), shape)) {
      throw new ShapeException(
          op
              + ": "
              + rule
              + (oneType ? ", " + shape : ", of one type")
              + ": "
              + Messages.describe(found)
              + ", "
              + Messages.describe(beside));
    }
  }
}
