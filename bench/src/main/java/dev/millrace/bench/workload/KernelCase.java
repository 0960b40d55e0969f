package dev.millrace.bench.workload;

import static dev.millrace.Ops.FLOAT32;
import static dev.millrace.Ops.SAME;
import static dev.millrace.Ops.conv2d;
import static dev.millrace.Ops.gradient;

import dev.millrace.Ops;
import dev.millrace.graph.Action;
import dev.millrace.graph.Graph;
import dev.millrace.op.Expr;
import dev.millrace.session.CompiledFunction;
import dev.millrace.session.Session;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * A computation that is measured on its own, on operands of known shapes with random elements.
 *
 * @param flop floating-point operations of one call, 0 where nobody counts them
 */
record KernelCase(String name, double flop, List<Shape> shapes, Function<List<Expr>, Expr> result) {
  private static final int SEED = 1;

  /** {@code [m, k] x [k, n]}. */
  static KernelCase matmul(int m, int k, int n) {
    List<Shape> shapes = List.of(Shape.of(m, k), Shape.of(k, n));
    String name = "matmul" + m + "x" + k + "x" + n;
    return new KernelCase(name, 2.0 * m * k * n, shapes, x -> Ops.matmul(x.get(0), x.get(1)));
  }

  /** {@code [k, m]^T x [k, n]}, as in the derivative of a product with respect to weights. */
  static KernelCase transposedMatmul(int m, int k, int n) {
    List<Shape> shapes = List.of(Shape.of(k, m), Shape.of(k, n));
    String name = "matmul" + m + "x" + k + "x" + n + "_transposed";
    return new KernelCase(
        name, 2.0 * m * k * n, shapes, x -> Ops.matmul(Ops.transpose(x.get(0)), x.get(1)));
  }

  /**
   * Images {@code [batch, side, side, in]} with windows {@code [window, window, in, out]}, padded
   * to the same size: the convolution, and its derivatives with respect to images and to weights.
   */
  static List<KernelCase> convolutions(int batch, int side, int in, int window, int out) {
    var images = Shape.of(batch, side, side, in);
    var weights = Shape.of(window, window, in, out);
    var results = Shape.of(batch, side, side, out);
    String name = "conv%dx%dx%dx%d_%dx%dx%d_".formatted(batch, side, side, in, window, window, out);
    double flop = 2.0 * batch * out * side * side * in * window * window;
    return List.of(
        new KernelCase(
            name + "forward",
            flop,
            List.of(images, weights),
            x -> conv2d(x.get(0), x.get(1), SAME)),
        new KernelCase(
            name + "data",
            flop,
            List.of(images, weights, results),
            x -> gradient(conv2d(x.get(0), x.get(1), SAME).times(x.get(2)), x.get(0))),
        new KernelCase(
            name + "weights",
            flop,
            List.of(images, weights, results),
            x -> gradient(conv2d(x.get(0), x.get(1), SAME).times(x.get(2)), x.get(1))));
  }

  /** The same under another name. */
  KernelCase named(String other) {
    return new KernelCase(other, flop, shapes, result);
  }

  /** Ready to be called: its result is a new tensor each time. */
  Runnable fetching(Setting setting) {
    var graph = new Graph();
    List<Expr> operands = operands(graph);
    Session session = setting.session(graph);
    Tensor[] tensors = tensors();
    CompiledFunction call = session.function(operands, List.of(result.apply(operands)));
    return () -> call.run(tensors);
  }

  /** Ready to be called: its result becomes the content of a variable, whose memory there is. */
  Runnable assigning(Setting setting) {
    var graph = new Graph();
    List<Expr> operands = operands(graph);
    Expr value = result.apply(operands);
    var variable = graph.variable(Tensor.zeros(value.dtype(), value.shape()));
    Action assignment = variable.assign(value);
    Session session = setting.session(graph);
    session.run(graph.initializeAllVariables());
    Tensor[] tensors = tensors();
    CompiledFunction call = session.function(assignment, operands, List.of());
    return () -> call.run(tensors);
  }

  private List<Expr> operands(Graph graph) {
    var operands = new ArrayList<Expr>();
    shapes.forEach(shape -> operands.add(graph.placeholder(FLOAT32, shape)));
    return operands;
  }

  /** The same numbers each time, in (-1, 1). */
  private Tensor[] tensors() {
    var random = new SplittableRandom(SEED);
    return shapes.stream().map(shape -> random(random, shape)).toArray(Tensor[]::new);
  }

  private static Tensor random(SplittableRandom random, Shape shape) {
    var values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return Tensor.wrap(shape, values);
  }
}
