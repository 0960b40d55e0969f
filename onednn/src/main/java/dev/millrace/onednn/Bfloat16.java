package dev.millrace.onednn;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;

/**
 * Rounds float32 numbers to bfloat16: the upper half of their bits, to nearest, ties to even. It
 * begins with a scalar form, since a vector form is slow until the JVM has compiled it; a thread in
 * the background sees to that. Both give the same bits.
 */
final class Bfloat16 {
  private static final System.Logger LOG = System.getLogger("dev.millrace.onednn");
  private static final int NAN = 0x7fc0;
  private static final int SAMPLE = 1 << 14;
  private static final long PATIENCE_NANOS = 5_000_000_000L;

  /** A vector form that is not faster than this per number isn't compiled yet. */
  private static final double QUICK_NANOS = 0.4;

  private static volatile Form form = Bfloat16::roundScalars;

  static {
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      Thread.ofPlatform()
          .daemon()
          .name("millrace-onednn-warm-up")
          .start(() -> warmUp(VectorRounding::round));
    }
  }

  private Bfloat16() {}

  /** Rounds numbers of an array into native memory. */
  @FunctionalInterface
  interface Form {
    void round(float[] from, int start, int count, MemorySegment to);
  }

  /** Rounds {@code count} numbers from {@code start} on to the beginning of {@code to}. */
  static void round(float[] from, int start, int count, MemorySegment to) {
    form.round(from, start, count, to);
  }

  static void roundScalars(float[] from, int start, int count, MemorySegment to) {
    for (int i = 0; i < count; i++) {
      to.setAtIndex(JAVA_SHORT, i, round(from[start + i]));
    }
  }

  /** The bits of {@code number} rounded to bfloat16. */
  static short round(float number) {
    int bits = Float.floatToRawIntBits(number);
    int rounded = (bits + 0x7fff + ((bits >>> Short.SIZE) & 1)) >>> Short.SIZE;
    return (short) (Float.isNaN(number) ? NAN : rounded);
  }

  private static void warmUp(Form vector) {
    var numbers = new float[SAMPLE];
    MemorySegment to = Scratch.allocate((long) SAMPLE * Short.BYTES);
    long begin = System.nanoTime();
    long now = begin;
    int quick = 0;
    while (now - begin < PATIENCE_NANOS) {
      vector.round(numbers, 0, SAMPLE, to);
      long before = now;
      now = System.nanoTime();
      quick = now - before < QUICK_NANOS * SAMPLE ? quick + 1 : 0;
      if (quick == 3) {
        form = vector;
        return;
      }
    }
    LOG.log(Level.DEBUG, "rounding to bfloat16 stays scalar: the vector form was not faster");
  }
}
