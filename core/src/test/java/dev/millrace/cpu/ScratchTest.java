package dev.millrace.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.kernel.Buffer.Role;
import dev.millrace.kernel.Kernel;
import dev.millrace.kernel.KernelSketch;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Scratch arrays: of one run at a time, long enough, kept. */
class ScratchTest {
  private static final int ROUNDS = 3000;

  /** Buffer 0 is scratch of {@code d0} elements, buffer 1 what the caller gives. */
  private static Kernel kernel() {
    var sketch = new KernelSketch();
    sketch.buffer(Role.SCRATCH, DType.FLOAT32, Kernel.dim(0));
    sketch.out(DType.FLOAT32, 1);
    return sketch.kernel(1, Dim.ONE);
  }

  /** Fails where another run writes to the same scratch. */
  private static void fillAndCheck(Object[] buffers, int[] dims, int begin, int end) {
    var scratch = (float[]) buffers[0];
    var mark = (float[]) buffers[1];
    assertTrue(scratch.length >= dims[0], "long enough");
    for (int i = 0; i < dims[0]; i++) {
      scratch[i] = mark[0];
    }
    Thread.yield();
    for (int i = 0; i < dims[0]; i++) {
      assertEquals(mark[0], scratch[i], "nobody else writes");
    }
  }

  @Test
  void runsAtOnceHaveArraysOfTheirOwn() throws Exception {
    KernelCode code = Scratch.around(kernel(), ScratchTest::fillAndCheck);
    var callers = new ArrayList<Callable<Void>>();
    for (int caller = 0; caller < 6; caller++) {
      float mark = caller + 1;
      callers.add(() -> {
        for (int i = 0; i < ROUNDS; i++) {
          code.run(new Object[] {null, new float[] {mark}}, new int[] {1 + i % 50}, 0, 1);
        }
        return null;
      });
    }
    try (var threads = Executors.newFixedThreadPool(callers.size())) {
      for (Future<Void> done : threads.invokeAll(callers)) {
        done.get();
      }
    }
  }

  @Test
  void arraysAreKeptAndGrow() {
    var seen = new ArrayList<Object>();
    KernelCode code = Scratch.around(kernel(), (buffers, dims, begin, end) -> seen.add(buffers[0]));
    for (int size : new int[] {10, 10, 7, 20, 10}) {
      code.run(new Object[] {null, new float[1]}, new int[] {size}, 0, 1);
    }
    assertSame(seen.get(0), seen.get(1));
    assertSame(seen.get(0), seen.get(2));
    assertNotSame(seen.get(0), seen.get(3));
    assertSame(seen.get(3), seen.get(4));
  }

  @Test
  void aRunThatThrowsGivesItsArraysBackAndTheCallersArraysAreForgotten() {
    var seen = new ArrayList<Object[]>();
    KernelCode code =
        Scratch.around(
            kernel(),
            (buffers, dims, begin, end) -> {
              seen.add(buffers);
              throw new ArithmeticException("/ by zero");
            });
    Object[] arrays = {null, new float[1]};
    for (int i = 0; i < 2; i++) {
      assertThrows(ArithmeticException.class, () -> code.run(arrays, new int[] {4}, 0, 1));
    }
    assertSame(seen.getFirst(), seen.getLast());
    assertEquals(4, ((float[]) seen.getFirst()[0]).length);
    assertNull(seen.getFirst()[1]);
  }

  @Test
  void codeWithoutScratchIsLeftAsItIs() {
    var sketch = new KernelSketch();
    sketch.out(DType.FLOAT32, 1);
    KernelCode code = (buffers, dims, begin, end) -> {};
    assertSame(code, Scratch.around(sketch.kernel(0, Dim.ONE), code));
  }
}
