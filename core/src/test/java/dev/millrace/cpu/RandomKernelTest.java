package dev.millrace.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.millrace.kernel.Buffer;
import dev.millrace.kernel.Buffer.Role;
import dev.millrace.kernel.Interpreter;
import dev.millrace.tensor.IndexException;
import java.lang.reflect.Array;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Both compiled forms against the interpreter on random kernels. {@code -Dmillrace.fuzz=N} sets how
 * many, {@code -Dmillrace.fuzz.seed=S} the first seed (a failure names its own).
 */
@Tag("kernels")
class RandomKernelTest {
  private static final int COUNT = Integer.getInteger("millrace.fuzz", 400);
  private static final long FIRST = Long.getLong("millrace.fuzz.seed", 0);

  /** Relative distance at which a loose value may lie: about 16 ulp of a float. */
  private static final double TOLERANCE = 2e-6;

  /** Where floats are subnormal, ulp are large. */
  private static final double SMALL = 1e-37;

  /** What a kernel leaves in its arrays, or how it ends. */
  private record Outcome(List<Object> arrays, Optional<Class<?>> failure) {}

  @Test
  void compiledFormsAgreeWithTheInterpreterOnRandomKernels() {
    for (long seed = FIRST; seed < FIRST + COUNT; seed++) {
      RandomCase random = RandomKernels.of(seed);
      Outcome expected =
          outcome(
              random,
              arrays -> Interpreter.run(random.kernel(), arrays, random.dimArguments()),
              "oracle");
      Outcome scalar = compiled(random, Form.SCALAR);
      Outcome vector = compiled(random, Form.VECTOR);
      assertEquals(expected.failure, scalar.failure, () -> "scalar at " + random);
      assertEquals(expected.failure, vector.failure, () -> "vector at " + random);
      if (expected.failure.isEmpty()) {
        compare(random, expected.arrays, scalar.arrays, vector.arrays);
      }
    }
  }

  /** Runs the tasks in two chunks, the later one first: they must not depend on each other. */
  private static Outcome compiled(RandomCase random, Form form) {
    int tasks = random.value(random.kernel().tasks());
    int middle = new SplittableRandom(random.seed()).nextInt(tasks + 1);
    return outcome(
        random,
        arrays -> {
          KernelCode code = KernelCompiler.compile(random.kernel(), form);
          code.run(arrays, random.dimArguments(), middle, tasks);
          code.run(arrays, random.dimArguments(), 0, middle);
        },
        form.toString());
  }

  /** Only a wrong index and a division by 0 are ways to end; anything else is an error here. */
  private static Outcome outcome(RandomCase random, Consumer<Object[]> run, String who) {
    Object[] arrays = random.arrays();
    try {
      run.accept(arrays);
      return new Outcome(List.of(arrays), Optional.empty());
    } catch (IndexException | ArithmeticException e) {
      return new Outcome(List.of(arrays), Optional.of(e.getClass()));
    } catch (RuntimeException | LinkageError e) {
      throw new AssertionError(who + " throws " + e + " at " + random, e);
    }
  }

  private static void compare(
      RandomCase random, List<Object> expected, List<Object> scalar, List<Object> vector) {
    for (Buffer buffer : random.kernel().buffers()) {
      int id = buffer.id();
      boolean loose = random.loose().contains(buffer);
      if (buffer.role() != Role.SCRATCH) {
        assertSame(random, buffer, "scalar", expected.get(id), scalar.get(id), loose);
        assertSame(random, buffer, "vector", expected.get(id), vector.get(id), loose);
        assertSame(random, buffer, "vector and not scalar", scalar.get(id), vector.get(id), false);
      }
    }
  }

  private static void assertSame(
      RandomCase random, Buffer buffer, String who, Object expected, Object actual, boolean loose) {
    for (int i = 0; i < Array.getLength(expected); i++) {
      Object a = Array.get(expected, i);
      Object b = Array.get(actual, i);
      // Boxed floats are equal if their bits are, and NaN equals NaN.
      if (!a.equals(b) && !(loose && close((Number) a, (Number) b))) {
        String at = buffer + "[" + i + "]";
        fail("%s: %s is %s, expected %s at %s".formatted(who, at, b, a, random));
      }
    }
  }

  private static boolean close(Number a, Number b) {
    double expected = a.doubleValue();
    return Math.abs(expected - b.doubleValue()) <= Math.abs(expected) * TOLERANCE + SMALL;
  }
}
