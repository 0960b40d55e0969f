package dev.millrace.op;

import static dev.millrace.tensor.Shape.ANY;

import dev.millrace.kernel.Statement.Combiner;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Every primitive op, in the order of the documentation: one line each, or one for each value of an
 * attribute that changes what the op does. A line says how the op is made and what it is applied
 * to; tests and documentation run over all of them.
 *
 * <p>Dims that are {@code ANY} stand for one number that an example may choose freely.
 */
public final class OpList {
  private static final double LEAST = -2;
  private static final double GREATEST = 2;

  /** What an operand holds. */
  public enum Role {
    /** Elements of the type that the example is made for. */
    VALUES,
    /** Truth values. */
    CONDITION,
    /** int64 numbers in [0, 3). */
    INDICES,
    /** int64: where a block begins, 1 and then zeros. */
    PLACES,
    /** The number of the run. */
    RUN,
    /** Anything: only the shape counts, and the op is not applied to it. */
    SHAPE
  }

  /**
   * One operand of an example.
   *
   * @param low least element for which the op is smooth
   * @param high greatest such element
   */
  public record Operand(Role role, Shape shape, double low, double high) {}

  /** Makes the op for elements of {@code dtype} and these operands. */
  @FunctionalInterface
  public interface Construction {
    /** The op, with its attributes. */
    Op of(DType dtype, List<Expr> operands);
  }

  /** Applies the op to these operands of elements of {@code dtype}. */
  @FunctionalInterface
  public interface Application {
    /** The op's result. */
    Expr of(Recorder graph, DType dtype, List<Expr> operands);
  }

  /** One line of the list. */
  public record Entry(String name, List<Operand> operands, Application application) {
    /** The value of the op applied to values for {@link #operands}. */
    public Expr apply(Recorder graph, DType dtype, List<Expr> values) {
      return application.of(graph, dtype, values);
    }
  }

