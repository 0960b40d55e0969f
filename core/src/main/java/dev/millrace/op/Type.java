package dev.millrace.op;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Shape;

/** What is known of a symbolic value before it has one: the type of its elements and its shape. */
public record Type(DType dtype, Shape shape) {
  @Override
  public String toString() {
    return dtype + " " + shape;
  }
}
