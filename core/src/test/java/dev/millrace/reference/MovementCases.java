package dev.millrace.reference;

import static dev.millrace.Ops.*;
import static dev.millrace.reference.Operands.size;

import dev.millrace.op.Expr;
import java.util.stream.IntStream;

/** Resizing. */
final class MovementCases {
  private MovementCases() {}

  static void addTo(CaseTable table) {
    for (String name : new String[] {"linear_1d", "bilinear_half_pixel", "trilinear"}) {
      table.put(name, in -> resize(in, MovementCases::linearWeight));
    }
    table.put("bicubic", in -> resize(in, MovementCases::cubicWeight));
  }

  /** How much element {@code from} of {@code size} counts at {@code position}. */
  @FunctionalInterface
  private interface Weight {
    double of(double position, int from, int size);
  }

  /** A product with a matrix of weights along each axis behind the channels; half-pixel centres. */
  private static Expr resize(Operands in, Weight weight) {
    Expr y = in.x();
    int[] sizes = in.integers("size");
    int rank = y.shape().rank();
    for (int i = 0; i < sizes.length; i++) {
      int from = size(y, 2 + i);
      int to = sizes[i];
      Expr weights =
          in.vector(from * to, at -> weight.of((at % to + 0.5) * from / to - 0.5, at / to, from))
              .reshape(from, to);
      int[] order = IntStream.range(0, rank).toArray();
      order[2 + i] = rank - 1;
      order[rank - 1] = 2 + i;
      y = transpose(matmul(transpose(y, order), weights), order);
    }
    return y;
  }

  private static double linearWeight(double position, int from, int size) {
    double at = Math.clamp(position, 0, size - 1);
    return Math.max(0, 1 - Math.abs(at - from));
  }

  /** Positions outside count for the border; the kernel is that of a = -0.75. */
  private static double cubicWeight(double position, int from, int size) {
    int base = (int) Math.floor(position);
    double sum = 0;
    for (int i = base - 1; i <= base + 2; i++) {
      sum += Math.clamp(i, 0, size - 1) == from ? cubic(Math.abs(position - i)) : 0;
    }
    return sum;
  }

  private static double cubic(double distance) {
    double a = -0.75;
    return distance <= 1
        ? ((a + 2) * distance - (a + 3)) * distance * distance + 1
        : ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a;
  }
}
