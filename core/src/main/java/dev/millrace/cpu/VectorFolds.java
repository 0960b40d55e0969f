package dev.millrace.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Rotations of lanes and sets of lanes. Kernels read the constants, whose names end in the distance
 * of the rotation, or in the bit that a lane's number has.
 */
final class VectorFolds {
  static final VectorShuffle<Float> FLOAT_1 = floats(1);
  static final VectorShuffle<Float> FLOAT_2 = floats(2);
  static final VectorShuffle<Float> FLOAT_3 = floats(3);
  static final VectorShuffle<Float> FLOAT_4 = floats(4);
  static final VectorShuffle<Float> FLOAT_6 = floats(6);
  static final VectorShuffle<Float> FLOAT_7 = floats(7);
  static final VectorShuffle<Float> FLOAT_8 = floats(8);
  static final VectorShuffle<Float> FLOAT_12 = floats(12);
  static final VectorShuffle<Float> FLOAT_14 = floats(14);
  static final VectorShuffle<Float> FLOAT_15 = floats(15);
  static final VectorShuffle<Double> DOUBLE_1 = doubles(1);
  static final VectorShuffle<Double> DOUBLE_2 = doubles(2);
  static final VectorShuffle<Double> DOUBLE_3 = doubles(3);
  static final VectorShuffle<Double> DOUBLE_4 = doubles(4);
  static final VectorShuffle<Double> DOUBLE_6 = doubles(6);
  static final VectorShuffle<Double> DOUBLE_7 = doubles(7);
  static final VectorMask<Float> FLOAT_WITH_1 = floatsWith(1);
  static final VectorMask<Float> FLOAT_WITHOUT_1 = FLOAT_WITH_1.not();
  static final VectorMask<Float> FLOAT_WITH_2 = floatsWith(2);
  static final VectorMask<Float> FLOAT_WITHOUT_2 = FLOAT_WITH_2.not();
  static final VectorMask<Float> FLOAT_WITH_4 = floatsWith(4);
  static final VectorMask<Float> FLOAT_WITHOUT_4 = FLOAT_WITH_4.not();
  static final VectorMask<Float> FLOAT_WITH_8 = floatsWith(8);
  static final VectorMask<Float> FLOAT_WITHOUT_8 = FLOAT_WITH_8.not();
  static final VectorMask<Double> DOUBLE_WITH_1 = doublesWith(1);
  static final VectorMask<Double> DOUBLE_WITHOUT_1 = DOUBLE_WITH_1.not();
  static final VectorMask<Double> DOUBLE_WITH_2 = doublesWith(2);
  static final VectorMask<Double> DOUBLE_WITHOUT_2 = DOUBLE_WITH_2.not();
  static final VectorMask<Double> DOUBLE_WITH_4 = doublesWith(4);
  static final VectorMask<Double> DOUBLE_WITHOUT_4 = DOUBLE_WITH_4.not();

  private static final int MOST_FLOATS = 16;

  private VectorFolds() {}

  private static VectorShuffle<Float> floats(int distance) {
    return VectorShuffle.iota(FloatVector.SPECIES_PREFERRED, distance, 1, true);
  }

  private static VectorShuffle<Double> doubles(int distance) {
    return VectorShuffle.iota(DoubleVector.SPECIES_PREFERRED, distance, 1, true);
  }

  private static VectorMask<Float> floatsWith(int bit) {
    return VectorMask.fromLong(FloatVector.SPECIES_PREFERRED, lanesWith(bit));
  }

  private static VectorMask<Double> doublesWith(int bit) {
    return VectorMask.fromLong(DoubleVector.SPECIES_PREFERRED, lanesWith(bit));
  }

  /** The lanes whose number has a bit, as bits. */
  private static long lanesWith(int bit) {
    long lanes = 0;
    for (int lane = 0; lane < Long.SIZE; lane++) {
      lanes |= (lane & bit) == 0 ? 0 : 1L << lane;
    }
    return lanes;
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
