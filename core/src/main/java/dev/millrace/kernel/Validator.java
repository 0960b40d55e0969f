package dev.millrace.kernel;

import dev.millrace.kernel.Buffer.Role;
import dev.millrace.kernel.Statement.Accumulator;
import dev.millrace.kernel.Statement.Axis;
import dev.millrace.kernel.Statement.Combiner;
import dev.millrace.kernel.Statement.Contract;
import dev.millrace.kernel.Statement.Let;
import dev.millrace.kernel.Statement.Loop;
import dev.millrace.kernel.Statement.Order;
import dev.millrace.kernel.Statement.Place;
import dev.millrace.kernel.Statement.Range;
import dev.millrace.kernel.Statement.Split;
import dev.millrace.kernel.Statement.Store;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks what can be checked of a {@link Kernel} without running it: every variable is set once and
 * visible where it is used, operands have the right types, indices are made of index variables,
 * only outputs and scratch are written. Whether an index stays inside its buffer is the {@link
 * Interpreter}'s to say.
 */
public final class Validator {
  private final Kernel kernel;
  private final Set<Integer> set = new HashSet<>(Set.of(Kernel.TASK));
  private final Set<Integer> indices = new HashSet<>(Set.of(Kernel.TASK));
  private final Set<Integer> visible = new HashSet<>(Set.of(Kernel.TASK));
  private final Map<Integer, DType> types = new HashMap<>();

