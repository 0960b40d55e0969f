package dev.millrace.cpu;

import dev.millrace.kernel.Kernel;
import dev.millrace.kernel.Statement;
import dev.millrace.kernel.Statement.Accumulator;
import dev.millrace.kernel.Statement.Loop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Which stretch of {@link Partials} belongs to which accumulator of a kernel. */
final class PartialLayout {
  private final Map<Integer, Integer> offsets = new HashMap<>();
  private int floats;
  private int doubles;

  private PartialLayout() {}

  static PartialLayout of(Kernel kernel) {
    var layout = new PartialLayout();
    layout.block(kernel.body());
    return layout;
  }

  private void block(List<Statement> statements) {
    for (Statement statement : statements) {
      if (statement instanceof Loop loop) {
        loop.accumulators().forEach(accumulator -> add(accumulator, loop.lanes()));
        block(loop.body());
      }
    }
  }

  private void add(Accumulator accumulator, int lanes) {
    JvmType type = JvmType.of(accumulator.dtype());
    if (lanes > 1 && Partials.isOrdered(accumulator.combiner(), type)) {
      offsets.put(accumulator.result(), size(type));
      floats += type == JvmType.FLOAT ? lanes : 0;
      doubles += type == JvmType.DOUBLE ? lanes : 0;
    }
  }

  /** Where the stretch of an accumulator begins. */
  int offset(Accumulator accumulator) {
    return Objects.requireNonNull(offsets.get(accumulator.result()));
  }

  /** Length of the array of this type. */
  int size(JvmType type) {
    return type == JvmType.FLOAT ? floats : doubles;
  }
}
