package dev.millrace.cpu;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Roundings to integers and the sign of float32, lane by lane, with the bits of {@link Math}'s
 * functions: the Vector API has none of them. Straight-line code, which is copied into kernels.
 */
final class VectorRounding {
  private static final int SIGN = 0x80000000;

  /** From here on every float is an integer; adding it to a smaller one rounds that. */
  private static final float INTEGERS = 0x1p23f;

  private VectorRounding() {}

  /** {@link Math#rint}. */
  static FloatVector round(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector rounded = a.add(INTEGERS).sub(INTEGERS);
    IntVector sign = x.reinterpretAsInts().and(SIGN);
    FloatVector signed = rounded.reinterpretAsInts().or(sign).reinterpretAsFloats();
    return x.blend(signed, a.compare(LT, INTEGERS));
  }

  /** {@link Math#floor}: one less where rounding went up. */
  static FloatVector floor(FloatVector x) {
    FloatVector rounded = round(x);
    return rounded.blend(rounded.sub(1), rounded.compare(GT, x));
  }

  /** {@link Math#ceil}. */
  static FloatVector ceil(FloatVector x) {
    return floor(x.neg()).neg();
  }

  /** {@link Math#signum(float)}: 0 and NaN stay. */
  static FloatVector sign(FloatVector x) {
    return x.blend(1, x.compare(GT, 0)).blend(-1, x.compare(LT, 0));
  }
}