  private Validator(Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * Checks {@code kernel}.
   *
   * @return the type of every variable that is a value (loop variables are none)
   * @throws IllegalArgumentException naming the first statement that breaks a rule
   */
  public static Map<Integer, DType> check(Kernel kernel) {
    var validator = new Validator(kernel);
    validator.header();
    validator.block(kernel.body());
    return validator.types;
  }

  /** The number of a dim argument; the symbol must be one of {@code d0, d1, ...}. */
  static int number(Dim.Symbol symbol) {
    if (symbol.id() != 0 || !symbol.name().matches("d(0|[1-9][0-9]{0,8})")) {
      throw new IllegalArgumentException(
          "kernel: dims are named d0, d1, ...: found " + symbol.name());
    }
    return Integer.parseInt(symbol.name().substring(1));
  }

  private void header() {
    for (int id = 0; id < kernel.buffers().size(); id++) {
      Buffer buffer = kernel.buffers().get(id);
      require(buffer.id() == id, "header", "ids count from 0: found %s at %d", buffer, id);
      dim("header", buffer.size());
    }
    dim("header", kernel.tasks());
  }

  private void block(List<Statement> statements) {
    for (Statement statement : statements) {
      String text = text(statement);
      switch (statement) {
        case Let(int variable, Scalar value) -> let(text, variable, value);
        case Store(Buffer buffer, Index index, int variable) ->
            store(text, new Place(buffer, index), value(text, variable));
        case Loop loop -> loop(text, loop);
        case Split split -> split(text, split);
        case Contract contract -> contract(text, contract);
        case Order order -> order(text, order);
      }
    }
  }

  private void let(String text, int variable, Scalar value) {
    switch (value) {
      case Scalar.Literal(DType dtype, Number number) ->
          require(
              fits(dtype, number),
              text,
              "a literal has its type's class and range: %s, found %s %s",
              dtype,
              number.getClass().getSimpleName(),
              number);
      case Scalar.Load(Buffer buffer, Index index) -> place(text, new Place(buffer, index));
      case Scalar.Position(Index index) -> index(text, index);
      case Scalar.Apply apply -> apply(text, apply);
      case Scalar.CheckedIndex(DType dtype, int operand, Dim extent) -> {
        boolean integer = dtype == DType.INT32 || dtype == DType.INT64;
        require(integer, text, "an index is int32 or int64, found %s", dtype);
        type(text, operand, dtype);
        dim(text, extent);
        indices.add(variable);
      }
      case Scalar.Draw(DType dtype, long key, int run, Index element) -> {
        require(
            isComputed(dtype) && dtype.isFloating(),
            text,
            "draws are float32 or float64, found %s",
            dtype);
        type(text, run, DType.INT64);
        index(text, element);
      }
    }
    define(text, variable);
    types.put(variable, value.dtype());
  }

  private static boolean fits(DType dtype, Number value) {
    return switch (dtype) {
      case FLOAT32 -> value instanceof Float;
      case FLOAT64 -> value instanceof Double;
      case FLOAT16, BFLOAT16 -> value instanceof Float f && Arithmetic.cast(dtype, f).equals(f);
      case INT32 -> value instanceof Integer;
      case INT64, UINT64 -> value instanceof Long;
      case INT8, INT16, UINT8, UINT16 ->
          value instanceof Integer i && Arithmetic.cast(dtype, i).equals(i);
      case UINT32 -> value instanceof Long l && Arithmetic.cast(dtype, l).equals(l);
      case BOOL -> value instanceof Integer i && (i == 0 || i == 1);
    };
  }

  private void apply(String text, Scalar.Apply apply) {
    ScalarOp op = apply.op();
    int count = apply.operands().size();
    require(count == op.operands(), text, "takes %d operands, found %d", op.operands(), count);
    List<DType> operands = apply.operands().stream().map(v -> value(text, v)).toList();
    DType last = operands.getLast();
    if (op == ScalarOp.CAST) {
      return;
    }
    DType result = op.isComparison() ? DType.BOOL : last;
    require(apply.dtype() == result, text, "the result is %s, not %s", result, apply.dtype());
    for (int i = 0; i < count; i++) {
      DType wanted = op == ScalarOp.SELECT && i == 0 ? DType.BOOL : last;
      require(operands.get(i) == wanted, text, "operand types differ or are wrong: %s", operands);
    }
    boolean moves = op == ScalarOp.SELECT;
    require(moves || (isComputed(last) && takes(op, last)), text, "not an operation of %s", last);
  }

  /** Whether there are operations of the type itself: 16-bit floats are cast to float32 before. */
  private static boolean isComputed(DType type) {
    return !type.isHalf();
  }

  private static boolean takes(ScalarOp op, DType type) {
    return switch (op) {
      case ADD, SUBTRACT, MULTIPLY, DIVIDE, NEGATE, ABS, SIGN -> type.isNumeric();
      case MODULO, REMAINDER, FLOOR_DIVIDE -> type.isNumeric();
      case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> type.isNumeric();
      case POWER, EXP, EXPM1, LOG, LOG1P, SQRT, SIN, COS, TANH, ERF, NDTRI -> type.isFloating();
      case TAN, ASIN, ACOS, ATAN, ATAN2, HYPOT -> type.isFloating();
      case SINH, COSH, ASINH, ACOSH, ATANH, EXP2, LOG2, LOG10, CBRT -> type.isFloating();
      case ERFC, ERFINV, LGAMMA, POLYGAMMA, SINC -> type.isFloating();
      case FLOOR, CEIL, ROUND -> type.isFloating();
      case ROUND_TO_BFLOAT16 -> type == DType.FLOAT32;
      case AND, OR, NOT -> type == DType.BOOL;
      case BIT_AND, BIT_OR, BIT_XOR, BIT_NOT -> type.isInteger();
      case SHIFT_LEFT, SHIFT_RIGHT, BIT_COUNT -> type.isInteger();
      case MAXIMUM, MINIMUM, EQUAL, NOT_EQUAL, SELECT, CAST -> true;
    };
  }

  private void store(String text, Place place, DType type) {
    place(text, place);
    Buffer buffer = place.buffer();
    boolean writable = buffer.role() != Role.INPUT;
    require(writable, text, "only outputs and scratch are written, found %s", buffer);
    require(buffer.dtype() == type, text, "%s holds %s, found %s", buffer, buffer.dtype(), type);
  }

  private void loop(String text, Loop loop) {
    range(text, loop.range());
    int lanes = loop.lanes();
    require(Integer.bitCount(lanes) == 1 && lanes > 0, text, "lanes are a power of two");
    var outside = Set.copyOf(visible);
    define(text, loop.variable());
    indices.add(loop.variable());
    block(loop.body());
    for (Accumulator accumulator : loop.accumulators()) {
      type(text, accumulator.value(), accumulator.dtype());
      Combiner combiner = accumulator.combiner();
      boolean sums = combiner == Combiner.SUM || combiner == Combiner.PRODUCT;
      DType dtype = accumulator.dtype();
      require(!sums || dtype.isNumeric(), text, "%s takes numbers, found bool", combiner);
      require(isComputed(dtype), text, "%s is not folded, but cast before", dtype);
      require(!combiner.isPosition() || lanes == 1, text, "%s takes one lane", combiner);
    }
    visible.retainAll(outside);
    for (Accumulator accumulator : loop.accumulators()) {
      define(text, accumulator.result());
      types.put(accumulator.result(), accumulator.resultType());
    }
  }

  private void split(String text, Split split) {
    index(text, split.flat());
    require(!split.axes().isEmpty(), text, "a split has an axis");
    axes(text, split.axes());
  }

  private void axes(String text, List<Axis> axes) {
    for (Axis axis : axes) {
      dim(text, axis.extent());
      define(text, axis.variable());
      indices.add(axis.variable());
    }
  }

  private void contract(String text, Contract contract) {
    range(text, contract.rows());
    range(text, contract.columns());
    boolean complete = !contract.row().isEmpty() && !contract.inner().isEmpty();
    require(complete, text, "a contraction has a row and an inner axis");
    var outside = Set.copyOf(visible);
    axes(text, contract.row());
    define(text, contract.column());
    indices.add(contract.column());
    axes(text, contract.inner());
    Place target = contract.target();
    DType dtype = target.buffer().dtype();
    boolean multiplies =
        switch (dtype) {
          case FLOAT32, FLOAT64, INT32, INT64, UINT8 -> true;
          case FLOAT16, BFLOAT16, INT8, INT16, UINT16, UINT32, UINT64, BOOL -> false;
        };
    require(multiplies, text, "takes numbers, found %s", dtype);
    store(text, target, dtype);
    place(text, contract.left());
    place(text, contract.right());
    for (Buffer operand : List.of(contract.left().buffer(), contract.right().buffer())) {
      require(operand.dtype() == dtype, text, "%s is not %s", operand, dtype);
      require(!operand.equals(target.buffer()), text, "%s is target and operand", operand);
    }
    independent(text, contract.left(), "column", contract.column());
    contract.row().forEach(axis -> independent(text, contract.right(), "row", axis.variable()));
    contract.inner().forEach(axis -> independent(text, target, "inner", axis.variable()));
    visible.retainAll(outside);
  }

  private void order(String text, Order order) {
    place(text, order.source());
    DType dtype = order.source().buffer().dtype();
    boolean sorts =
        switch (dtype) {
          case FLOAT32, FLOAT64, INT32, INT64, UINT8, BOOL -> true;
          case FLOAT16, BFLOAT16, INT8, INT16, UINT16, UINT32, UINT64 -> false;
        };
    require(sorts, text, "%s is not sorted, but cast before", dtype);
    store(text, order.target(), DType.INT64);
    store(text, new Place(order.scratch(), Index.ZERO), DType.INT64);
    dim(text, order.count());
    var memories = Set.of(order.target().buffer().id(), order.scratch().id());
    boolean apart = memories.size() == 2 && !memories.contains(order.source().buffer().id());
    require(apart, text, "source, target and scratch are different buffers");
  }

  private static void independent(String text, Place place, String name, int variable) {
    boolean holds = place.index().factor(variable).is(0);
    require(holds, text, "%s must not depend on the %s i%d", place.buffer(), name, variable);
  }

  private void range(String text, Range range) {
    index(text, range.begin());
    require(!range.ends().isEmpty(), text, "a range has an end");
    range.ends().forEach(end -> index(text, end));
  }

  private void place(String text, Place place) {
    Buffer buffer = place.buffer();
    int id = buffer.id();
    boolean declared =
        id >= 0 && id < kernel.buffers().size() && kernel.buffers().get(id).equals(buffer);
    require(declared, text, "buffers are declared by the kernel: %s is not", buffer);
    index(text, place.index());
  }

  private void index(String text, Index index) {
    dim(text, index.offset());
    int previous = -1;
    for (Index.Term term : index.terms()) {
      int variable = term.variable();
      require(variable > previous, text, "variables of an index ascend: %s", index);
      require(visible.contains(variable), text, "i%d is used before it is set", variable);
      require(indices.contains(variable), text, "v%d is not an index variable", variable);
      require(!term.factor().is(0), text, "factors are not 0: i%d", variable);
      dim(text, term.factor());
      previous = variable;
    }
  }

  private void dim(String text, Dim dim) {
    for (Dim.Symbol symbol : dim.symbols()) {
      boolean declared = number(symbol) < kernel.dims();
      require(declared, text, "%s is not among the %d dims", symbol.name(), kernel.dims());
    }
  }

  private DType value(String text, int variable) {
    require(visible.contains(variable), text, "v%d is used before it is set", variable);
    DType type = types.get(variable);
    if (type == null) {
      throw broken(text, "i%d is an index and not a value", variable);
    }
    return type;
  }

  private void type(String text, int variable, DType wanted) {
    DType found = value(text, variable);
    require(found == wanted, text, "v%d must be %s, is %s", variable, wanted, found);
  }

  private void define(String text, int variable) {
    require(set.add(variable), text, "a variable is set once: %d is set before", variable);
    visible.add(variable);
  }

  private static void require(boolean holds, String text, String rule, Object... who) {
    if (!holds) {
      throw broken(text, rule, who);
    }
  }

  private static IllegalArgumentException broken(String text, String rule, Object... who) {
    return new IllegalArgumentException("kernel: " + rule.formatted(who) + ": " + text);
  }

  /** First line of a statement: the second line of a kernel that has only that statement. */
  private static String text(Statement statement) {
    var alone = new Kernel(List.of(), 0, Dim.ONE, List.of(statement));
    return alone.toString().lines().skip(1).findFirst().orElseThrow().strip();
  }
}
