package dev.millrace.onednn;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/**
 * Brings stretches of heap arrays to native memory, rounded to bfloat16 where that is asked for:
 * primitives read from addresses that have to stay what they are over several calls, which the
 * garbage collector does not promise for arrays.
 */
final class Staging {
  private Staging() {}

  /** Brings {@code count} numbers from {@code start} on to the beginning of {@code to}. */
  static void copy(DataType type, float[] array, int start, int count, MemorySegment to) {
    switch (type) {
      case FLOAT32 -> MemorySegment.copy(array, start, to, JAVA_FLOAT, 0, count);
      case BFLOAT16 -> Bfloat16.round(array, start, count, to);
    }
  }
}
