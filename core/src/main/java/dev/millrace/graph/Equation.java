package dev.millrace.graph;

import dev.millrace.op.Definition;
import dev.millrace.op.Op;
import dev.millrace.op.Type;
import java.util.List;

/** {@code result = op(operands)}; every operand is an input of the graph or an earlier result. */
public record Equation(Op op, List<Value> operands, Value result) {
  public Equation {
    operands = List.copyOf(operands);
  }

  /** What the result's elements are. */
  public Definition definition() {
    List<Type> types = operands.stream().map(Value::type).toList();
    return op.define(types, result.type());
  }

  /** {@code y = matmul x W : FLOAT32 [?, 10]}. */
  @Override
  public String toString() {
    var text = new StringBuilder(result.name()).append(" = ").append(op);
    operands.forEach(operand -> text.append(' ').append(operand.name()));
    return text.append(" : ").append(result.type()).toString();
  }
}
