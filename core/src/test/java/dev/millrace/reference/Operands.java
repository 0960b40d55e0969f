package dev.millrace.reference;

import dev.millrace.graph.Graph;
import dev.millrace.op.Expr;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Shape;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The inputs of a case as values of a graph, by their names, and the case's attributes.
 *
 * @param isSecond whether the case has second derivatives, for which some operations are others
 * @param outputs what the case gives: sizes that depend on data are known from that alone
 */
record Operands(
    Graph graph,
    DType dtype,
    Map<String, Expr> values,
    Json attributes,
    boolean isSecond,
    Json outputs) {
  Expr get(String name) {
    return values.get(name);
  }

  Expr x() {
    return get("x");
  }

  Expr a() {
    return get("a");
  }

  Expr b() {
    return get("b");
  }

  double number(String attribute) {
    return attributes.get(attribute).number();
  }

  double number(String attribute, double otherwise) {
    return attributes.get(attribute).number(otherwise);
  }

  boolean has(String input) {
    return values.containsKey(input);
  }

  int[] integers(String attribute) {
    return attributes.get(attribute).integers();
  }

  /** Whole numbers of a list, as sizes. */
  long[] sizes(String attribute) {
    return IntStream.of(integers(attribute)).asLongStream().toArray();
  }

  /** A whole number, or what holds where there is none. */
  int integer(String attribute, int otherwise) {
    return (int) attributes.get(attribute).number(otherwise);
  }

  boolean flag(String attribute) {
    return attributes.get(attribute).isTrue();
  }

  /** A word, or what holds where there is none. */
  String word(String attribute, String otherwise) {
    Json word = attributes.get(attribute);
    return word.isAbsent() ? otherwise : word.text();
  }

  /** The axes of a reduction; none means all. */
  int[] axes() {
    Json axes = attributes.get("axes");
    return axes.isAbsent() ? new int[0] : axes.integers();
  }

  /** A constant of the case's type. */
  Expr constant(Shape shape, double... values) {
    return graph.constant(ReferenceCase.floats(shape, values, dtype));
  }

  /** A constant vector of the case's type. */
  Expr vector(int size, IntToDoubleFunction element) {
    return constant(Shape.of(size), IntStream.range(0, size).mapToDouble(element).toArray());
  }

  /** Size of an axis. */
  static int size(Expr x, int axis) {
    return (int) x.shape().dim(axis).value();
  }
}
