package dev.millrace.provider;

import java.util.List;

/**
 * Sums of products of float32 numbers, with all sizes known: each of left, right and target is an
 * array in which the position is an offset plus, for each loop, its count times its step.
 *
 * <pre>{@code target[...] = sum over the loops that do not move target of left[...] * right[...]}
 * </pre>
 *
 * <p>A matrix product has one loop of each kind; a convolution has more of them.
 *
 * @param loops outermost first: those that move target, in the order of its elements, then those
 *     that are summed over
 * @param bfloat16 whether left and right may be rounded to bfloat16 first; the sums are float32
 *     either way
 */
public record Contraction(List<Loop> loops, Position offset, boolean bfloat16) {
  public Contraction {
    loops = List.copyOf(loops);
  }

  /**
   * A loop from 0 to below {@code extent}.
   *
   * @param step how far the positions move from one count to the next
   */
  public record Loop(int extent, Position step) {}

  /** Positions, or distances, in elements of the three arrays. */
  public record Position(int left, int right, int target) {}

  /** Multiplications, of which each comes with an addition. */
  public double products() {
    double products = 1;
    for (Loop loop : loops) {
      products *= loop.extent();
    }
    return products;
  }
}