  private static final List<Entry> ALL =
      List.of(
          elementwise(Elementwise.ADD),
          elementwise(Elementwise.SUB),
          elementwise(Elementwise.MUL),
          elementwise(Elementwise.DIV, -2, 2, 0.5, 2),
          elementwise(Elementwise.MOD, -2, 2, 0.5, 2),
          elementwise(Elementwise.POW, 0.3, 2, -2, 2),
          elementwise(Elementwise.MAX),
          elementwise(Elementwise.MIN),
          elementwise(Elementwise.NEG),
          elementwise(Elementwise.ABSOLUTE),
          elementwise(Elementwise.SIGNUM),
          elementwise(Elementwise.EXPONENTIAL),
          elementwise(Elementwise.EXPONENTIAL_M1),
          elementwise(Elementwise.LOGARITHM, 0.3, 3),
          elementwise(Elementwise.LOGARITHM_1P, -0.6, 3),
          elementwise(Elementwise.SQUARE_ROOT, 0.3, 3),
          elementwise(Elementwise.SINE),
          elementwise(Elementwise.COSINE),
          elementwise(Elementwise.TANGENS_HYPERBOLICUS),
          elementwise(Elementwise.ERROR_FUNCTION),
          elementwise(Elementwise.NORMAL_QUANTILE, 0.1, 0.9),
          elementwise(Elementwise.LOGISTIC),
          elementwise(Elementwise.SOFTPLUS),
          elementwise(Elementwise.RELU),
          elementwise(Elementwise.XLOGY, -2, 2, 0.3, 3),
          elementwise(Elementwise.FLOOR),
          elementwise(Elementwise.CEIL),
          elementwise(Elementwise.ROUND),
          elementwise(Elementwise.EQUAL),
          elementwise(Elementwise.NOT_EQUAL),
          elementwise(Elementwise.LESS),
          elementwise(Elementwise.LESS_EQUAL),
          elementwise(Elementwise.GREATER),
          elementwise(Elementwise.GREATER_EQUAL),
          elementwise(Elementwise.AND),
          elementwise(Elementwise.OR),
          elementwise(Elementwise.NOT),
          elementwise(Elementwise.XOR),
          elementwise(Rounding.TRUNCATION),
          elementwise(Rounding.FLOOR_DIV, -2, 2, 0.5, 2),
          elementwise(Rounding.FMOD, -2, 2, 0.5, 2),
          elementwise(Rounding.CLIP, -2, 2, -1, -0.1, 0.1, 1),
          elementwise(Bits.AND),
          elementwise(Bits.OR),
          elementwise(Bits.XOR),
          elementwise(Bits.NOT),
          elementwise(Bits.LEFT),
          elementwise(Bits.RIGHT),
          elementwise(Bits.COUNT),
          elementwise(Trigonometry.TANGENT, -1.3, 1.3),
          elementwise(Trigonometry.ARC_SINE, -0.9, 0.9),
          elementwise(Trigonometry.ARC_COSINE, -0.9, 0.9),
          elementwise(Trigonometry.ARC_TANGENT),
          elementwise(Trigonometry.ANGLE),
          elementwise(Trigonometry.HYPOTENUSE),
          elementwise(Trigonometry.HYPERBOLIC_SINE),
          elementwise(Trigonometry.HYPERBOLIC_COSINE),
          elementwise(Trigonometry.AREA_SINE),
          elementwise(Trigonometry.AREA_COSINE, 1.2, 3),
          elementwise(Trigonometry.AREA_TANGENT, -0.9, 0.9),
          elementwise(Exponentials.POWER_OF_2),
          elementwise(Exponentials.BINARY_LOGARITHM, 0.3, 3),
          elementwise(Exponentials.DECIMAL_LOGARITHM, 0.3, 3),
          elementwise(Exponentials.CUBE_ROOT, 0.3, 3),
          elementwise(Exponentials.LOG_OF_SUM),
          elementwise(Exponentials.LOG_OF_REST, -3, -0.3),
          elementwise(Exponentials.X_LOG_1P_Y, -2, 2, -0.6, 3),
          elementwise(Specials.ERROR_COMPLEMENT),
          elementwise(Specials.ERROR_INVERSE, -0.9, 0.9),
          elementwise(Specials.LOG_GAMMA, 0.5, 3),
          entry("polygamma", (t, x) -> Slopes.polygamma(0), within(0.5, 3, ANY)),
          entry("polygamma", (t, x) -> Slopes.polygamma(2), within(0.5, 3, 3, ANY)),
          entry("sinc", (t, x) -> Slopes.sinc(0), values(ANY)),
          entry("sinc", (t, x) -> Slopes.sinc(1), values(ANY)),
          entry(
              "select", (t, x) -> new Select(), condition(ANY, 3), values(ANY, 3), values(ANY, 3)),
          entry("cast", (t, x) -> new Cast(DType.FLOAT32), values(ANY, 3)),
          entry("cast", (t, x) -> new Cast(DType.FLOAT64), values(ANY, 3)),
          entry("cast", (t, x) -> new Cast(DType.INT32), values(ANY, 3)),
          entry("cast", (t, x) -> new Cast(DType.INT64), values(ANY, 3)),
          entry("cast", (t, x) -> new Cast(DType.UINT8), values(ANY, 3)),
          entry("cast", (t, x) -> new Cast(DType.BOOL), values(ANY, 3)),
          entry("cast", (t, x) -> new Cast(DType.FLOAT16), values(ANY, 3)),
          entry("cast", (t, x) -> new Cast(DType.BFLOAT16), values(ANY, 3)),
          entry("cast", (t, x) -> new Cast(DType.INT8), values(ANY, 3)),
          entry("cast", (t, x) -> new Cast(DType.INT16), values(ANY, 3)),
          entry("cast", (t, x) -> new Cast(DType.UINT16), values(ANY, 3)),
          entry("cast", (t, x) -> new Cast(DType.UINT32), values(ANY, 3)),
          entry("cast", (t, x) -> new Cast(DType.UINT64), values(ANY, 3)),
          entry("stopGradient", (t, x) -> new Views.StopGradient(), values(ANY, 3)),
          entry("reduceSum", (t, x) -> new Reduce(Combiner.SUM, List.of(1)), values(3, ANY)),
          entry("reduceSum", (t, x) -> new Reduce(Combiner.SUM, List.of(0)), values(ANY, 5)),
          entry("reduceProd", (t, x) -> new Reduce(Combiner.PRODUCT, List.of(1)), values(3, ANY)),
          entry("reduceProd", (t, x) -> new Reduce(Combiner.PRODUCT, List.of(0)), values(ANY, 2)),
          entry("reduceMax", (t, x) -> new Reduce(Combiner.MAXIMUM, List.of(1)), values(3, ANY)),
          entry("reduceMin", (t, x) -> new Reduce(Combiner.MINIMUM, List.of(0)), values(ANY, 3)),
          entry("argMax", (t, x) -> new Reduce(Combiner.FIRST_MAXIMUM, List.of(1)), values(3, ANY)),
          entry("argMin", (t, x) -> new Reduce(Combiner.FIRST_MINIMUM, List.of(0)), values(ANY, 3)),
          entry("matmul", (t, x) -> new MatMul(), values(ANY, 4), values(4, 5)),
          entry("matmul", (t, x) -> new MatMul(), values(3, ANY), values(ANY, 2)),
          entry("matmul", (t, x) -> new MatMul(), values(2, 3, 4), values(2, 4, ANY)),
          entry("convolution", (t, x) -> strided(1, 1), values(ANY, 4, 2), values(3, 2, 3)),
          entry("convolution", (t, x) -> strided(2, 1), values(2, 3, ANY), values(1, ANY, 1)),
          entry(
              "convolution",
              (t, x) -> new Convolution(List.of(2L, 1L), List.of(1L, 2L)),
              values(2, 6, 5, 2),
              values(3, 2, 2, ANY)),
          entry(
              "convolution",
              (t, x) -> new Convolution(List.of(1L, 2L), List.of(1L, 1L)),
              values(ANY, 2, 4, 2, 2),
              values(2, 2, 2, 2, 3)),
          entry(
              "filterGradient",
              (t, x) -> new FilterGradient(List.of(Dim.of(3)), List.of(2L), List.of(1L)),
              values(ANY, 6, 2),
              values(ANY, 2, 3)),
          entry(
              "filterGradient",
              (t, x) -> new FilterGradient(List.of(Dim.of(2)), List.of(1L), List.of(2L)),
              values(2, 4, 2, 1),
              values(2, 2, 2, ANY)),
          function("maxPool", x -> maximum(x, tiling(2, 2)), values(ANY, 4, 5, 2)),
          function("maxPool", x -> maximum(x, window(3, 2, 1)), values(2, 7, ANY)),
          function("maxPool", x -> maximum(x, window(2, 1, 2)), values(ANY, 4, 1)),
          function("sumPool", x -> Pooling.sum(x.get(0), tiling(1, 2)), values(ANY, 2, 5, 2)),
          function("sumPool", x -> Pooling.sum(x.get(0), window(3, 2, 1)), values(2, 7, ANY)),
          function("depthwise", OpList::depthwise, values(ANY, 4, 5, 2), values(2, 2, 1, 2)),
          function("depthwise", OpList::depthwise, values(2, 3, 3, 2), values(2, 1, 1, 4)),
          entry(
              "broadcastTo",
              (t, x) -> new Broadcast(like(x.get(1))),
              values(3, 1),
              shape(2, 3, ANY)),
          entry("transpose", (t, x) -> new Views.Transpose(List.of(2, 0, 1)), values(2, ANY, 3)),
          entry("expandDims", (t, x) -> new Views.ExpandDims(List.of(0, 2)), values(ANY, 3)),
          entry("squeeze", (t, x) -> new Views.Squeeze(List.of(0, 2)), values(1, ANY, 1, 3)),
          entry("slice", (t, x) -> slice(x.get(0), 1, 2, 2), values(ANY, 5)),
          entry("slice", (t, x) -> slice(x.get(0), 2, 2, -1), values(ANY, 3)),
          entry("reshape", (t, x) -> new Views.Reshape(flat(x.get(0))), values(ANY, 2, 3)),
          entry("concat", (t, x) -> new Concat(0), values(2, 3), values(ANY, 3), values(1, 3)),
          entry("concat", (t, x) -> new Concat(1), values(ANY, 3), values(ANY, 2)),
          entry("pad", (t, x) -> pad(x.get(0), 1, 2, 3), values(ANY, 2)),
          function(
              "cholesky",
              x -> LinearAlgebraFunctions.cholesky(positive("cholesky", x)),
              values(ANY, ANY)),
          function(
              "triangularSolve", x -> triangular(x, true, false), values(ANY, ANY), values(ANY, 2)),
          function(
              "triangularSolve",
              x -> triangular(x, false, true),
              values(2, ANY, ANY),
              values(ANY, 2)),
          function(
              "solve",
              x -> LinearAlgebraFunctions.solve(dominant("solve", x), x.get(1)),
              values(ANY, ANY),
              values(ANY, 2)),
          function("lu", x -> LinearAlgebraFunctions.lu(dominant("lu", x)).l(), values(ANY, ANY)),
          function("lu", x -> LinearAlgebraFunctions.lu(dominant("lu", x)).u(), values(ANY, ANY)),
          function("det", x -> LinearAlgebraFunctions.det(dominant("det", x)), values(2, ANY, ANY)),
          function(
              "logAbsDet",
              x -> LinearAlgebraFunctions.logAbsDet(dominant("logAbsDet", x)),
              values(ANY, ANY)),
          function("qr", x -> LinearAlgebraFunctions.qr(x.get(0)).q(), values(5, ANY)),
          function("qr", x -> LinearAlgebraFunctions.qr(x.get(0)).r(), values(2, 5, ANY)),
          function("eigh", x -> LinearAlgebraFunctions.eigh(x.get(0)).values(), values(ANY, ANY)),
          function("eigh", x -> LinearAlgebraFunctions.eigh(x.get(0)).vectors(), values(ANY, ANY)),
          function("svd", x -> LinearAlgebraFunctions.svd(x.get(0)).u(), values(5, ANY)),
          function("svd", x -> LinearAlgebraFunctions.svdvals(x.get(0)), values(5, ANY)),
          function("matrixExp", x -> LinearAlgebraFunctions.matrixExp(x.get(0)), values(ANY, ANY)),
          function("pinv", x -> LinearAlgebraFunctions.pinv(pinvertible(x)), values(5, ANY)),
          function(
              "customGradient",
              x -> CheckFunctions.customGradient(y -> y.sin(), OpList::slope, x.get(0)),
              values(ANY, 3)),
          function(
              "checkNumerics", x -> CheckFunctions.checkNumerics(x.get(0), "x"), values(ANY, 3)),
          function(
              "assertThat",
              x -> CheckFunctions.assertThat(x.get(1).equalTo(x.get(1)), x.get(0), "x"),
              values(ANY, 3),
              condition(ANY)),
          function("print", x -> CheckFunctions.print(x.get(0), "x"), values(ANY)),
          entry("iota", (t, x) -> new Sources.Iota(t, extent(x)), shape(ANY)),
          entry("dimValue", (t, x) -> new Sources.DimValue(t, extent(x)), shape(ANY)),
          entry(
              "uniform",
              (t, x) -> new Sources.Uniform(t, like(x.get(1)), 7),
              run(),
              shape(ANY, 3)));

