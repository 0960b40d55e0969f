package dev.millrace.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.compile.Compiler;
import dev.millrace.compile.Program;
import dev.millrace.compile.ProgramRunner;
import dev.millrace.compile.ProgramRunner.Engine;
import dev.millrace.graph.Value;
import dev.millrace.session.Feeds;
import dev.millrace.session.Session;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Every op of the list, with every type that it takes, as bytecode of both forms against the
 * interpreter, on data with NaN, infinities, -0 and extreme integers.
 */
@Tag("kernels")
class OpKernelTest {
  private static final List<Integer> SIZES = List.of(0, 1, 7, 8, 9, 31, 257);

  /** Ops of functions that the interpreter computes in double and kernels in their own way. */
  private static final Set<String> ROUNDED =
      Set.of(
          "pow",
          "exp",
          "expm1",
          "log",
          "log1p",
          "sin",
          "cos",
          "tanh",
          "erf",
          "ndtri",
          "logistic",
          "softplus",
          "xlogy",
          "logAddExp",
          "log1mexp",
          "xlog1py",
          "cumulativeLogSumExp");

  private static final int ULPS = 8;

  @TestFactory
  Stream<DynamicTest> bytecodeAgreesWithTheInterpreter() {
    return OpList.all().stream()
        .flatMap(entry ->
            OpTableTest.types(entry).stream()
                .map(dtype -> new OpExample(entry, dtype, Dim.of("n"))))
        .filter(OpKernelTest::isOfKernelsAlone)
        .map(example -> DynamicTest.dynamicTest(example.toString(), () -> check(example)));
  }

  /**
   * Library code is the same in all forms; its results are compared with what they have to give.
   */
  private static boolean isOfKernelsAlone(OpExample example) {
    return Compiler.compile(List.of(example.result())).steps().stream()
        .allMatch(step -> step.job().isEmpty());
  }

  static void check(OpExample example) {
    Program program = Compiler.compile(List.of(example.result()));
    var session = new Session(example.graph(), 1);
    for (int n : SIZES) {
      Map<Value, Tensor> data = example.special(n, 100 + n);
      Tensor expected = run(program, data, Engine.INTERPRETER);
      Tensor scalar = run(program, data, Engine.SCALAR);
      compare(example, n, expected, scalar);
      assertEquals(
          scalar,
          run(program, data, Engine.VECTOR),
          () -> "vector form of " + example + ", n = " + n + "\n" + program);
      if (!program.inputs().contains(example.graph().run())) {
        compare(example, n, scalar, session.run(example.result(), feeds(example, data)));
      }
    }
  }

  private static Tensor run(Program program, Map<Value, Tensor> data, Engine engine) {
    return ProgramRunner.run(program, data, engine).getFirst();
  }

  private static Feeds feeds(OpExample example, Map<Value, Tensor> data) {
    Feeds feeds = Feeds.NONE;
    for (Value placeholder : example.placeholders()) {
      feeds = feeds.and(placeholder, data.get(placeholder));
    }
    return feeds;
  }

  private static double ulp(DType dtype, double a) {
    return switch (dtype) {
      case FLOAT16 -> Math.max(0x1p-24, Math.ulp((float) a) * 0x1p13) / ULPS;
      case BFLOAT16 -> Math.ulp((float) a) * 0x1p16 / ULPS;
      case FLOAT32 -> Math.ulp((float) a);
      default -> Math.ulp(a);
    };
  }

  private static void compare(OpExample example, int n, Tensor expected, Tensor actual) {
    String op = example.result().op().orElseThrow().name();
    if (!ROUNDED.contains(op)) {
      assertEquals(expected, actual, () -> example + ", n = " + n);
      return;
    }
    assertEquals(expected.shape(), actual.shape(), example::toString);
    for (int i = 0; i < expected.size(); i++) {
      int at = i;
      double a = expected.doubleAt(i);
      double b = actual.doubleAt(i);
      double ulp = ulp(expected.dtype(), a);
      assertTrue(
          Double.compare(a, b) == 0 || Math.abs(a - b) <= ULPS * ulp,
          () -> example + ", n = " + n + ": element " + at + " is " + b + ", not " + a);
    }
  }
}
