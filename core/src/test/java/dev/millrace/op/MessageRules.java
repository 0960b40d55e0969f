package dev.millrace.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.Executable;

/** Collects what messages say of broken rules. */
abstract class MessageRules {
  final Graph graph = new Graph();
  final List<DynamicTest> tests = new ArrayList<>();

  Value named(String name, DType dtype, long... dims) {
    return graph.placeholder(dtype, Shape.of(dims)).named(name);
  }

  /** Registers that {@code broken} says {@code text}; origins read HERE. */
  void rule(String text, Executable broken) {
    tests.add(
        DynamicTest.dynamicTest(
            text,
            () -> {
              String message = assertThrows(MillraceException.class, broken).getMessage();
              assertEquals(text, message.replaceAll("\\w+\\.java:\\d+", "HERE"));
            }));
  }
}