  private OpList() {}

  /** The lines of the list. */
  public static List<Entry> all() {
    return Stream.of(ALL, IndexingEntries.all(), FourierEntries.all())
        .flatMap(List::stream)
        .toList();
  }

  /** An op of one instruction per element; {@code ranges} are the low and high of its operands. */
  private static Entry elementwise(Elementwise op, double... ranges) {
    var operands = new ArrayList<Operand>();
    for (int i = 0; i < op.arity(); i++) {
      boolean given = 2 * i + 1 < ranges.length;
      double low = given ? ranges[2 * i] : LEAST;
      double high = given ? ranges[2 * i + 1] : GREATEST;
      operands.add(new Operand(Role.VALUES, Shape.of(ANY), low, high));
    }
    return entry(op.name(), (dtype, values) -> op, operands.toArray(Operand[]::new));
  }

  static Entry entry(String name, Construction construction, Operand... operands) {
    return new Entry(
        name,
        List.of(operands),
        (graph, dtype, values) -> {
          var applied = new ArrayList<Expr>();
          for (int i = 0; i < values.size(); i++) {
            if (operands[i].role() != Role.SHAPE) {
              applied.add(values.get(i));
            }
          }
          return graph.apply(construction.of(dtype, values), applied);
        });
  }

  /** An op that a function applies to what it has computed from the operands. */
  static Entry function(String name, Function<List<Expr>, Expr> function, Operand... operands) {
    return new Entry(name, List.of(operands), (graph, dtype, values) -> function.apply(values));
  }

