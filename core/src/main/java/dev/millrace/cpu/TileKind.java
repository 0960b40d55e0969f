package dev.millrace.cpu;

import dev.millrace.kernel.Buffer;
import dev.millrace.kernel.Index;
import dev.millrace.kernel.Kernel;
import dev.millrace.kernel.Statement.Axis;
import dev.millrace.kernel.Statement.Contract;
import dev.millrace.kernel.Statement.Place;
import dev.millrace.kernel.Statement.Range;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All that the code of a tile depends on. Strides and extents are open, but for strides of 0 and 1,
 * so that one piece of code serves contractions of all sizes: the JVM compiles it once.
 *
 * @param contract with dims in place of what is open
 */
record TileKind(Tile tile, Contract contract, int height, int width) implements SharedCode {
  private static final Map<TileKind, TileCode> CODES = new ConcurrentHashMap<>();

  /** A contraction with its strides and extents left open, and what they are, in order. */
  record Open(Contract contract, List<Dim> sizes) {}

  @Override
  public TileCode code() {
    return CODES.computeIfAbsent(this, kind -> kind.tile.load(kind));
  }

  @Override
  public Class<TileCode> type() {
    return TileCode.class;
  }

  /** Whether this is one of the tallest tiles of vectors, which compute most of a result. */
  boolean doesMostWork() {
    return tile instanceof VectorTile && height == tile.heights().getFirst();
  }

  /** Opens a contraction. */
  static Open open(Contract contract) {
    return new Opening(contract).open();
  }

  /** Whether rows are equally far apart, both in left and in target. */
  static boolean hasEvenRows(Contract contract) {
    return TileFrame.rowStride(contract, contract.left()).isPresent()
        && TileFrame.rowStride(contract, contract.target()).isPresent();
  }

  private static final class Opening {
    private final Contract contract;
    private final List<Dim> sizes = new ArrayList<>();
    private final List<Axis> rows = new ArrayList<>();
    private final List<Axis> inner = new ArrayList<>();
    private final boolean isEven;
    private int variable = Kernel.TASK;

    Opening(Contract contract) {
      this.contract = contract;
      this.isEven = hasEvenRows(contract);
    }

    Open open() {
      for (Axis axis : isEven ? List.of(contract.row().getLast()) : contract.row()) {
        rows.add(new Axis(++variable, rows.isEmpty() ? Dim.ONE : size(axis.extent())));
      }
      for (Axis axis : contract.inner()) {
        inner.add(new Axis(++variable, inner.isEmpty() ? Dim.ONE : size(axis.extent())));
      }
      int column = ++variable;
      Optional<Dim> dense = denseColumns();
      var open =
          new Contract(
              List.copyOf(rows),
              Range.upTo(Dim.ONE),
              column,
              Range.upTo(dense.orElseGet(this::columns)),
              List.copyOf(inner),
              place(0, contract.left(), column, Optional.empty()),
              place(1, contract.right(), column, Optional.empty()),
              place(2, contract.target(), column, dense));
      return new Open(open, List.copyOf(sizes));
    }

    /** The number of columns where rows of so many follow one another, fewer than a vector has. */
    private Optional<Dim> denseColumns() {
      Columns columns = Columns.of(contract.columns());
      boolean narrow =
          isEven && columns.most() < VectorTile.WIDEST && columns.unit() == columns.most();
      return TileFrame.rowStride(contract, contract.target())
          .filter(stride -> narrow && stride.is(columns.most()));
    }

    /** As many columns as there can be, or more than a vector has. */
    private Dim columns() {
      return Dim.of(Math.min(Columns.of(contract.columns()).most(), VectorTile.WIDEST + 1));
    }

    private Place place(int id, Place place, int column, Optional<Dim> rowStride) {
      Index index = Index.ZERO;
      List<Axis> oldRows = isEven ? List.of(contract.row().getLast()) : contract.row();
      for (int i = 0; i < rows.size(); i++) {
        Dim factor = place.index().factor(oldRows.get(i).variable());
        index = index.plus(term(rows.get(i).variable(), rowStride.orElseGet(() -> size(factor))));
      }
      for (int i = 0; i < inner.size(); i++) {
        Dim factor = place.index().factor(contract.inner().get(i).variable());
        index = index.plus(term(inner.get(i).variable(), size(factor)));
      }
      index = index.plus(term(column, size(place.index().factor(contract.column()))));
      DType dtype = place.buffer().dtype();
      Buffer.Role role = id == 2 ? Buffer.Role.OUTPUT : Buffer.Role.INPUT;
      return new Place(new Buffer(id, dtype, role, Dim.ONE), index);
    }

    private static Index term(int variable, Dim factor) {
      return Index.ofVariable(variable).times(factor);
    }

    /** A dim for a size that is open; 0 and 1 are not. */
    private Dim size(Dim size) {
      if (size.is(0) || size.is(1)) {
        return size;
      }
      sizes.add(size);
      return Kernel.dim(sizes.size() - 1);
    }
  }
}
