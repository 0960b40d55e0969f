package dev.millrace.cpu;

import dev.millrace.kernel.Kernel;
import dev.millrace.kernel.Scalar;
import dev.millrace.kernel.Statement;
import dev.millrace.kernel.Statement.Accumulator;
import dev.millrace.kernel.Statement.Contract;
import dev.millrace.kernel.Statement.Let;
import dev.millrace.kernel.Statement.Loop;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Which stretch of {@link Partials} belongs to which accumulator or batch of draws, or to the
 * tiles, of a kernel.
 */
final class PartialLayout {
  private final Map<Integer, Integer> offsets = new HashMap<>();

  /** Numbers around the sizes, so that threads do not share a line of the cache. */
  private static final int MARGIN = 32;

  private int floats;
  private int doubles;
  private int ints;
  private final Map<JvmType, Integer> blocks = new EnumMap<>(JvmType.class);
  private final Map<JvmType, Integer> panels = new EnumMap<>(JvmType.class);
  private final Map<Integer, DrawBatch> batches = new HashMap<>();

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
        addDraws(loop);
        block(loop.body());
      } else if (statement instanceof Contract contract) {
        addBlock(JvmType.of(contract.target().buffer().dtype()));
        addPanel(contract);
        addSizes(contract);
      }
    }
  }

  private void addDraws(Loop loop) {
    for (Statement statement : loop.body()) {
      if (statement instanceof Let(int variable, Scalar.Draw draw) && DrawBatch.suits(draw, loop)) {
        JvmType type = JvmType.of(draw.dtype());
        batches.put(variable, DrawBatch.at(size(type), loop));
        extend(type, DrawBatch.STRETCH);
      }
    }
  }

  private void extend(JvmType type, int length) {
    floats += type == JvmType.FLOAT ? length : 0;
    doubles += type == JvmType.DOUBLE ? length : 0;
  }

  /** Where the draw that sets {@code variable} waits, if it is made in batches. */
  Optional<DrawBatch> batch(int variable) {
    return Optional.ofNullable(batches.get(variable));
  }

  /** Room for the sums of one tile. */
  private void addBlock(JvmType type) {
    boolean floating = type == JvmType.FLOAT || type == JvmType.DOUBLE;
    if (floating && blocks.putIfAbsent(type, size(type)) == null) {
      extend(type, TileTail.MOST_SUMS);
    }
  }

  /** Room for one panel, which all contractions of a type share. */
  private void addPanel(Contract contract) {
    JvmType type = JvmType.of(contract.target().buffer().dtype());
    if (Panels.areWorthIt(contract) && panels.putIfAbsent(type, size(type)) == null) {
      extend(type, Panels.size(type));
    }
  }

  /** Where the sizes of a contraction begin. */
  static int sizes() {
    return MARGIN;
  }

  /** Room for the sizes of one contraction at a time. */
  private void addSizes(Contract contract) {
    ints = Math.max(Math.max(1, ints), TileKind.open(contract).sizes().size());
    if (Panels.areWorthIt(contract)) {
      ints = Math.max(ints, TileKind.open(Panels.reading(contract)).sizes().size());
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
      extend(type, lanes);
    }
  }

  /** Where the stretch of an accumulator begins. */
  int offset(Accumulator accumulator) {
    return Objects.requireNonNull(offsets.get(accumulator.result()));
  }

  /** Length of the array of this type. */
  int size(JvmType type) {
    return switch (type) {
      case FLOAT -> floats;
      case DOUBLE -> doubles;
      case INT -> ints == 0 ? 0 : ints + 2 * MARGIN;
      case LONG, BYTE, SIGNED_BYTE, SHORT, HALF, UNSIGNED_INT, UNSIGNED_LONG -> 0;
    };
  }
}