  /** A symmetric matrix whose eigenvalues are 1 or more. */
  private static Expr positive(String op, List<Expr> x) {
    Expr a = x.getFirst();
    Matrices.check(op, a);
    return a.matmul(a.transpose()).plus(Matrices.identityLike(a));
  }

  /** A matrix that needs no pivots. */
  private static Expr dominant(String op, List<Expr> x) {
    Expr a = x.getFirst();
    Matrices.check(op, a);
    return a.times(0.25).plus(Matrices.identityLike(a).times(2));
  }

  private static Expr triangular(List<Expr> x, boolean lower, boolean transposed) {
    Expr a = dominant("triangularSolve", x);
    return LinearAlgebraFunctions.triangularSolve(a, x.get(1), lower, transposed);
  }

  private static Expr pinvertible(List<Expr> x) {
    Matrices.check("pinv", x.getFirst());
    return x.getFirst();
  }

  private static Expr slope(Expr x, Expr y, Expr dy) {
    return dy.times(x.cos());
  }

  static Operand values(long... dims) {
    return new Operand(Role.VALUES, Shape.of(dims), LEAST, GREATEST);
  }

  static Operand within(double low, double high, long... dims) {
    return new Operand(Role.VALUES, Shape.of(dims), low, high);
  }

  static Operand condition(long... dims) {
    return new Operand(Role.CONDITION, Shape.of(dims), 0, 1);
  }

