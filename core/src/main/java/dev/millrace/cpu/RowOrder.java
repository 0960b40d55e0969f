package dev.millrace.cpu;

import java.util.Arrays;

/**
 * The order of a row's elements, in O(n log n): equal ones in the order of their positions, NaN
 * above everything, -0 and +0 equal.
 *
 * <p>Elements of up to 32 bits are packed with their positions into one number each, so that
 * sorting numbers sorts positions too. For longer ones positions are merged by their keys.
 */
final class RowOrder {
  /** Positions that are put in order by insertion before runs are merged. */
  private static final int RUN = 16;

  private static final long LOW_HALF = 0xffffffffL;

  private RowOrder() {}

  /**
   * Writes the positions 0 to below {@code count} to {@code target} from {@code to} on, in the
   * order of the elements of {@code source} from {@code from} on.
   *
   * @param scratch {@code 2 * count} elements where those of the source have 64 bits
   */
  static void order(
      Object source,
      int from,
      int count,
      boolean descending,
      long[] target,
      int to,
      long[] scratch) {
    switch (source) {
      case float[] floats -> pack(floats, from, count, descending, target, to);
      case int[] ints -> pack(ints, from, count, descending, target, to);
      case byte[] bytes -> pack(bytes, from, count, descending, target, to);
      case double[] doubles -> {
        for (int i = 0; i < count; i++) {
          scratch[i] = key(doubles[from + i]);
        }
        merge(scratch, count, descending, target, to);
      }
      case long[] longs -> {
        System.arraycopy(longs, from, scratch, 0, count);
        merge(scratch, count, descending, target, to);
      }
      default -> throw new AssertionError(source.getClass());
    }
  }

  private static void pack(
      float[] source, int from, int count, boolean descending, long[] target, int to) {
    int flip = descending ? -1 : 0;
    for (int i = 0; i < count; i++) {
      int bits = Float.floatToIntBits(source[from + i] + 0f);
      target[to + i] = packed(bits ^ (bits >> 31 & Integer.MAX_VALUE) ^ flip, i);
    }
    unpack(count, target, to);
  }

  private static void pack(
      int[] source, int from, int count, boolean descending, long[] target, int to) {
    int flip = descending ? -1 : 0;
    for (int i = 0; i < count; i++) {
      target[to + i] = packed(source[from + i] ^ flip, i);
    }
    unpack(count, target, to);
  }

  private static void pack(
      byte[] source, int from, int count, boolean descending, long[] target, int to) {
    int flip = descending ? -1 : 0;
    for (int i = 0; i < count; i++) {
      target[to + i] = packed(Byte.toUnsignedInt(source[from + i]) ^ flip, i);
    }
    unpack(count, target, to);
  }

  private static long packed(int key, int position) {
    return (long) key << 32 | position;
  }

  /** Sorts packed numbers and leaves their positions. */
  private static void unpack(int count, long[] target, int to) {
    Arrays.sort(target, to, to + count);
    for (int i = to; i < to + count; i++) {
      target[i] &= LOW_HALF;
    }
  }

  /** A number of the same order as x; both zeros have one, and every NaN has the greatest. */
  private static long key(double x) {
    long bits = Double.doubleToLongBits(x + 0.0);
    return bits ^ (bits >> 63 & Long.MAX_VALUE);
  }

  /**
   * Merges positions by the keys in the first half of scratch; the second half is the other row.
   */
  private static void merge(long[] scratch, int count, boolean descending, long[] target, int to) {
    if (descending) {
      for (int i = 0; i < count; i++) {
        scratch[i] = ~scratch[i];
      }
    }
    for (int begin = 0; begin < count; begin += RUN) {
      insert(scratch, begin, Math.min(count, begin + RUN), target, to);
    }
    for (long width = RUN; width < count; width *= 2) {
      System.arraycopy(target, to, scratch, count, count);
      for (long begin = 0; begin < count; begin += 2 * width) {
        int middle = (int) Math.min(count, begin + width);
        int end = (int) Math.min(count, begin + 2 * width);
        merge(scratch, count, (int) begin, middle, end, target, to);
      }
    }
  }

  private static void insert(long[] keys, int begin, int end, long[] target, int to) {
    for (int i = begin; i < end; i++) {
      int place = i;
      while (place > begin && keys[(int) target[to + place - 1]] > keys[i]) {
        target[to + place] = target[to + place - 1];
        place--;
      }
      target[to + place] = i;
    }
  }

  /** Merges two neighbouring runs of the second half of scratch. */
  private static void merge(
      long[] scratch, int count, int begin, int middle, int end, long[] target, int to) {
    int left = begin;
    int right = middle;
    for (int i = begin; i < end; i++) {
      boolean takesLeft =
          right == end
              || (left < middle
                  && scratch[(int) scratch[count + left]] <= scratch[(int) scratch[count + right]]);
      target[to + i] = scratch[count + (takesLeft ? left++ : right++)];
    }
  }
}
