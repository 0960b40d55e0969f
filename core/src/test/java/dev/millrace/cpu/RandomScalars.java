package dev.millrace.cpu;

import static dev.millrace.tensor.DType.BOOL;
import static dev.millrace.tensor.DType.FLOAT32;
import static dev.millrace.tensor.DType.FLOAT64;
import static dev.millrace.tensor.DType.INT16;
import static dev.millrace.tensor.DType.INT32;
import static dev.millrace.tensor.DType.INT64;
import static dev.millrace.tensor.DType.INT8;
import static dev.millrace.tensor.DType.UINT16;
import static dev.millrace.tensor.DType.UINT32;
import static dev.millrace.tensor.DType.UINT64;
import static dev.millrace.tensor.DType.UINT8;

import dev.millrace.cpu.RandomScope.Axis;
import dev.millrace.cpu.RandomScope.Extent;
import dev.millrace.kernel.Buffer;
import dev.millrace.kernel.Buffer.Role;
import dev.millrace.kernel.Index;
import dev.millrace.kernel.KernelSketch;
import dev.millrace.kernel.Scalar;
import dev.millrace.kernel.ScalarOp;
import dev.millrace.kernel.Statement.Place;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Random scalar code: values from anything a scope offers, each of a random type and operation.
 *
 * <p>A value is loose if it comes from a function that the compiled forms compute a few ulp away
 * from the interpreter. Loose values go only where the relative error stays what it is: they are
 * never subtracted, compared or rounded.
 */
final class RandomScalars {
  private static final Set<ScalarOp> APPROXIMATE =
      EnumSet.of(ScalarOp.EXP, ScalarOp.EXPM1, ScalarOp.LOG, ScalarOp.LOG1P, ScalarOp.TANH);
  private static final DType[] TYPES = {
    FLOAT32, FLOAT32, FLOAT32, FLOAT32, FLOAT32, FLOAT64, INT32, INT64, UINT8, BOOL, BOOL, INT8,
    INT16, UINT16, UINT32, UINT64
  };
  private static final List<ScalarOp> ARITHMETIC =
      List.of(
          ScalarOp.ADD,
          ScalarOp.SUBTRACT,
          ScalarOp.MULTIPLY,
          ScalarOp.DIVIDE,
          ScalarOp.MODULO,
          ScalarOp.REMAINDER,
          ScalarOp.FLOOR_DIVIDE,
          ScalarOp.MAXIMUM,
          ScalarOp.MINIMUM,
          ScalarOp.NEGATE,
          ScalarOp.ABS,
          ScalarOp.SIGN);
  private static final List<ScalarOp> FUNCTIONS =
      Stream.of(
              EnumSet.range(ScalarOp.EXP, ScalarOp.NDTRI),
              EnumSet.of(ScalarOp.TAN, ScalarOp.ATAN2, ScalarOp.LOG2, ScalarOp.LGAMMA),
              EnumSet.range(ScalarOp.FLOOR, ScalarOp.ROUND))
          .flatMap(Set::stream)
          .toList();
  private static final List<ScalarOp> BITS =
      List.copyOf(EnumSet.range(ScalarOp.BIT_AND, ScalarOp.BIT_COUNT));
  private static final Set<ScalarOp> DIVISIONS =
      EnumSet.of(ScalarOp.DIVIDE, ScalarOp.MODULO, ScalarOp.REMAINDER, ScalarOp.FLOOR_DIVIDE);
  private static final List<ScalarOp> COMPARISONS =
      List.copyOf(EnumSet.range(ScalarOp.EQUAL, ScalarOp.GREATER_EQUAL));
  private static final List<ScalarOp> LOGIC =
      List.of(
          ScalarOp.AND,
          ScalarOp.OR,
          ScalarOp.NOT,
          ScalarOp.MAXIMUM,
          ScalarOp.MINIMUM,
          ScalarOp.EQUAL,
          ScalarOp.NOT_EQUAL);

  /** Operations without a vector form: kernels that are to have one mostly avoid them. */
  private static final Set<ScalarOp> HARD =
      Set.of(
          ScalarOp.SIN,
          ScalarOp.COS,
          ScalarOp.ERF,
          ScalarOp.NDTRI,
          ScalarOp.TAN,
          ScalarOp.ATAN2,
          ScalarOp.LOG2,
          ScalarOp.LGAMMA,
          ScalarOp.MODULO,
          ScalarOp.REMAINDER,
          ScalarOp.FLOOR_DIVIDE);

  private final RandomGenerator random;
  private final KernelSketch sketch;
  private final int scale;
  private final boolean vectorizable;
  private final Set<Integer> loose = new HashSet<>();
  final Set<Buffer> looseBuffers = new HashSet<>();
  final Map<Integer, Integer> bounds = new HashMap<>();

