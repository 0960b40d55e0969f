package dev.millrace.cpu;

import static dev.millrace.cpu.ScalarMath.*;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * float32 exponentials and logarithms on vectors of any species: {@link ScalarMath} lane by lane,
 * with the same bits as results. Formulas, accuracy and special values are described there.
 *
 * <p>There are no branches: lanes that need another formula are blended in. Kernels contain copies
 * of these methods ({@link MethodBodies} says why) instead of calls, so they must stay
 * straight-line code without overloads. Nothing is allocated once C2 has compiled the kernel; until
 * then each operation boxes its result.
 */
public final class VectorMath {
  private VectorMath() {}

  /** {@code e^x} of each lane, as {@link ScalarMath#exp}. */
  public static FloatVector exp(FloatVector x) {
    FloatVector c = clamp(x, EXP_LEAST, EXP_GREATEST);
    FloatVector rounded = c.fma(LOG2_E, ROUND);
    FloatVector y = expOfRest(rest(c, rounded.sub(ROUND)));
    IntVector n = rounded.reinterpretAsInts();
    IntVector half = n.lanewise(ASHR, 1);
    return y.mul(powerOfTwo(half)).mul(powerOfTwo(n.sub(half)));
  }

  /** {@code e^x - 1} of each lane, as {@link ScalarMath#expm1}. */
  public static FloatVector expm1(FloatVector x) {
    FloatVector c = clamp(x, EXPM1_LEAST, EXP_GREATEST);
    FloatVector rounded = c.fma(LOG2_E, ROUND);
    FloatVector n = rounded.sub(ROUND);
    FloatVector r = rest(c, n);
    FloatVector q = r.fma(EXPM1_5, EXPM1_4);
    q = q.lanewise(FMA, r, EXPM1_3);
    q = q.lanewise(FMA, r, EXPM1_2);
    q = q.lanewise(FMA, r, EXPM1_1);
    q = q.lanewise(FMA, r, EXPM1_0);
    FloatVector p = q.fma(r.mul(r), r);
    FloatVector half = powerOfTwo(rounded.reinterpretAsInts().sub(1));
    FloatVector y = p.fma(half, half.sub(0.5f)).mul(2);
    return y.blend(p, n.compare(EQ, 0)).blend(x, x.compare(EQ, 0));
  }

  /** Natural logarithm of each lane, as {@link ScalarMath#log}. */
  public static FloatVector log(FloatVector x) {
    VectorMask<Float> subnormal = x.compare(LT, Float.MIN_NORMAL);
    IntVector bits = x.blend(x.mul(0x1p23f), subnormal).reinterpretAsInts();
    IntVector exponent = bits.sub(TWO_THIRDS_BITS).and(EXPONENT);
    FloatVector f = bits.sub(exponent).reinterpretAsFloats().sub(1);
    FloatVector minusK = minusPower(exponent);
    FloatVector y = logOfProduct(minusK.blend(minusK.add(23), subnormal), f);
    y = x.blend(y, x.compare(LT, Float.POSITIVE_INFINITY));
    y = y.blend(Float.NEGATIVE_INFINITY, x.compare(EQ, 0));
    return y.blend(Float.NaN, x.compare(LT, 0));
  }

  /** {@code log(1 + x)} of each lane, as {@link ScalarMath#log1p}. */
  public static FloatVector log1p(FloatVector x) {
    IntVector exponent = x.add(1).reinterpretAsInts().sub(TWO_THIRDS_BITS).and(EXPONENT);
    FloatVector scaled = x.reinterpretAsInts().sub(exponent).reinterpretAsFloats();
    IntVector twice = exponent.broadcast(TWO_BITS).sub(exponent);
    FloatVector f = scaled.sub(twice.reinterpretAsFloats().fma(-0.5f, 1));
    FloatVector y = logOfProduct(minusPower(exponent), f);
    y = x.blend(y, x.compare(LT, Float.POSITIVE_INFINITY));
    y = y.blend(Float.NEGATIVE_INFINITY, x.compare(EQ, -1));
    return y.blend(Float.NaN, x.compare(LT, -1));
  }

  /** Hyperbolic tangent of each lane, as {@link ScalarMath#tanh}. */
  public static FloatVector tanh(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector y = tanhFromExp(a).blend(tanhNearZero(a), a.compare(LT, TANH_NEAR));
    IntVector sign = x.reinterpretAsInts().and(SIGN);
    return y.reinterpretAsInts().or(sign).reinterpretAsFloats();
  }

  private static FloatVector tanhNearZero(FloatVector a) {
    FloatVector z = a.mul(a);
    FloatVector p = z.fma(TANH_4, TANH_3);
    p = p.lanewise(FMA, z, TANH_2);
    p = p.lanewise(FMA, z, TANH_1);
    p = p.lanewise(FMA, z, TANH_0);
    return p.fma(a.mul(z), a);
  }

  private static FloatVector tanhFromExp(FloatVector a) {
    FloatVector c = a.blend(TANH_GREATEST, a.compare(GT, TANH_GREATEST)).mul(2);
    FloatVector rounded = c.fma(LOG2_E, ROUND);
    FloatVector y = expOfRest(rest(c, rounded.sub(ROUND)));
    y = y.mul(powerOfTwo(rounded.reinterpretAsInts()));
    return y.broadcast(1).sub(y.broadcast(2).div(y.add(1)));
  }

  private static FloatVector clamp(FloatVector x, float least, float greatest) {
    return x.blend(least, x.compare(LT, least)).blend(greatest, x.compare(GT, greatest));
  }

  private static FloatVector rest(FloatVector x, FloatVector n) {
    return n.fma(n.broadcast(-LN2_LOW), n.fma(n.broadcast(-LN2_HIGH), x));
  }

  private static FloatVector expOfRest(FloatVector r) {
    FloatVector q = r.fma(EXP_4, EXP_3);
    q = q.lanewise(FMA, r, EXP_2);
    q = q.lanewise(FMA, r, EXP_1);
    q = q.lanewise(FMA, r, EXP_0);
    return q.fma(r.mul(r), r).add(1);
  }

  private static FloatVector powerOfTwo(IntVector n) {
    return n.lanewise(LSHL, MANTISSA_WIDTH).add(ONE_BITS).reinterpretAsFloats();
  }

  private static FloatVector minusPower(IntVector exponent) {
    IntVector k = exponent.lanewise(ASHR, MANTISSA_WIDTH);
    FloatVector shifted = k.add(ROUND_BITS).reinterpretAsFloats();
    return shifted.broadcast(ROUND).sub(shifted);
  }

  private static FloatVector logOfProduct(FloatVector minusK, FloatVector f) {
    FloatVector q = f.fma(LOG_8, LOG_7);
    q = q.lanewise(FMA, f, LOG_6);
    q = q.lanewise(FMA, f, LOG_5);
    q = q.lanewise(FMA, f, LOG_4);
    q = q.lanewise(FMA, f, LOG_3);
    q = q.lanewise(FMA, f, LOG_2);
    q = q.lanewise(FMA, f, LOG_1);
    q = q.lanewise(FMA, f, LOG_0);
    FloatVector logOfRest = q.fma(f.mul(f), f);
    return minusK.fma(minusK.broadcast(-LN2), logOfRest);
  }
}
