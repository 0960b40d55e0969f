package dev.millrace.profile;

import java.util.Arrays;

/** Durations of many calls: their number and sum exactly, the median of an even choice of them. */
final class Samples {
  private static final int MOST_KEPT = 1 << 14;

  private long[] kept = new long[16];
  private int size;

  /** Every so many calls one is kept. */
  private long stride = 1;

  private long count;
  private long total;

  void add(long nanos) {
    if (count % stride == 0) {
      keep(nanos);
    }
    count++;
    total += nanos;
  }

  private void keep(long nanos) {
    if (size == MOST_KEPT) {
      size /= 2;
      for (int i = 0; i < size; i++) {
        kept[i] = kept[2 * i];
      }
      stride *= 2;
    } else if (size == kept.length) {
      kept = Arrays.copyOf(kept, 2 * size);
    }
    kept[size++] = nanos;
  }

  long count() {
    return count;
  }

  long total() {
    return total;
  }

  /** The middle one; of an even number the upper of the two in the middle; 0 if there is none. */
  long median() {
    long[] sorted = Arrays.copyOf(kept, size);
    Arrays.sort(sorted);
    return size == 0 ? 0 : sorted[size / 2];
  }
}
