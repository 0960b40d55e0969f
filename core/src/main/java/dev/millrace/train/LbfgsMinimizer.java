package dev.millrace.train;

import dev.millrace.graph.Action;
import dev.millrace.graph.Graph;
import dev.millrace.graph.GraphException;
import dev.millrace.graph.Value;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;
import dev.millrace.session.Feeds;
import dev.millrace.session.Session;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * L-BFGS: steps along {@code -H g}, where H estimates the inverse of the second derivatives from
 * the latest changes of variables and gradients, and a {@linkplain LineSearch line search} finds
 * the length. For smooth losses of the whole data, not of batches: a step evaluates the loss
 * several times, so it is no action but runs the session itself. Nocedal and Wright, Numerical
 * Optimization (2006), algorithm 7.5.
 *
 * <p>Works in double precision inside, whatever the type of the variables.
 */
public final class LbfgsMinimizer {
  private static final int HISTORY = 10;

  /** A change of the variables and the change of the gradient that came with it. */
  private record Pair(double[] change, double[] slope, double scale) {}

  private final Session session;
  private final Feeds feeds;
  private final List<Variable> variables;
  private final List<Expr> wanted = new ArrayList<>();
  private final List<Value> contents = new ArrayList<>();
  private final Action set;
  private final int history;
  private final Deque<Pair> pairs = new ArrayDeque<>();

  /** As {@link #LbfgsMinimizer(Session, Expr, Feeds, int)}, with the latest 10 changes. */
  public LbfgsMinimizer(Session session, Expr loss, Feeds feeds) {
    this(session, loss, feeds, HISTORY);
  }

  /**
   * Makes {@code loss} smaller by changing all variables that it depends on smoothly.
   *
   * @param session where the variables are; they must have values
   * @param loss a floating-point scalar; anything larger counts as its sum
   * @param feeds what each evaluation of the loss is fed
   * @param history how many changes the estimate is made of
   * @throws GraphException if the loss depends on no variable smoothly
   * @throws dev.millrace.tensor.MillraceException if the history is not positive
   */
  public LbfgsMinimizer(Session session, Expr loss, Feeds feeds, int history) {
    this.session = session;
    this.feeds = feeds;
    this.history = (int) Optimizer.positive("history", history);
    List<Optimizer.Gradient> gradients = new GradientDescentOptimizer(1).computeGradients(loss);
    this.variables = gradients.stream().map(Optimizer.Gradient::variable).toList();
    wanted.add(loss.sum());
    gradients.forEach(pair -> wanted.add(pair.gradient()));
    Graph graph = variables.getFirst().graph();
    var assignments = new ArrayList<Action>();
    for (Variable variable : variables) {
      Value content = graph.placeholder(variable.dtype(), variable.shape());
      contents.add(content);
      assignments.add(variable.assign(content));
    }
    this.set = Action.all(assignments);
  }

  /**
   * One step.
   *
   * @return the loss after it; that before, with the variables as they were, where no step makes it
   *     smaller
   */
  public double step() {
    Point start = evaluate();
    double[] direction = direction(start.gradient());
    if (Vectors.dot(direction, start.gradient()) >= 0) {
      pairs.clear();
      direction = Vectors.scaled(start.gradient(), -1);
    }
    double first = pairs.isEmpty() ? Math.min(1, 1 / Vectors.absoluteSum(start.gradient())) : 1;
    if (!Double.isFinite(first) || !Double.isFinite(start.loss())) {
      return start.loss();
    }
    Point end = new LineSearch(this::at, start, direction).from(first);
    at(end.w());
    remember(start, end);
    return end.loss();
  }

  /**
   * Steps until one makes the loss smaller by less than {@code tolerance}, relative to the loss or
   * 1 if that is more, but {@code most} at the most.
   *
   * @return the loss at the end
   */
  public double minimize(int most, double tolerance) {
    double loss = evaluate().loss();
    for (int i = 0; i < most; i++) {
      double next = step();
      boolean isDone = !(loss - next > tolerance * Math.max(1, Math.abs(next)));
      loss = next;
      if (isDone) {
        break;
      }
    }
    return loss;
  }

  /** The two loops of Nocedal and Wright, algorithm 7.4. */
  private double[] direction(double[] gradient) {
    double[] q = Vectors.scaled(gradient, -1);
    var factors = new ArrayDeque<Double>();
    for (Pair pair : pairs) {
      double factor = pair.scale * Vectors.dot(pair.change, q);
      factors.push(factor);
      q = Vectors.sum(q, -factor, pair.slope);
    }
    if (!pairs.isEmpty()) {
      Pair latest = pairs.getFirst();
      q = Vectors.scaled(q, 1 / (latest.scale * Vectors.dot(latest.slope, latest.slope)));
    }
    for (var oldest = pairs.descendingIterator(); oldest.hasNext(); ) {
      Pair pair = oldest.next();
      double factor = factors.pop() - pair.scale * Vectors.dot(pair.slope, q);
      q = Vectors.sum(q, factor, pair.change);
    }
    return q;
  }

  /** Keeps what was learnt, unless the curvature is not positive, as rounding can have it. */
  private void remember(Point start, Point end) {
    double[] change = Vectors.sum(end.w(), -1, start.w());
    double[] slope = Vectors.sum(end.gradient(), -1, start.gradient());
    double curvature = Vectors.dot(change, slope);
    if (curvature > 1e-10 * Vectors.dot(slope, slope) && Double.isFinite(1 / curvature)) {
      pairs.push(new Pair(change, slope, 1 / curvature));
      if (pairs.size() > history) {
        pairs.removeLast();
      }
    }
  }

  /** The loss, its gradient and the variables, each as one vector. */
  record Point(double[] w, double loss, double[] gradient) {}

  /** Sets the variables. */
  private Point at(double... w) {
    Feeds all = Feeds.NONE;
    int from = 0;
    for (int i = 0; i < variables.size(); i++) {
      Variable variable = variables.get(i);
      int size = variable.shape().size();
      Tensor part = Tensor.of(variable.shape(), Arrays.copyOfRange(w, from, from + size));
      all = all.and(contents.get(i), rounded(part, variable.dtype()));
      from += size;
    }
    session.run(set, all);
    return evaluate();
  }

  private static Tensor rounded(Tensor doubles, DType dtype) {
    return dtype == DType.FLOAT64 ? doubles : Tensor.of(doubles.shape(), doubles.toFloatArray());
  }

  private Point evaluate() {
    var fetches = new ArrayList<Expr>(wanted);
    fetches.addAll(variables);
    List<Tensor> found = session.run(fetches, feeds);
    int count = variables.size();
    return new Point(
        Vectors.joined(found.subList(1 + count, 1 + 2 * count)),
        found.getFirst().getDouble(),
        Vectors.joined(found.subList(1, 1 + count)));
  }
}
