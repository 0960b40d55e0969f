package dev.millrace.onednn;

import dev.millrace.provider.Contraction.Position;
import dev.millrace.provider.ContractionCode;
import java.lang.foreign.MemorySegment;

/** A product of float32 matrices, which reads and writes the arrays of the heap where they are. */
record FloatProduct(Dnnl dnnl, MatrixProduct product, Blocks blocks) implements ContractionCode {
  @Override
  public void run(Team team, float[] left, float[] right, float[] target) {
    float[] first = product.swapped() ? right : left;
    float[] second = product.swapped() ? left : right;
    int pieces = blocks.count();
    team.run(
        pieces * product.count(),
        task -> piece(product.start(task / pieces), task % pieces, first, second, target));
  }

  private void piece(Position start, int piece, float[] left, float[] right, float[] target) {
    int row = blocks.row(piece);
    int column = blocks.column(piece);
    Position step = product.rowStep();
    dnnl.sgemm(
        product,
        blocks.height(piece),
        blocks.width(piece),
        new MemorySegment[] {
          from(left, start.left() + product.leftAt(row, 0)),
          from(right, start.right() + product.rightAt(0, column)),
          from(target, start.target() + row * step.target() + column)
        },
        new long[] {step.left(), step.right(), step.target()});
  }

  private static MemorySegment from(float[] array, int position) {
    return MemorySegment.ofArray(array).asSlice((long) position * Float.BYTES);
  }
}
