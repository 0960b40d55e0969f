package dev.millrace.cpu;

import dev.millrace.kernel.Statement.Combiner;

/**
 * Partial results of folds in several lanes, as the scalar form keeps them: stretches of one array
 * per floating-point type, which follow the kernel's buffers in the list of arrays.
 */
final class Partials {
  private Partials() {}

  /** Whether the order of folding shows in the result's bits. */
  static boolean isOrdered(Combiner combiner, JvmType type) {
    boolean rounds = type == JvmType.FLOAT || type == JvmType.DOUBLE;
    return rounds && (combiner == Combiner.SUM || combiner == Combiner.PRODUCT);
  }

  /** The array at {@code position}, or a new one where the caller gives none. */
  static float[] floats(Object[] arrays, int position, int size) {
    return position < arrays.length ? (float[]) arrays[position] : new float[size];
  }

  /** The array at {@code position}, or a new one where the caller gives none. */
  static double[] doubles(Object[] arrays, int position, int size) {
    return position < arrays.length ? (double[]) arrays[position] : new double[size];
  }

  /** The array at {@code position}, or a new one where the caller gives none. */
  static int[] ints(Object[] arrays, int position, int size) {
    return position < arrays.length ? (int[]) arrays[position] : new int[size];
  }

  /** Sets {@code lanes} partials from {@code begin}. */
  static void fill(float[] partials, int begin, int lanes, float value) {
    for (int i = begin; i < begin + lanes; i++) {
      partials[i] = value;
    }
  }

  /** Sets {@code lanes} partials from {@code begin}. */
  static void fill(double[] partials, int begin, int lanes, double value) {
    for (int i = begin; i < begin + lanes; i++) {
      partials[i] = value;
    }
  }

  /** Adds the upper half to the lower one until one is left. */
  static float sum(float[] partials, int begin, int lanes) {
    for (int half = lanes >> 1; half > 0; half >>= 1) {
      for (int i = begin; i < begin + half; i++) {
        partials[i] += partials[i + half];
      }
    }
    return partials[begin];
  }

  /** Adds the upper half to the lower one until one is left. */
  static double sum(double[] partials, int begin, int lanes) {
    for (int half = lanes >> 1; half > 0; half >>= 1) {
      for (int i = begin; i < begin + half; i++) {
        partials[i] += partials[i + half];
      }
    }
    return partials[begin];
  }

  /** Multiplies the lower half by the upper one until one is left. */
  static float product(float[] partials, int begin, int lanes) {
    for (int half = lanes >> 1; half > 0; half >>= 1) {
      for (int i = begin; i < begin + half; i++) {
        partials[i] *= partials[i + half];
      }
    }
    return partials[begin];
  }

  /** Multiplies the lower half by the upper one until one is left. */
  static double product(double[] partials, int begin, int lanes) {
    for (int half = lanes >> 1; half > 0; half >>= 1) {
      for (int i = begin; i < begin + half; i++) {
        partials[i] *= partials[i + half];
      }
    }
    return partials[begin];
  }
}
