package dev.millrace.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.millrace.kernel.Buffer;
import dev.millrace.kernel.Buffer.Role;
import dev.millrace.kernel.Index;
import dev.millrace.kernel.Interpreter;
import dev.millrace.kernel.Kernel;
import dev.millrace.kernel.KernelSketch;
import dev.millrace.kernel.Scalar;
import dev.millrace.kernel.Statement.Range;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import java.lang.reflect.Array;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Draws are those of their elements, wherever in a block of the generator a loop begins. */
@Tag("kernels")
final class DrawBatchTest {
  private static final long KEY = 0x9876_5432_1234_5678L;
  private static final int[] LENGTHS = {1, 3, 16, 63, 64, 65, 200};

  /** Rows of {@code d0} draws, the first one being that of element {@code first}. */
  private static Kernel rows(DType dtype, int first) {
    Dim columns = Kernel.dim(0);
    var sketch = new KernelSketch();
    Buffer out = sketch.buffer(Role.OUTPUT, dtype, columns.times(3));
    Buffer runs = sketch.buffer(Role.INPUT, DType.INT64, Dim.ONE);
    sketch.loop(
        Range.upTo(columns),
        i -> {
          Index at = Index.ofVariable(Kernel.TASK).times(columns).plus(Index.ofVariable(i));
          int run = sketch.load(runs, Index.ZERO);
          int draw = sketch.let(new Scalar.Draw(dtype, KEY, run, at.plus(Dim.of(first))));
          sketch.store(out, at, draw);
        });
    return sketch.kernel(1, Dim.of(3));
  }

  enum Drawn {
    FLOAT32(DType.FLOAT32),
    FLOAT64(DType.FLOAT64);

    private final DType dtype;

    Drawn(DType dtype) {
      this.dtype = dtype;
    }
  }

  @ParameterizedTest
  @EnumSource
  void bothFormsDrawWhatTheInterpreterDraws(Drawn drawn) {
    for (int first = 0; first < 6; first++) {
      Kernel kernel = rows(drawn.dtype, first);
      KernelCode scalar = KernelCompiler.compile(kernel, Form.SCALAR);
      KernelCode vector = KernelCompiler.compile(kernel, Form.VECTOR);
      for (int length : LENGTHS) {
        int[] dims = {length};
        Object[] expected = arrays(drawn.dtype, length);
        Interpreter.run(kernel, expected, dims);
        Object[] one = arrays(drawn.dtype, length);
        scalar.run(one, dims, 0, 3);
        Object[] other = arrays(drawn.dtype, length);
        vector.run(other, dims, 0, 3);
        for (int i = 0; i < 3 * length; i++) {
          String where = first + " + " + i + " of rows of " + length;
          assertEquals(Array.get(expected[0], i), Array.get(one[0], i), "scalar " + where);
          assertEquals(Array.get(expected[0], i), Array.get(other[0], i), "vector " + where);
        }
      }
    }
  }

  private static Object[] arrays(DType dtype, int length) {
    return new Object[] {dtype.newArray(3 * length), new long[] {0x1_2345_6789L}};
  }
}
