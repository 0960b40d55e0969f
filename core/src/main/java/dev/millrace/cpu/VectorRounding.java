package dev.millrace.cpu;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.IS_NAN;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Roundings to integers and to bfloat16, and the sign of float32, lane by lane, with the bits of
 * {@link Math}'s functions: the Vector API has none of them. Straight-line code, which is copied
 * into kernels.
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

  /** The nearest bfloat16, bit by bit as {@code ElementBits.roundToBfloat16} has it. */
  static FloatVector roundToBfloat16(FloatVector x) {
    IntVector bits = x.reinterpretAsInts();
    IntVector odd = bits.lanewise(LSHR, 16).and(1);
    IntVector rounded = bits.add(odd).add(0x7fff).and(0xffff0000);
    IntVector quiet = bits.or(0x400000).and(0xffff0000);
    FloatVector number = rounded.reinterpretAsFloats();
    return number.blend(quiet.reinterpretAsFloats(), x.test(IS_NAN));
  }
}
