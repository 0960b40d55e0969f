package dev.millrace.compile;

import dev.millrace.graph.Value;
import dev.millrace.op.Expr;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the compiler makes of expressions, for tests. */
final class Compiled {
  private Compiled() {}

  static Program program(Expr... results) {
    return Compiler.compile(Stream.of(results).map(Value.class::cast).toList());
  }

  /** The names of the values that each kernel computes. */
  static List<String> members(Program program) {
    return program.steps().stream()
        .map(step -> step.values().stream().map(Value::name).collect(Collectors.joining(", ")))
        .toList();
  }

  static List<String> members(Expr... results) {
    return members(program(results));
  }
}
