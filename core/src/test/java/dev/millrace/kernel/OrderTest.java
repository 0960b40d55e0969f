package dev.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.kernel.Buffer.Role;
import dev.millrace.kernel.Statement.Order;
import dev.millrace.kernel.Statement.Place;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The statement that puts positions in the order of elements. */
class OrderTest {
  private static final Dim COUNT = Kernel.dim(0);
  private static final Index ROW = Index.ofVariable(Kernel.TASK).times(COUNT);
  private static final Buffer IN = buffer(0, DType.FLOAT64, Role.INPUT, COUNT.times(2));
  private static final Buffer OUT = buffer(1, DType.INT64, Role.OUTPUT, COUNT.times(2));
  private static final Buffer SCRATCH = buffer(2, DType.INT64, Role.SCRATCH, COUNT.times(2));

  private static Buffer buffer(int id, DType dtype, Role role, Dim size) {
    return new Buffer(id, dtype, role, size);
  }

  private static Kernel kernel(boolean descending, Buffer source, Buffer target) {
    var order =
        new Order(new Place(source, ROW), COUNT, descending, new Place(target, ROW), SCRATCH);
    return new Kernel(List.of(IN, OUT, SCRATCH), 1, Dim.of(2), List.of(order));
  }

  @Test
  void isPrintedInOneLine() {
    assertEquals(
        """
        in0: FLOAT64[2*d0]
        out1: INT64[2*d0]
        tmp2: INT64[2*d0]
        for each task i0 below 2
          out1[d0*i0] = descending order of d0 from in0[d0*i0] with tmp2
        """,
        kernel(true, IN, OUT).toString());
  }

  @Test
  void writesPositionsOfEachRow() {
    double[] rows = {2, Double.NaN, -1, 0.0, -0.0, 0.0};
    long[] positions = new long[6];
    Interpreter.run(kernel(false, IN, OUT), new Object[] {rows, positions, null}, new int[] {3});
    assertArrayEquals(new long[] {2, 0, 1, 0, 1, 2}, positions);
    Interpreter.run(kernel(true, IN, OUT), new Object[] {rows, positions, null}, new int[] {3});
    assertArrayEquals(new long[] {1, 0, 2, 0, 1, 2}, positions);
  }

  @Test
  void needsThreeBuffersAndPositionsOfItsType() {
    String line = "kernel: %s: %s[d0*i0] = ascending order of d0 from %s[d0*i0] with tmp2";
    assertBroken(
        line.formatted("source, target and scratch are different buffers", "out1", "out1"),
        kernel(false, OUT, OUT));
    assertBroken(
        line.formatted("only outputs and scratch are written, found in0", "in0", "out1"),
        kernel(false, OUT, IN));
  }

  private static void assertBroken(String message, Kernel kernel) {
    var error = assertThrows(IllegalArgumentException.class, () -> Validator.check(kernel));
    assertEquals(message, error.getMessage());
  }
}
