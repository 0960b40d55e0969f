package dev.millrace.session;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Shape;
import java.util.List;
import java.util.function.ToLongFunction;

/** Makes arrays, with an error that can be handled where memory does not suffice. */
final class Allocation {
  private Allocation() {}

  /**
   * An array of {@code size} elements.
   *
   * @throws RunException if there is not enough memory
   */
  static Object array(DType dtype, int size) {
    try {
      return dtype.newArray(size);
    } catch (OutOfMemoryError full) {
      throw new RunException(
          "run: "
              + (long) size * dtype.bytes() / (1 << 20)
              + " MiB for one tensor of "
              + size
              + " "
              + dtype
              + " elements do not fit into the heap of "
              + Runtime.getRuntime().maxMemory() / (1 << 20)
              + " MiB; feed a smaller batch, or give Java more with -Xmx",
          full);
    }
  }

  /**
   * {@code size} as a number of elements.
   *
   * @throws RunException if it is beyond 2^31-1
   */
  static int size(List<Dim> shape, ToLongFunction<Dim.Symbol> values) {
    long[] dims = shape.stream().mapToLong(dim -> dim.evaluate(values)).toArray();
    return Shape.of(dims).size();
  }
}
