package dev.millrace.onednn;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.millrace.provider.Contraction.Position;
import dev.millrace.provider.ContractionCode;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A product of matrices that are rounded to bfloat16 first, with float32 sums. The operands are
 * rounded once, then pieces of the target are computed in native memory and copied.
 */
final class Bfloat16Product implements ContractionCode {
  /** Numbers that a task rounds. */
  private static final int SLICE = 1 << 16;

  private final Dnnl dnnl;
  private final MatrixProduct product;
  private final Blocks blocks;
  private final int leftCount;
  private final int rightCount;
  private final MemorySegment left;
  private final MemorySegment right;
  private final Map<Long, Primitive> primitives = new ConcurrentHashMap<>();

  /**
   * Prepares a product.
   *
   * @throws OneDnnException if the library cannot compute it
   */
  Bfloat16Product(Dnnl dnnl, MatrixProduct product, Blocks blocks) {
    this.dnnl = dnnl;
    this.product = product;
    this.blocks = blocks;
    Position last = product.start(product.count() - 1);
    Position first = product.offset();
    Position step = product.rowStep();
    leftCount = last.left() - first.left() + product.leftSpan();
    rightCount = last.right() - first.right() + product.rightSpan();
    left = rounded(leftCount, step.left());
    right = rounded(rightCount, step.right());
    for (int piece = 0; piece < blocks.count(); piece++) {
      primitives.computeIfAbsent(sizes(piece), this::matmul);
    }
  }

  /** The library reckons with a whole last row, also of a matrix that begins within a row. */
  private static MemorySegment rounded(int count, int row) {
    return Scratch.allocate(((long) count + row) * Short.BYTES);
  }

  private long sizes(int piece) {
    return (long) blocks.height(piece) << Integer.SIZE | blocks.width(piece);
  }

  private Primitive matmul(long sizes) {
    long m = sizes >> Integer.SIZE;
    long n = (int) sizes;
    long k = product.k();
    Position step = product.rowStep();
    return Primitive.matmul(
        dnnl,
        matrix(DataType.BFLOAT16, m, k, step.left(), product.leftTransposed()),
        matrix(DataType.BFLOAT16, k, n, step.right(), product.rightTransposed()),
        matrix(DataType.FLOAT32, m, n, n, false));
  }

  private static Layout matrix(
      DataType type, long rows, long columns, long step, boolean transposed) {
    return Layout.of(
        type, new long[] {rows, columns}, transposed ? new long[] {1, step} : new long[] {step, 1});
  }

  @Override
  public void run(Team team, float[] left, float[] right, float[] target) {
    float[] first = product.swapped() ? right : left;
    float[] second = product.swapped() ? left : right;
    int leftSlices = slices(leftCount);
    team.run(
        leftSlices + slices(rightCount),
        task -> {
          if (task < leftSlices) {
            round(task, first, product.offset().left(), leftCount, this.left);
          } else {
            round(task - leftSlices, second, product.offset().right(), rightCount, this.right);
          }
        });
    int pieces = blocks.count();
    team.run(pieces * product.count(), task -> piece(task / pieces, task % pieces, target));
  }

  private static int slices(int count) {
    return Math.ceilDiv(count, SLICE);
  }

  private void round(int slice, float[] array, int start, int count, MemorySegment to) {
    int done = slice * SLICE;
    int length = Math.min(SLICE, count - done);
    Bfloat16.round(array, start + done, length, from(to, done));
  }

  private void piece(int number, int piece, float[] target) {
    int row = blocks.row(piece);
    int column = blocks.column(piece);
    int height = blocks.height(piece);
    int width = blocks.width(piece);
    Position start = product.start(number);
    Position origin = product.offset();
    MemorySegment values = dnnl.scratch().operands((long) height * width * Float.BYTES)[0];
    primitives
        .computeIfAbsent(sizes(piece), this::matmul)
        .run(
            from(left, start.left() - origin.left() + product.leftAt(row, 0)),
            from(right, start.right() - origin.right() + product.rightAt(0, column)),
            values);
    for (int i = 0; i < height; i++) {
      MemorySegment.copy(
          values,
          JAVA_FLOAT,
          (long) i * width * Float.BYTES,
          target,
          start.target() + (row + i) * product.rowStep().target() + column,
          width);
    }
  }

  private static MemorySegment from(MemorySegment numbers, int position) {
    return numbers.asSlice((long) position * Short.BYTES);
  }
}
