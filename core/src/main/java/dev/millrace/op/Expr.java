package dev.millrace.op;

import static dev.millrace.op.ElementwiseFunctions.like;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * A symbolic value of a graph: what a tensor will be once the graph runs. Methods record further
 * operations and return their values; each does what the function of the same name does.
 *
 * <p>Shapes broadcast as in NumPy: dims are aligned at the end, and a dim of 1 is repeated.
 */
public interface Expr {
  /** Type of the elements and shape. */
  Type type();

  /** Name in messages and in the graph's text. */
  String name();

  /** Gives this value a name of its own; names are unique in a graph. */
  Expr named(String name);

  /** Line of the program that made this value, as {@code Tutorial.java:9}. */
  String origin();

  /** The graph. */
  Recorder recorder();

  /** The op that computes this; empty for placeholders, variables and constants. */
  Optional<Op> op();

  /** The value, if this is a constant. */
  Optional<Tensor> constant();

  /** What {@link #op} is applied to. */
  List<Expr> operands();

  /** Type of the elements. */
  default DType dtype() {
    return type().dtype();
  }

  /** Shape, with every dim that is known by now. */
  default Shape shape() {
    return type().shape();
  }

  /** {@code this + other}. */
  default Expr plus(Expr other) {
    return ElementwiseFunctions.add(this, other);
  }

  /** {@code this + number}. */
  default Expr plus(double number) {
    return plus(like(this, number));
  }

  /** {@code this - other}. */
  default Expr minus(Expr other) {
    return ElementwiseFunctions.subtract(this, other);
  }

  /** {@code this - number}. */
  default Expr minus(double number) {
    return minus(like(this, number));
  }

  /** {@code this * other}, element by element. */
  default Expr times(Expr other) {
    return ElementwiseFunctions.multiply(this, other);
  }

  /** {@code this * number}. */
  default Expr times(double number) {
    return times(like(this, number));
  }

  /** {@code this / other}, element by element. */
  default Expr dividedBy(Expr other) {
    return ElementwiseFunctions.divide(this, other);
  }

  /** {@code this / number}. */
  default Expr dividedBy(double number) {
    return dividedBy(like(this, number));
  }

  /** {@code this} to the power of {@code exponent}. */
  default Expr pow(Expr exponent) {
    return ElementwiseFunctions.pow(this, exponent);
  }

  /** {@code this} to the power of {@code exponent}. */
  default Expr pow(double exponent) {
    return pow(like(this, exponent));
  }

  /** {@code -this}. */
  default Expr negate() {
    return ElementwiseFunctions.negate(this);
  }

  /** {@code |this|}. */
  default Expr abs() {
    return ElementwiseFunctions.abs(this);
  }

  /** -1, 0 or 1. */
  default Expr sign() {
    return ElementwiseFunctions.sign(this);
  }

  /** {@code this * this}. */
  default Expr square() {
    return times(this);
  }

  /** Square root. */
  default Expr sqrt() {
    return ElementwiseFunctions.sqrt(this);
  }

  /** {@code e^this}. */
  default Expr exp() {
    return ElementwiseFunctions.exp(this);
  }

  /** Natural logarithm. */
  default Expr log() {
    return ElementwiseFunctions.log(this);
  }

  /** Sine. */
  default Expr sin() {
    return ElementwiseFunctions.sin(this);
  }

  /** Cosine. */
  default Expr cos() {
    return ElementwiseFunctions.cos(this);
  }

  /** Hyperbolic tangent. */
  default Expr tanh() {
    return ElementwiseFunctions.tanh(this);
  }

  /** {@code 1 / (1 + exp(-this))}. */
  default Expr logistic() {
    return ElementwiseFunctions.logistic(this);
  }

  /** {@code max(this, 0)}. */
  default Expr relu() {
    return ElementwiseFunctions.relu(this);
  }

  /** Greatest integer not above. */
  default Expr floor() {
    return ElementwiseFunctions.floor(this);
  }

  /** {@code !this} of a bool value. */
  default Expr not() {
    return ElementwiseFunctions.not(this);
  }

  /** Whether elements are equal; not {@link Object#equals}. */
  default Expr equalTo(Expr other) {
    return ElementwiseFunctions.equal(this, other);
  }

  /** {@code this > other}. */
  default Expr greater(Expr other) {
    return ElementwiseFunctions.greater(this, other);
  }

  /** {@code this > number}. */
  default Expr greater(double number) {
    return greater(like(this, number));
  }

  /** {@code this < other}. */
  default Expr less(Expr other) {
    return ElementwiseFunctions.less(this, other);
  }

  /** {@code this < number}. */
  default Expr less(double number) {
    return less(like(this, number));
  }

  /** Conversion to another type. */
  default Expr cast(DType dtype) {
    return ElementwiseFunctions.cast(this, dtype);
  }

  /** Matrix product. */
  default Expr matmul(Expr other) {
    return MovementFunctions.matmul(this, other);
  }

  /** Softmax over the last axis. */
  default Expr softmax() {
    return NeuralFunctions.softmax(this);
  }

  /** Logarithm of softmax over the last axis. */
  default Expr logSoftmax() {
    return NeuralFunctions.logSoftmax(this);
  }

  /** Sum over {@code axes}, or over all. */
  default Expr sum(int... axes) {
    return ReductionFunctions.reduceSum(this, axes);
  }

  /** Mean over {@code axes}, or over all. */
  default Expr mean(int... axes) {
    return ReductionFunctions.reduceMean(this, axes);
  }

  /** The last two axes swapped. */
  default Expr transpose() {
    return MovementFunctions.transpose(this);
  }

  /** The same elements in another shape; one dim may be -1, to be worked out. */
  default Expr reshape(long... dims) {
    return MovementFunctions.reshape(this, dims);
  }

  /** Repeated to this shape. */
  default Expr broadcastTo(Shape shape) {
    return MovementFunctions.broadcastTo(this, shape);
  }
}
