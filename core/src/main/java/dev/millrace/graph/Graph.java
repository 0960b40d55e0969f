package dev.millrace.graph;

import dev.millrace.kernel.Philox;
import dev.millrace.op.Broadcast;
import dev.millrace.op.Bundle;
import dev.millrace.op.Expr;
import dev.millrace.op.Op;
import dev.millrace.op.Recorder;
import dev.millrace.op.StableForms;
import dev.millrace.op.Type;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Tensor;
import dev.millrace.tensor.Unification;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A computation described by symbolic values; a {@code Session} runs it.
 *
 * <p>Values are only ever added. A graph is built by one thread at a time; once it is built, any
 * number of sessions and threads may run it.
 */
public final class Graph implements Recorder {
  /** An odd number of which no multiples below 2^31 apart lie near each other. */
  private static final long SPREAD_OF_RUNS = 0x9E3779B97F4A7C15L;

  private final long seed;
  private final Unification dims = new Unification();
  private final List<Value> values = new ArrayList<>();
  private final List<Variable> variables = new ArrayList<>();
  private final Map<String, Value> names = new HashMap<>();
  private final Map<String, Integer> nameCounts = new HashMap<>();
  private final Map<List<Object>, Value> scalars = new HashMap<>();
  private final BitSet derivatives = new BitSet();
  private final List<Value> run = new ArrayList<>(1);
  private final Deque<Value> iterations = new ArrayDeque<>();
  private long seeds;

  /** An empty graph whose random operations have the seed 0. */
  public Graph() {
    this(0);
  }

  /** An empty graph; random operations draw what follows from {@code seed}. */
  public Graph(long seed) {
    this.seed = seed;
  }

  /** Seed of the random operations. */
  public long seed() {
    return seed;
  }

  /**
   * A value that is fed in each run.
   *
   * @param shape dims that are {@code ANY} may differ from run to run
   */
  public synchronized Value placeholder(DType dtype, Shape shape) {
    Objects.requireNonNull(dtype, "placeholder: the dtype is null");
    Objects.requireNonNull(shape, "placeholder: the shape is null");
    checkSize("placeholder", shape, List.of());
    Type type = new Type(dtype, shape.map(Graph::fresh));
    return add("placeholder", name -> value(Value.Kind.PLACEHOLDER, type, List.of(), name));
  }

  /** A parameter of a region: a value of this type that each call of the region gives. */
  public synchronized Value parameter(String name, Type type) {
    return add(name, unused -> value(Value.Kind.PARAMETER, type, List.of(), unused));
  }

  /**
   * An unnamed unknown becomes one of its own, so that two placeholders may share a Shape object.
   */
  private static Dim fresh(Dim dim) {
    return dim.isSymbol() && dim.symbol().id() != 0 ? Dim.unknown() : dim;
  }

  /** A variable that {@link #initializeAllVariables} sets to {@code initial}. */
  public Variable variable(Tensor initial) {
    return variable(constant(initial));
  }

  /**
   * A variable that {@link #initializeAllVariables} sets to {@code initial}, such as random
   * numbers.
   *
   * @throws GraphException if the shape of {@code initial} is not known, or it depends on another
   *     variable, which has no value when all are initialised at once
   */
  public synchronized Variable variable(Expr initial) {
    Value value = own("variable", initial);
    if (!value.shape().isKnown()) {
      throw new GraphException("variable: the shape of the initial value must be known: " + value);
    }
    Body.of(List.of(value))
        .inputs()
        .filter(Variable.class::isInstance)
        .findFirst()
        .ifPresent(v -> {
          throw new GraphException(
              "variable: the initial value depends on another variable, which has no value yet then: "
                  + v
                  + "; use its initial() instead");
        });
    Variable variable =
        (Variable)
            add("variable", name -> new Variable(this, values.size(), value.type(), value, name));
    variables.add(variable);
    return variable;
  }

  /** Every variable, in the order in which they were made. */
  public synchronized List<Variable> variables() {
    return List.copyOf(variables);
  }

  /** The action that sets every variable made so far to its initial value. */
  public Action initializeAllVariables() {
    return Action.all(
        variables().stream().map(variable -> variable.assign(variable.initial())).toList());
  }

  @Override
  public synchronized Value constant(Tensor tensor) {
    Supplier<Value> make =
        () ->
            add(
                "constant",
                name ->
                    value(
                        Value.Kind.CONSTANT,
                        new Type(tensor.dtype(), tensor.shape()),
                        tensor,
                        name));
    if (tensor.shape().rank() > 0) {
      return make.get();
    }
    List<Object> key = List.of(tensor.dtype(), tensor.getDouble(), tensor.getLong());
    Value known = scalars.get(key);
    if (known == null) {
      known = make.get();
      scalars.put(key, known);
    }
    return known;
  }

  /** A float32 scalar that is always {@code number}. */
  public Value constant(float number) {
    return constant(Tensor.scalar(number));
  }

  /** The number of the run; inside of a loop, a number that also differs between iterations. */
  @Override
  public synchronized Value run() {
    if (run.isEmpty()) {
      Type type = new Type(DType.INT64, Shape.SCALAR);
      run.add(add("run", name -> value(Value.Kind.RUN, type, List.of(), name)));
    }
    Expr number = run.getFirst();
    for (Value iteration : iterations.reversed()) {
      Expr spread = number.times(constant(Tensor.scalar(SPREAD_OF_RUNS)));
      number = spread.plus(iteration.plus(constant(Tensor.scalar(1L))));
    }
    return (Value) number;
  }

