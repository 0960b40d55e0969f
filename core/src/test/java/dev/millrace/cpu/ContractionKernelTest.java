package dev.millrace.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millrace.kernel.Buffer;
import dev.millrace.kernel.Buffer.Role;
import dev.millrace.kernel.Interpreter;
import dev.millrace.kernel.Kernel;
import java.lang.reflect.Array;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Both compiled forms of contractions against the interpreter, bit for bit. {@code
 * -Dmillrace.fuzz=N} sets how many, {@code -Dmillrace.fuzz.seed=S} the first seed.
 */
@Tag("kernels")
class ContractionKernelTest {
  private static final int COUNT = Integer.getInteger("millrace.fuzz", 300);
  private static final long FIRST = Long.getLong("millrace.fuzz.seed", 0);

  @Test
  void bothFormsAgreeWithTheInterpreterOnRandomNests() {
    for (long seed = FIRST; seed < FIRST + COUNT; seed++) {
      RandomContractions.Case random = RandomContractions.of(seed);
      Object[] expected = arrays(random, seed);
      Interpreter.run(random.kernel(), expected, random.dims());
      for (Form form : Form.values()) {
        Object[] found = arrays(random, seed);
        KernelCode code =
            Scratch.around(random.kernel(), KernelCompiler.compile(random.kernel(), form));
        int tasks = (int) Extent.of(random.kernel().tasks()).evaluate(random.dims());
        code.run(found, random.dims(), tasks / 2, tasks);
        code.run(found, random.dims(), 0, tasks / 2);
        compare(random.kernel(), expected, found, form + " of seed " + seed);
      }
    }
  }

  @Test
  void tilesOfRandomNestsWarmUpOnDataOfTheirOwn() {
    assumeTrue(KernelCompiler.hasVectors(), "needs the vector module");
    for (long seed = FIRST; seed < FIRST + 30; seed++) {
      Kernel kernel = RandomContractions.of(seed).kernel();
      for (SharedCode shared :
          KernelCompiler.compileVectors(kernel)
              .map(KernelCompiler.VectorForm::shared)
              .orElse(List.of())) {
        if (shared instanceof TileKind kind) {
          assertDoesNotThrow(() -> new TileWarmUp(kind).call(), kind::toString);
        }
      }
    }
  }

  private static void compare(Kernel kernel, Object[] expected, Object[] found, String who) {
    String message = who + ":\n" + kernel;
    for (int i = 0; i < expected.length; i++) {
      switch (expected[i]) {
        case float[] floats -> assertArrayEquals(floats, (float[]) found[i], message);
        case double[] doubles -> assertArrayEquals(doubles, (double[]) found[i], message);
        default -> assertArrayEquals((int[]) expected[i], (int[]) found[i], message);
      }
    }
    assertEquals(expected.length, found.length);
  }

  private static Object[] arrays(RandomContractions.Case random, long seed) {
    var numbers = new Random(seed);
    var arrays = new Object[random.kernel().buffers().size()];
    for (Buffer buffer : random.kernel().buffers()) {
      int size = (int) Extent.of(buffer.size()).evaluate(random.dims());
      Object array = buffer.dtype().newArray(size);
      for (int i = 0; buffer.role() == Role.INPUT && i < size; i++) {
        set(array, i, numbers.nextInt(-1000, 1000) / 64.0);
      }
      arrays[buffer.id()] = array;
    }
    return arrays;
  }

  private static void set(Object array, int i, double value) {
    switch (array) {
      case float[] floats -> floats[i] = (float) value;
      case double[] doubles -> doubles[i] = value;
      default -> Array.setInt(array, i, (int) value);
    }
  }
}