  /**
   * @param scale how many times as many values to add as one asks for
   */
  RandomScalars(RandomGenerator random, KernelSketch sketch, int scale) {
    this.scale = scale;
    this.random = random;
    this.sketch = sketch;
    this.vectorizable = random.nextBoolean();
  }

  /** A type; in half of the kernels mostly the one that has a vector form. */
  DType type() {
    return vectorizable && random.nextInt(5) > 0 ? FLOAT32 : TYPES[random.nextInt(TYPES.length)];
  }

  boolean isLoose(int variable) {
    return loose.contains(variable);
  }

  /** An element of a new buffer at an index that is another one for each value of {@code axes}. */
  Place place(Role role, DType dtype, List<Axis> axes) {
    var order = new ArrayList<>(axes);
    if (random.nextInt(4) == 0) {
      Collections.shuffle(order, random);
    }
    Dim stride = Dim.ONE;
    Index index = Index.ZERO;
    for (Axis axis : order.reversed()) {
      Dim factor = random.nextInt(12) == 0 ? stride.times(random.nextInt(2, 4)) : stride;
      boolean backwards = random.nextInt(16) == 0;
      Dim signed = backwards ? factor.times(-1) : factor;
      index = index.plus(Index.ofVariable(axis.variable()).times(signed));
      index = backwards ? index.plus(factor.times(axis.extent().dim().plus(-1))) : index;
      stride = factor.times(axis.extent().dim());
    }
    int offset = random.nextInt(8) == 0 ? random.nextInt(1, 6) : 0;
    return new Place(sketch.buffer(role, dtype, stride.plus(offset)), index.plus(Dim.of(offset)));
  }

  /** A few new values. */
  void add(RandomScope scope, int count) {
    for (int i = 0; i < count * scale; i++) {
      value(scope, type());
    }
  }

  /** A new value of a type. */
  int value(RandomScope scope, DType dtype) {
    int variable =
        switch (random.nextInt(dtype.isFloating() ? 24 : 18)) {
          case 0, 1, 2, 3 -> load(scope, dtype);
          case 4 -> sketch.literal(dtype, dtype == BOOL ? random.nextInt(2) : literal());
          case 5 -> gather(scope, dtype);
          case 6 -> sketch.cast(dtype, position(scope));
          case 7 -> cast(scope, dtype);
          case 8 -> select(scope, dtype);
          case 9, 10 -> reread(scope, dtype);
          case 18 -> draw(scope, dtype);
          case 19, 20 -> loosely(scope, dtype);
          default -> operation(scope, dtype);
        };
    scope.variables().add(variable);
    return variable;
  }

  private double literal() {
    double[] literals = {0, 1, -1, 2, 0.5, 3, 100};
    return literals[random.nextInt(literals.length)];
  }

  private int load(RandomScope scope, DType dtype) {
    var axes = new ArrayList<>(scope.axes());
    axes.removeIf(axis -> random.nextInt(4) == 0);
    Place place = place(Role.INPUT, dtype, axes);
    return sketch.load(place.buffer(), place.index());
  }

  /** An element at an index that is loaded itself. */
  private int gather(RandomScope scope, DType dtype) {
    DType type = random.nextBoolean() ? INT32 : INT64;
    int bound = random.nextInt(1, 9);
    var extent = new Extent(Dim.of(bound), bound);
    Place which = place(Role.INPUT, type, scope.axes());
    bounds.put(which.buffer().id(), bound);
    int loaded = sketch.load(which.buffer(), which.index());
    int index = sketch.let(new Scalar.CheckedIndex(type, loaded, extent.dim()));
    var axes = new ArrayList<>(scope.axes().stream().filter(any -> random.nextBoolean()).toList());
    axes.add(random.nextInt(axes.size() + 1), new Axis(index, extent));
    Place place = place(Role.INPUT, dtype, axes);
    return sketch.load(place.buffer(), place.index());
  }

  private int position(RandomScope scope) {
    Index index = Index.of(Dim.of(random.nextInt(3)));
    for (Axis axis : scope.axes()) {
      Dim factor = Dim.of(random.nextInt(-2, 3));
      index = index.plus(Index.ofVariable(axis.variable()).times(factor));
    }
    return sketch.let(new Scalar.Position(index));
  }

  private int cast(RandomScope scope, DType dtype) {
    return sketch.cast(dtype, operand(scope, type()));
  }

  private int select(RandomScope scope, DType dtype) {
    int condition = operand(scope, BOOL);
    int a = any(scope, dtype);
    int b = any(scope, dtype);
    return blend(sketch.apply(ScalarOp.SELECT, condition, a, b), a, b);
  }

  /** What the task has written before. */
  private int reread(RandomScope scope, DType dtype) {
    var places =
        scope.readable().stream().filter(place -> place.buffer().dtype() == dtype).toList();
    if (places.isEmpty()) {
      return operation(scope, dtype);
    }
    Place place = places.get(random.nextInt(places.size()));
    int variable = sketch.load(place.buffer(), place.index());
    if (looseBuffers.contains(place.buffer())) {
      loose.add(variable);
    }
    return variable;
  }