  /** What {@code recording} gives, recorded as what each iteration of a loop does. */
  public synchronized <T> T inLoop(Value iteration, Supplier<T> recording) {
    iterations.push(iteration);
    try {
      return recording.get();
    } finally {
      iterations.pop();
    }
  }

  @Override
  public synchronized long nextSeed() {
    return Philox.key(seed, seeds++);
  }

  /**
   * The value of {@code op} applied to operands of this graph, recorded in its {@linkplain
   * StableForms stable form}.
   */
  @Override
  public synchronized Value apply(Op op, List<Expr> operands) {
    List<Value> own = operands.stream().map(operand -> own(op.name(), operand)).toList();
    var stable = StableForms.of(op, operands);
    if (stable.isPresent()) {
      return (Value) stable.get();
    }
    return atomically(() -> {
      Type type = op.infer(operands, dims);
      checkSize(op.name(), type.shape(), own);
      var source = new Value.Source(op, own);
      // A bundle leaves its op's name to the parts, which are what users see.
      String stem = op instanceof Bundle ? op.name() + "_bundle" : op.name();
      return add(stem, name -> value(Value.Kind.RESULT, type, source, name));
    });
  }

  private static void checkSize(String op, Shape shape, List<Value> operands) {
    if (shape.isKnown()) {
      try {
        shape.size();
      } catch (ShapeException tooLarge) {
        throw new ShapeException(
            op + ": " + tooLarge.getMessage() + (operands.isEmpty() ? "" : ": " + operands),
            tooLarge);
      }
    }
  }

  @Override
  public synchronized <T> T atomically(Supplier<T> recording) {
    int mark = dims.mark();
    try {
      return recording.get();
    } catch (RuntimeException broken) {
      dims.undo(mark);
      throw broken;
    }
  }

  @Override
  public synchronized Shape commonShape(String op, List<Expr> operands, int trailing) {
    return atomically(() -> Broadcast.common(op, operands, trailing, dims));
  }

  /**
   * {@code expression} as a value of this graph.
   *
   * @throws GraphException if it belongs to another graph
   */
  public Value own(String user, Expr expression) {
    if (expression instanceof Value value && value.graph() == this) {
      return value;
    }
    throw new GraphException(
        user
            + ": '"
            + expression.name()
            + "' ("
            + expression.origin()
            + ") belongs to another"
            + " graph; build all operands with one Graph");
  }

  /** {@code dim} with what is known by now. */
  public synchronized Dim resolve(Dim dim) {
    return dims.resolve(dim);
  }

  synchronized Shape resolve(Shape shape) {
    return dims.resolve(shape);
  }

  /** Makes two shapes of one rank the same; false where they differ. */
  public synchronized boolean unify(Shape left, Shape right) {
    int mark = dims.mark();
    for (int axis = 0; axis < left.rank(); axis++) {
      if (dims.unify(left.dim(axis), right.dim(axis)).isEmpty()) {
        dims.undo(mark);
        return false;
      }
    }
    return true;
  }

  /** What {@code recording} gives; the values that it records count as parts of a derivative. */
  public synchronized <T> T asDerivative(Supplier<T> recording) {
    int from = values.size();
    T recorded = recording.get();
    derivatives.set(from, values.size());
    return recorded;
  }

  /** Whether a value was recorded as a part of a derivative. */
  public synchronized boolean isDerivative(Value value) {
    return derivatives.get(value.id());
  }

  /** How many values there are. */
  public synchronized int size() {
    return values.size();
  }

  /** Every value, in the order in which they were made. */
  public synchronized List<Value> values() {
    return Collections.unmodifiableList(new ArrayList<>(values));
  }

  synchronized void rename(Value value, String name) {
    if (name == null || name.isBlank()) {
      throw new GraphException("name: a name has a letter at least, found '" + name + "'");
    }
    Value owner = names.putIfAbsent(name, value);
    if (owner != null && owner != value) {
      throw new GraphException("name: '" + name + "' is taken by " + owner);
    }
    names.remove(value.name(), value);
    names.put(name, value);
  }

  private Value value(Value.Kind kind, Type type, Object source, String name) {
    return new Value(this, values.size(), kind, type, source, name);
  }

  /** {@code stem}, or, where a value has that name, {@code stem_1}, {@code stem_2}, ... */
  public synchronized String unusedName(String stem) {
    int count = nameCounts.getOrDefault(stem, 0);
    String name = stem;
    while (names.containsKey(name)) {
      name = stem + "_" + ++count;
    }
    nameCounts.put(stem, count);
    return name;
  }

  private Value add(String stem, Function<String, Value> make) {
    String name = unusedName(stem);
    Value value = make.apply(name);
    names.put(name, value);
    values.add(value);
    return value;
  }

  /** The graph as text, one value a line. */
  @Override
  public String toString() {
    var text = new StringBuilder();
    for (Value value : values()) {
      String line =
          value
              .equation()
              .map(Equation::toString)
              .orElseGet(() ->
                  value.kind().name().toLowerCase(Locale.ROOT)
                      + " "
                      + value.name()
                      + " : "
                      + value.type());
      text.append(line).append('\n');
    }
    return text.toString();
  }
}
