package dev.millrace.bench.workload;

import static dev.millrace.Ops.FLOAT32;
import static dev.millrace.Ops.SAME;
import static dev.millrace.Ops.conv2d;
import static dev.millrace.Ops.exp;
import static dev.millrace.Ops.gradient;
import static dev.millrace.Ops.layerNorm;
import static dev.millrace.Ops.softmax;

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

  /** Everything that is measured. */
  static List<KernelCase> all() {
    var cases = new ArrayList<KernelCase>();
    cases.add(matmul(1024, 1024, 1024).as("matmul1024"));
    cases.add(matmul(100, 784, 10));
    cases.add(new KernelCase("exp1M", 0, List.of(Shape.of(1 << 20)), x -> exp(x.getFirst())));
    cases.add(matmul(64, 64, 64));
    cases.add(matmul(256, 256, 256));
    cases.add(matmul(2048, 2048, 2048));
    cases.add(transposedMatmul(784, 100, 10));
    cases.add(matmul(128, 784, 512));
    cases.add(transposedMatmul(784, 128, 512));
    cases.add(matmul(128, 512, 10));
    cases.add(matmul(1, 784, 10));
    cases.add(matmul(1, 784, 512));
    cases.addAll(convolutions(50, 28, 1, 5, 32));
    cases.addAll(convolutions(50, 14, 32, 5, 64));
    cases.addAll(convolutions(32, 28, 64, 3, 64));
    cases.addAll(
        withGradient("softmax1024x1000", x -> softmax(x.getFirst()), Shape.of(1024, 1000)));
    cases.addAll(
        withGradient(
            "layerNorm1024x768",
            x -> layerNorm(x.get(0), x.get(1), x.get(2), 1e-5),
            Shape.of(1024, 768),
            Shape.of(768),
            Shape.of(768)));
    return cases;
  }

  /**
   * The one with that name.
   *
   * @throws java.util.NoSuchElementException if there is none
   */
  static KernelCase named(String name) {
    return all().stream().filter(one -> one.name.equals(name)).findFirst().orElseThrow();
  }

  /** A function of the first operand's shape, and its derivative with respect to that operand. */
  private static List<KernelCase> withGradient(
      String name, Function<List<Expr>, Expr> function, Shape... operands) {
    List<Shape> shapes = List.of(operands);
    var more = new ArrayList<>(shapes);
    more.add(shapes.getFirst());
    return List.of(
        new KernelCase(name, 0, shapes, function),
        new KernelCase(
            name + "_gradient",
            0,
            more,
            x -> gradient(function.apply(x).times(x.getLast()), x.getFirst())));
  }

  /** {@code [m, k] x [k, n]}. */
  private static KernelCase matmul(int m, int k, int n) {
    List<Shape> shapes = List.of(Shape.of(m, k), Shape.of(k, n));
    String name = "matmul" + m + "x" + k + "x" + n;
    return new KernelCase(name, 2.0 * m * k * n, shapes, x -> Ops.matmul(x.get(0), x.get(1)));
  }

  /** {@code [k, m]^T x [k, n]}, as in the derivative of a product with respect to weights. */
  private static KernelCase transposedMatmul(int m, int k, int n) {
    List<Shape> shapes = List.of(Shape.of(k, m), Shape.of(k, n));
    String name = "matmul" + m + "x" + k + "x" + n + "_transposed";
    return new KernelCase(
        name, 2.0 * m * k * n, shapes, x -> Ops.matmul(Ops.transpose(x.get(0)), x.get(1)));
  }

  /**
   * Images {@code [batch, side, side, in]} with windows {@code [window, window, in, out]}, padded
   * to the same size: the convolution, and its derivatives with respect to images and to weights.
   */
  private static List<KernelCase> convolutions(int batch, int side, int in, int window, int out) {
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
  private KernelCase as(String other) {
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