  private int draw(RandomScope scope, DType dtype) {
    Index element = Index.ZERO;
    for (Axis axis : scope.axes()) {
      element = element.times(Dim.of(random.nextInt(1, 7))).plus(Index.ofVariable(axis.variable()));
    }
    int run = operand(scope, INT64);
    return sketch.let(new Scalar.Draw(dtype, random.nextLong(), run, element));
  }

  /**
   * An operation that keeps the relative error of a loose operand, or a function that makes one.
   */
  private int loosely(RandomScope scope, DType dtype) {
    int a = any(scope, dtype);
    if (!isLoose(a)) {
      var functions = List.copyOf(APPROXIMATE);
      int result = sketch.apply(functions.get(random.nextInt(functions.size())), a);
      if (dtype == FLOAT32) {
        loose.add(result);
      }
      return result;
    }
    int b = sketch.literal(dtype, random.nextBoolean() ? 0.5 : -2);
    return switch (random.nextInt(5)) {
      case 0 -> blend(sketch.apply(ScalarOp.NEGATE, a), a, a);
      case 1 -> blend(sketch.apply(ScalarOp.MULTIPLY, a, b), a, a);
      case 2 -> blend(sketch.apply(ScalarOp.MAXIMUM, b, a), a, a);
      case 3 -> blend(sketch.apply(ScalarOp.MINIMUM, a, b), a, a);
      default -> absolute(a);
    };
  }

  /** {@code |a|}, so that sums of it do not cancel. */
  int absolute(int a) {
    return blend(sketch.apply(ScalarOp.ABS, a), a, a);
  }

  /** Makes {@code result} loose if {@code from} is. */
  void derive(int result, int from) {
    blend(result, from, from);
  }

  private int blend(int result, int a, int b) {
    if (isLoose(a) || isLoose(b)) {
      loose.add(result);
    }
    return result;
  }

  private int operation(RandomScope scope, DType dtype) {
    if (dtype == BOOL) {
      boolean compare = random.nextBoolean();
      DType operands = compare ? number() : BOOL;
      List<ScalarOp> choice = compare ? COMPARISONS : LOGIC;
      return apply(scope, choice.get(random.nextInt(choice.size())), operands);
    }
    boolean function = dtype.isFloating() && random.nextInt(3) == 0;
    boolean bits = dtype.isInteger() && random.nextInt(3) == 0;
    List<ScalarOp> choice = function ? FUNCTIONS : bits ? BITS : ARITHMETIC;
    ScalarOp op = choice.get(random.nextInt(choice.size()));
    if (vectorizable && HARD.contains(op)) {
      op = ScalarOp.MULTIPLY;
    }
    if (function && random.nextInt(6) == 0) {
      op = ScalarOp.POWER;
    }
    if (function && dtype == FLOAT32 && random.nextInt(8) == 0) {
      op = ScalarOp.ROUND_TO_BFLOAT16;
    }
    return apply(scope, op, dtype);
  }

  /** A type that is not bool. */
  DType number() {
    DType dtype = type();
    return dtype == BOOL ? FLOAT32 : dtype;
  }

  private int apply(RandomScope scope, ScalarOp op, DType dtype) {
    var operands = new int[op.operands()];
    for (int i = 0; i < operands.length; i++) {
      operands[i] = operand(scope, dtype);
    }
    boolean divides = DIVISIONS.contains(op);
    if (divides && dtype.isInteger() && random.nextInt(10) > 0) {
      operands[1] = sketch.apply(ScalarOp.MAXIMUM, operands[1], sketch.literal(dtype, 1));
      if (random.nextBoolean() && !dtype.isUnsigned()) {
        operands[1] = sketch.apply(ScalarOp.NEGATE, operands[1]);
      }
    }
    int result = sketch.apply(op, operands);
    if (APPROXIMATE.contains(op) && dtype == FLOAT32) {
      loose.add(result);
    }
    return result;
  }

  /** A value that is not loose: one that is there, or a new one. */
  int operand(RandomScope scope, DType dtype) {
    var known = scope.variables().stream().filter(v -> sketch.type(v) == dtype && !isLoose(v));
    return choose(scope, dtype, known.toList());
  }

  /** A value that may be loose. */
  int any(RandomScope scope, DType dtype) {
    return choose(
        scope, dtype, scope.variables().stream().filter(v -> sketch.type(v) == dtype).toList());
  }

  private int choose(RandomScope scope, DType dtype, List<Integer> known) {
    if (!known.isEmpty() && random.nextInt(6) > 0) {
      // Late values more often than early ones, so that chains grow long.
      int back = random.nextInt(1 + random.nextInt(known.size()));
      return known.get(known.size() - 1 - back);
    }
    int variable = load(scope, dtype);
    scope.variables().add(variable);
    return variable;
  }
}
