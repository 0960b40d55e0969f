package dev.millrace.train;

import static dev.millrace.Ops.*;

import dev.millrace.graph.Action;
import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.graph.Variable;
import dev.millrace.op.Expr;
import dev.millrace.reference.Json;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import dev.millrace.train.Optimizer.Gradient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A problem of the reference trajectories, and the step that its file describes, as a graph. */
final class Trajectory {
  final Graph graph = new Graph();
  final Map<String, Variable> variables = new LinkedHashMap<>();
  final Value rate;
  final Expr loss;
  final List<Gradient> gradients;
  final Action step;
  private final Json file;
  private final DType dtype;

  Trajectory(Json file, DType dtype) {
    this.file = file;
    this.dtype = dtype;
    Json initial = file.get("problem").get("params");
    for (String name : initial.keys()) {
      variables.put(name, graph.variable(tensor(initial.get(name))).named(name));
    }
    this.rate = graph.placeholder(dtype, Shape.SCALAR);
    this.loss =
        switch (file.get("problem").get("kind").text()) {
          case "quadratic" -> quadratic();
          case "logistic" -> logistic();
          case "mlp" -> network();
          default -> throw new IllegalArgumentException(file.get("problem").get("kind").text());
        };
    Optimizer optimizer = optimizer();
    this.gradients = optimizer.computeGradients(loss);
    Action whole = optimizer.applyGradients(changed(gradients));
    this.step = decayed(hasSchedule() ? scaled(whole) : whole);
  }

  boolean hasSchedule() {
    return !file.get("schedule").isAbsent();
  }

  Tensor tensor(Json numbers) {
    Tensor doubles = Tensor.of(Shape.of(numbers.dims()), numbers.numbers());
    return dtype == FLOAT64 ? doubles : Tensor.of(doubles.shape(), doubles.toFloatArray());
  }

  Tensor scalar(double number) {
    return Tensor.filled(dtype, Shape.SCALAR, number);
  }

  private Expr data(String name) {
    return graph.constant(tensor(file.get("problem").get(name)));
  }

  private Expr parameter(String name) {
    return variables.get(name);
  }

  private Expr quadratic() {
    Expr w = parameter("w");
    return reduceSum(w.times(matmul(data("A"), w))).times(0.5).minus(reduceSum(data("b").times(w)));
  }

  private Expr logistic() {
    Expr score = matmul(data("X"), parameter("w")).plus(parameter("c"));
    return softplus(data("y").times(score).negate()).mean();
  }

  private Expr network() {
    Expr hidden = tanh(matmul(data("M"), parameter("W1")).plus(parameter("b1")));
    Expr y = matmul(hidden, parameter("W2")).plus(parameter("b2"));
    return y.minus(data("t")).square().mean();
  }

  private double option(String name, double otherwise) {
    return file.get("options").get(name).number(otherwise);
  }

  /** The rule of the file; where the learning rate follows a schedule, that of rate 1. */
  private Optimizer optimizer() {
    double learningRate = hasSchedule() ? 1 : option("lr", 0);
    double momentum = option("momentum", 0);
    return switch (file.get("optimizer").text()) {
      case "SGD" ->
          momentum == 0
              ? new GradientDescentOptimizer(learningRate)
              : new MomentumOptimizer(
                  learningRate, momentum, file.get("options").get("nesterov").isTrue());
      case "RMSprop" ->
          new RmsPropOptimizer(learningRate, option("alpha", 0.99), momentum, option("eps", 1e-8));
      case "Adam", "AdamW" -> adam(learningRate);
      case "Adadelta" -> new Adadelta(learningRate, option("rho", 0.9), option("eps", 1e-6));
      default -> throw new IllegalArgumentException(file.get("optimizer").text());
    };
  }

  private Optimizer adam(double learningRate) {
    Json betas = file.get("options").get("betas");
    double[] beta = betas.isAbsent() ? new double[] {0.9, 0.999} : betas.numbers();
    return new AdamOptimizer(learningRate, beta[0], beta[1], option("eps", 1e-8));
  }

  private boolean hasDecoupledDecay() {
    return file.get("optimizer").text().equals("AdamW");
  }

  /** The gradients with weight decay added, then clipped, as the file says. */
  private List<Gradient> changed(List<Gradient> raw) {
    double decay = hasDecoupledDecay() ? 0 : option("weight_decay", 0);
    Expr factor = clipFactor(raw);
    var all = new ArrayList<Gradient>();
    for (Gradient pair : raw) {
      Expr gradient = pair.gradient().times(factor);
      all.add(new Gradient(pair.variable(), gradient.plus(pair.variable().times(decay))));
    }
    return all;
  }

  private Expr clipFactor(List<Gradient> raw) {
    Expr one = graph.constant(scalar(1));
    Json clip = file.get("clip");
    if (clip.isAbsent()) {
      return one;
    }
    if (!clip.get("kind").text().equals("global_norm")) {
      throw new IllegalArgumentException(clip.get("kind").text());
    }
    Expr squares = graph.constant(scalar(0));
    for (Gradient pair : raw) {
      squares = squares.plus(reduceSum(pair.gradient().square()));
    }
    return minimum(
        one, graph.constant(scalar(clip.get("limit").number())).dividedBy(sqrt(squares)));
  }

  /** {@code whole} with the change of the parameters multiplied by the rate that is fed. */
  private Action scaled(Action whole) {
    return withParameters(
        whole, (variable, next) -> variable.minus(variable.minus(next).times(rate)));
  }

  /** {@code w *= 1 - lr * decay} beside the step, where the file's rule has it. */
  private Action decayed(Action whole) {
    double decay = option("lr", 0) * option("weight_decay", 0);
    return hasDecoupledDecay()
        ? withParameters(whole, (variable, next) -> next.minus(variable.times(decay)))
        : whole;
  }

  @FunctionalInterface
  private interface Change {
    Expr of(Variable variable, Expr next);
  }

  private Action withParameters(Action action, Change change) {
    var all = new ArrayList<Action>();
    action
        .assignments()
        .forEach((variable, next) ->
            all.add(
                variable.assign(
                    variables.containsValue(variable) ? change.of(variable, next) : next)));
    return Action.all(all);
  }
}
