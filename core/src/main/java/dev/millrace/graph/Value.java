package dev.millrace.graph;

import dev.millrace.op.Expr;
import dev.millrace.op.Op;
import dev.millrace.op.Type;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** A value of one graph, compared by identity. */
public sealed class Value implements Expr permits Variable {
  /** Where a value comes from. */
  public enum Kind {
    /** Fed by the caller of a run. */
    PLACEHOLDER,
    /** Kept by the session from run to run. */
    VARIABLE,
    /** The same tensor always. */
    CONSTANT,
    /** The number of the run. */
    RUN,
    /** What each call of a region gives anew, such as the state of a loop. */
    PARAMETER,
    /** Computed by an {@link Equation}. */
    RESULT
  }

  private final Graph graph;
  private final int id;
  private final Kind kind;
  private final Type type;
  private final Object source;
  private final String origin;
  private String name;

  /**
   * A value of {@code graph}.
   *
   * @param source the op's call of a result, the tensor of a constant
   */
  Value(Graph graph, int id, Kind kind, Type type, Object source, String name) {
    this.graph = graph;
    this.id = id;
    this.kind = kind;
    this.type = type;
    this.source = source;
    this.name = name;
    this.origin = Origin.ofCaller();
  }

  private Value(Value like, Kind kind, Type type, Object source, String name) {
    this.graph = like.graph;
    this.id = like.id;
    this.kind = kind;
    this.type = type;
    this.source = source;
    this.name = name;
    this.origin = like.origin;
  }

  /**
   * What {@code op} computes, as a value that only a compiled program has: it is not recorded, and
   * counts as made by the line that made this one. Its type is this one's with another shape.
   */
  public Value instead(Op op, List<Value> operands, Shape shape) {
    return instead(op, operands, new Type(type.dtype(), shape));
  }

  /** The same, of another type. */
  public Value instead(Op op, List<Value> operands, Type changed) {
    return new Value(this, Kind.RESULT, changed, new Source(op, operands), name + "'");
  }

  /** This value as something that is given, for the program of a region that uses it. */
  public Value asGiven() {
    return new Value(this, Kind.PARAMETER, type, List.of(), name);
  }

  /** What computes a {@link Kind#RESULT}. */
  record Source(Op op, List<Value> operands) {}

  /** Where the value comes from. */
  public Kind kind() {
    return kind;
  }

  /** The graph. */
  public Graph graph() {
    return graph;
  }

  /** Position in the order in which the graph's values were made; operands come before results. */
  public int id() {
    return id;
  }

  @Override
  public Type type() {
    return new Type(type.dtype(), graph.resolve(type.shape()));
  }

  @Override
  public DType dtype() {
    return type.dtype();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Value named(String newName) {
    graph.rename(this, newName);
    name = newName;
    return this;
  }

  @Override
  public String origin() {
    return origin;
  }

  @Override
  public Graph recorder() {
    return graph;
  }

  @Override
  public Optional<Op> op() {
    return source instanceof Source computed ? Optional.of(computed.op) : Optional.empty();
  }

  @Override
  public List<Expr> operands() {
    return source instanceof Source computed ? List.copyOf(computed.operands) : List.of();
  }

  @Override
  public Optional<Tensor> constant() {
    return source instanceof Tensor tensor ? Optional.of(tensor) : Optional.empty();
  }

  /** The equation that computes a {@link Kind#RESULT}. */
  public Optional<Equation> equation() {
    return source instanceof Source computed
        ? Optional.of(new Equation(computed.op, computed.operands, this))
        : Optional.empty();
  }

  /** Name, type and origin. */
  @Override
  public String toString() {
    return name + ": " + type() + " (" + origin + ")";
  }
}
