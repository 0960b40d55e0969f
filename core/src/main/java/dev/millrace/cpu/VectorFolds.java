package dev.millrace.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/** Rotations that bring a lane's partner in a fold by halves to it. Kernels read the constants. */
final class VectorFolds {
  static final VectorShuffle<Float> FLOAT_8 = floats(8);
  static final VectorShuffle<Float> FLOAT_4 = floats(4);
  static final VectorShuffle<Float> FLOAT_2 = floats(2);
  static final VectorShuffle<Float> FLOAT_1 = floats(1);
  static final VectorShuffle<Double> DOUBLE_4 = doubles(4);
  static final VectorShuffle<Double> DOUBLE_2 = doubles(2);
  static final VectorShuffle<Double> DOUBLE_1 = doubles(1);

  private static final int MOST_FLOATS = 16;

  private VectorFolds() {}

  private static VectorShuffle<Float> floats(int distance) {
    return VectorShuffle.iota(FloatVector.SPECIES_PREFERRED, distance, 1, true);
  }

  private static VectorShuffle<Double> doubles(int distance) {
    return VectorShuffle.iota(DoubleVector.SPECIES_PREFERRED, distance, 1, true);
  }

  /** The widths to use. */
  static Vectors widths() {
    int floats = FloatVector.SPECIES_PREFERRED.length();
    int doubles = DoubleVector.SPECIES_PREFERRED.length();
    if (floats > MOST_FLOATS) {
      throw new AssertionError("vectors of more than 512 bits need more rotations: " + floats);
    }
    return new Vectors(floats, doubles);
  }
}
