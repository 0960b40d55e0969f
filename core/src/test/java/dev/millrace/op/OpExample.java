package dev.millrace.op;

import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.op.OpList.Entry;
import dev.millrace.op.OpList.Operand;
import dev.millrace.op.OpList.Role;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** One line of the list of ops in a graph of its own, over placeholders, with data for them. */
final class OpExample {
  private static final double[] SPECIAL = {
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    -0.0,
    0.0,
    1,
    -1,
    0.5,
    -2.5,
    1e-30,
    -1e30,
    Float.MIN_VALUE,
    88.8,
    -104
  };
  private static final long[] EXTREME = {
    0, 1, -1, 2, 255, 256, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE
  };

  /** Ops that refuse 0 as an integer. */
  private static final Set<String> DIVISIONS = Set.of("divide", "modulo", "floorDiv", "fmod");

  /** The least size of an axis that indices go into. */
  private static final int INDEXED = 3;

  private final Entry entry;
  private final DType dtype;
  private final Graph graph = new Graph();
  private final List<Value> operands = new ArrayList<>();
  private final Value result;

  /** Dims that are ANY become the dim n. */
  OpExample(Entry entry, DType dtype, Dim n) {
    this.entry = entry;
    this.dtype = dtype;
    for (Operand operand : entry.operands()) {
      Shape shape = operand.shape().map(dim -> dim.isKnown() ? dim : n);
      operands.add(
          operand.role() == Role.RUN
              ? graph.run()
              : graph.placeholder(type(operand.role()), shape));
    }
    this.result = (Value) entry.apply(graph, dtype, List.copyOf(operands));
  }

  private DType type(Role role) {
    return switch (role) {
      case VALUES, SHAPE -> dtype;
      case CONDITION -> DType.BOOL;
      case INDICES, PLACES, RUN -> DType.INT64;
    };
  }

  Graph graph() {
    return graph;
  }

  Value result() {
    return result;
  }

  List<Value> operands() {
    return operands;
  }

  /** The operands that can be fed. */
  List<Value> placeholders() {
    return operands.stream().filter(value -> value.kind() == Value.Kind.PLACEHOLDER).toList();
  }

  /** The operands with a derivative. */
  List<Value> variables() {
    var variables = new ArrayList<Value>();
    for (int i = 0; i < operands.size(); i++) {
      if (entry.operands().get(i).role() == Role.VALUES && dtype.isFloating()) {
        variables.add(operands.get(i));
      }
    }
    return variables;
  }

  /** Elements for which the op is smooth, away from the integers, where some ops are not. */
  Map<Value, Tensor> smooth(int n, long seed) {
    var random = new SplittableRandom(seed);
    return data(n, (operand, i) -> awayFromIntegers(random, operand), random);
  }

  private static double awayFromIntegers(RandomGenerator random, Operand operand) {
    double x = random.nextDouble(operand.low(), operand.high());
    return Math.abs(x - Math.rint(x)) < 0.05 ? awayFromIntegers(random, operand) : x;
  }

  /** Elements of every sort, with infinities, NaN and -0 among them, extreme integers too. */
  Map<Value, Tensor> special(int n, long seed) {
    var random = new SplittableRandom(seed);
    return data(n, (operand, i) -> special(random, operand), random);
  }

  private double special(RandomGenerator random, Operand operand) {
    if (!dtype.isFloating()) {
      long wide = EXTREME[random.nextInt(EXTREME.length)];
      long value = random.nextInt(3) == 0 ? wide : random.nextInt(-9, 10);
      boolean divides = DIVISIONS.contains(entry.name());
      long low = value << (Long.SIZE - Byte.SIZE * dtype.bytes());
      return divides && low == 0 ? 3 : value;
    }
    return switch (random.nextInt(4)) {
      case 0 -> SPECIAL[random.nextInt(SPECIAL.length)];
      case 1 -> random.nextDouble(operand.low(), operand.high());
      case 2 -> random.nextInt(-4, 5);
      default -> random.nextDouble(-40, 40);
    };
  }

  private interface Elements {
    double at(Operand operand, int position);
  }

  private Map<Value, Tensor> data(int n, Elements elements, RandomGenerator random) {
    var data = new LinkedHashMap<Value, Tensor>();
    for (int i = 0; i < operands.size(); i++) {
      Operand operand = entry.operands().get(i);
      Shape shape = operand.shape().map(dim -> dim.isKnown() ? dim : Dim.of(n));
      var numbers = new double[shape.size()];
      for (int at = 0; at < numbers.length; at++) {
        numbers[at] =
            switch (operand.role()) {
              case VALUES, SHAPE -> elements.at(operand, at);
              case CONDITION -> random.nextInt(2);
              case INDICES -> random.nextInt(INDEXED);
              case PLACES -> at == 0 ? 1 : 0;
              case RUN -> 5;
            };
      }
      data.put(operands.get(i), tensor(type(operand.role()), shape, numbers));
    }
    return data;
  }

  static Tensor tensor(DType dtype, Shape shape, double... numbers) {
    if (dtype.isHalf()) {
      return Tensor.of(dtype, shape, numbers);
    }
    Object array = dtype.newArray(numbers.length);
    for (int i = 0; i < numbers.length; i++) {
      switch (array) {
        case float[] floats -> floats[i] = (float) numbers[i];
        case double[] doubles -> doubles[i] = numbers[i];
        case int[] ints -> ints[i] = (int) (long) numbers[i];
        case long[] longs -> longs[i] = (long) numbers[i];
        case short[] shorts -> shorts[i] = (short) (long) numbers[i];
        case byte[] bytes -> bytes[i] = (byte) (long) numbers[i];
        default -> throw new AssertionError(array);
      }
    }
    if (dtype == DType.BOOL) {
      byte[] bits = (byte[]) array;
      for (int i = 0; i < bits.length; i++) {
        bits[i] &= 1;
      }
    }
    return Tensor.wrap(dtype, shape, array);
  }

  /** Operands and result, as {@code add FLOAT32 [n] x FLOAT32 [n] -> FLOAT32 [n]}. */
  @Override
  public String toString() {
    return entry.name()
        + operands.stream()
            .map(value -> value.type().toString())
            .collect(Collectors.joining(" x ", " ", " -> "))
        + result.type();
  }
}
