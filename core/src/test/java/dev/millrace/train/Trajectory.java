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
    this.gradients = new GradientDescentOptimizer(1).computeGradients(loss);
  }

  /** The step of the file's rule. */
  Action step() {
    Schedule schedule =
        hasSchedule() ? step -> rate : Schedule.constant(file.get("options").get("lr").number());
    var options = new Options(file);
    return options.optimizer(schedule).applyGradients(options.transform().apply(gradients));
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
}