  static Operand indices(long... dims) {
    return new Operand(Role.INDICES, Shape.of(dims), 0, 2);
  }

  /** Positions at which a block lies: 1 along the first axis, 0 along the others. */
  static Operand places(long... dims) {
    return new Operand(Role.PLACES, Shape.of(dims), 0, 1);
  }

  static Operand shape(long... dims) {
    return new Operand(Role.SHAPE, Shape.of(dims), LEAST, GREATEST);
  }

  static Operand run() {
    return new Operand(Role.RUN, Shape.SCALAR, 0, 0);
  }

  private static Shape like(Expr x) {
    return x.shape();
  }

  private static Dim extent(List<Expr> operands) {
    return operands.getFirst().shape().dim(0);
  }

  private static Shape flat(Expr x) {
    return Shape.of(x.shape().dim(0).times(x.shape().dim(1)), x.shape().dim(2));
  }

  /** All of axis 0, and {@code size} elements of axis 1. */
  private static Op slice(Expr x, long start, long size, long step) {
    return new Views.Slice(
        List.of(Dim.ZERO, Dim.of(start)),
        List.of(x.shape().dim(0), Dim.of(size)),
        List.of(1L, step));
  }

  /** {@code before} and {@code after} elements of {@code value} around axis 0. */
  private static Op pad(Expr x, long before, long after, double value) {
    Dim extent = x.shape().dim(0).plus(before + after);
    return new Pad(
        List.of(Dim.of(before), Dim.ZERO), List.of(1L, 1L), x.shape().with(0, extent), value);
  }

  private static Op strided(long stride, long dilation) {
    return new Convolution(List.of(stride), List.of(dilation));
  }

  private static Expr maximum(List<Expr> x, Places places) {
    return Pooling.maximum(x.getFirst(), places);
  }

  private static Places tiling(long height, long width) {
    return new Places(List.of(height, width), List.of(height, width), List.of(1L, 1L));
  }

  private static Places window(long size, long stride, long dilation) {
    return new Places(List.of(size), List.of(stride), List.of(dilation));
  }

  private static Expr depthwise(List<Expr> operands) {
    return Depthwise.of(operands.get(0), operands.get(1), List.of(1L, 2L), List.of(2L, 1L));
  }
}
