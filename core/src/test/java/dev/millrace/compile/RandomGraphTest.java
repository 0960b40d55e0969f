package dev.millrace.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.compile.ProgramRunner.Engine;
import dev.millrace.compile.RandomGraph.Node;
import dev.millrace.graph.Body;
import dev.millrace.graph.Equation;
import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.op.Expr;
import dev.millrace.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random graphs: what is compiled as a whole against every equation compiled alone. */
@Tag("kernels")
class RandomGraphTest {
  private static final int GRAPHS = Integer.getInteger("millrace.graphs", 150);
  private static final long FIRST = Long.getLong("millrace.firstGraph", 1);

  @Test
  void interpretedProgramsAgreeWithEquationsRunOneByOne() {
    for (long seed = FIRST; seed < FIRST + GRAPHS; seed++) {
      check(seed, Engine.INTERPRETER);
    }
  }

  @Test
  void scalarProgramsAgreeWithEquationsRunOneByOne() {
    for (long seed = FIRST; seed < FIRST + GRAPHS; seed++) {
      check(seed, Engine.SCALAR);
    }
  }

  @Test
  void vectorProgramsAgreeWithEquationsRunOneByOne() {
    for (long seed = FIRST; seed < FIRST + GRAPHS; seed++) {
      check(seed, Engine.VECTOR);
    }
  }

  private static void check(long seed, Engine engine) {
    var whole = RandomGraph.of(seed, true);
    var alone = RandomGraph.of(seed, false);
    List<Value> wanted = values(whole);
    Program program = Compiler.compile(wanted);
    Supplier<String> text = () -> "graph " + seed + "\n" + Body.of(wanted) + "\n" + program;
    List<Tensor> found;
    try {
      found = ProgramRunner.run(program, whole.feeds(), engine);
    } catch (RuntimeException | LinkageError failed) {
      throw new AssertionError(text.get(), failed);
    }
    List<Tensor> expected = oneByOne(alone);
    for (int i = 0; i < wanted.size(); i++) {
      int number = i;
      Node node = whole.fetches().get(i);
      assertClose(
          expected.get(i),
          found.get(i),
          node.exact(),
          () -> "result " + number + " " + node.value().name() + " of " + text.get());
    }
  }

  private static List<Value> values(RandomGraph graph) {
    return graph.fetches().stream().map(node -> (Value) node.value()).toList();
  }

  /** Every equation in a graph of its own, fed with the results of the others. */
  private static List<Tensor> oneByOne(RandomGraph graph) {
    var known = new HashMap<Value, Tensor>(graph.feeds());
    for (Equation equation : Body.of(values(graph)).equations()) {
      var own = new Graph();
      var inputs = new HashMap<Value, Tensor>();
      var operands = new ArrayList<Expr>();
      for (Value operand : equation.operands()) {
        Tensor content = operand.constant().orElseGet(() -> known.get(operand));
        Value placeholder = own.placeholder(content.dtype(), content.shape());
        inputs.put(placeholder, content);
        operands.add(placeholder);
      }
      Value result = own.apply(equation.op(), operands);
      known.put(equation.result(), runAlone(result, inputs));
    }
    return values(graph).stream()
        .map(value -> value.constant().orElseGet(() -> known.get(value)))
        .toList();
  }

  private static Tensor runAlone(Value result, Map<Value, Tensor> inputs) {
    Program program = Compiler.compile(List.of(result));
    return ProgramRunner.run(program, inputs, Engine.INTERPRETER).getFirst();
  }

  private static void assertClose(
      Tensor expected, Tensor found, boolean exact, Supplier<String> text) {
    assertEquals(expected.shape(), found.shape(), text);
    if (exact) {
      assertEquals(expected, found, text);
      return;
    }
    for (int i = 0; i < expected.size(); i++) {
      double a = expected.doubleAt(i);
      double b = found.doubleAt(i);
      boolean close = Double.compare(a, b) == 0 || Math.abs(a - b) <= 2e-4 * (1 + Math.abs(a));
      int at = i;
      assertTrue(close, () -> "element " + at + " is " + b + ", not " + a + ", " + text.get());
    }
  }
}
