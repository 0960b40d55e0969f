package dev.millrace.cpu;

import dev.millrace.kernel.Kernel;
import dev.millrace.kernel.Statement;
import dev.millrace.kernel.Statement.Accumulator;
import dev.millrace.kernel.Statement.Contract;
import dev.millrace.kernel.Statement.Loop;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Which stretch of {@link Partials} belongs to which accumulator, or to the tiles, of a kernel. */
final class PartialLayout {
  private final Map<Integer, Integer> offsets = new HashMap<>();
  private int floats;
  private int doubles;
  private final Map<JvmType, Integer> blocks = new EnumMap<>(JvmType.class);
  private final Map<JvmType, Integer> panels = new EnumMap<>(JvmType.class);

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
      } else if (statement instanceof Contract contract) {
        addBlock(JvmType.of(contract.target().buffer().dtype()));
        addPanel(contract);
      }
    }
  }

  /** Room for the sums of one tile. */
  private void addBlock(JvmType type) {
    boolean floating = type == JvmType.FLOAT || type == JvmType.DOUBLE;
    if (floating && blocks.putIfAbsent(type, size(type)) == null) {
      floats += type == JvmType.FLOAT ? TileTail.MOST_SUMS : 0;
      doubles += type == JvmType.DOUBLE ? TileTail.MOST_SUMS : 0;
    }
  }

  /** Room for one panel, which all contractions of a type share. */
  private void addPanel(Contract contract) {
    JvmType type = JvmType.of(contract.target().buffer().dtype());
    if (Panels.areWorthIt(contract) && panels.putIfAbsent(type, size(type)) == null) {
      floats += type == JvmType.FLOAT ? Panels.size(type) : 0;
      doubles += type == JvmType.DOUBLE ? Panels.size(type) : 0;
    }
  }

  /** Where the panel begins. */
  int panel(JvmType type) {
    return Objects.requireNonNull(panels.get(type));
  }

  /** Where the sums of a tile begin. */
  int block(JvmType type) {
    return Objects.requireNonNull(blocks.get(type));
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
