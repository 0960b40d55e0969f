package dev.millrace.cpu;

/**
 * float32 exponentials and logarithms, one number at a time; {@link VectorMath} is the same
 * computation lane by lane.
 *
 * <p>Each function is a fixed sequence of IEEE 754 operations (addition, multiplication, fused
 * multiply-add, division, integer shifts and selection), each rounded once as the standard says.
 * The two classes follow the same sequence, line by line, and so they give the same bits on every
 * machine: a program may change between scalar and vector kernels at any time. Change both or none.
 *
 * <p>All functions are total. NaN gives NaN; results below the normal range are rounded to the
 * nearest subnormal number, never flushed to 0. The polynomials are minimax approximations (Remez's
 * exchange) with coefficients rounded to float32. Errors are in units of the last place of the
 * exact result and the greatest found over every float32 there is.
 */
public final class ScalarMath {
  static final float LOG2_E = 0x1.715476p0f;

  /**
   * ln 2 in two parts; the upper one has 12 bits, so that n times it is exact for |n| up to 2^12.
   */
  static final float LN2_HIGH = 0x1.62ep-1f;

  static final float LN2_LOW = 0x1.0bfbe8p-15f;
  static final float LN2 = 0x1.62e430p-1f;

  /**
   * 1.5 * 2^23: adding it to a number below 2^22 in magnitude rounds that to an integer, which then
   * stands in the low bits of the sum's representation.
   */
  static final float ROUND = 0x1.8p23f;

  static final int ROUND_BITS = 0x4B400000;
  static final int ONE_BITS = 0x3F800000;
  static final int TWO_BITS = 0x40000000;
  static final int TWO_THIRDS_BITS = 0x3F2AAAAB;
  static final int SIGN = 0x80000000;
  static final int EXPONENT = 0xFF800000;
  static final int MANTISSA_WIDTH = 23;

  /** Where exp is certain to have become 0, and infinite. */
  static final float EXP_LEAST = -104;

  static final float EXP_GREATEST = 89;

  /** Where expm1 has long been -1. */
  static final float EXPM1_LEAST = -64;

  /** {@code (e^r - 1 - r) / r^2} on |r| <= ln(2)/2, for e^r within 2^-28. */
  static final float EXP_0 = 0x1.fffffcp-2f;

  static final float EXP_1 = 0x1.555492p-3f;
  static final float EXP_2 = 0x1.5558f4p-5f;
  static final float EXP_3 = 0x1.123a20p-7f;
  static final float EXP_4 = 0x1.6a23c8p-10f;

  /** The same one degree higher, for e^r - 1 within 2^-28.7. */
  static final float EXPM1_0 = 0x1p-1f;

  static final float EXPM1_1 = 0x1.555554p-3f;
  static final float EXPM1_2 = 0x1.5554b0p-5f;
  static final float EXPM1_3 = 0x1.11118ap-7f;
  static final float EXPM1_4 = 0x1.6d723ep-10f;
  static final float EXPM1_5 = 0x1.a032c0p-13f;

  /** {@code (log(1 + f) - f) / f^2} on |f| <= 1/3, for log(1 + f) within 2^-26.5. */
  static final float LOG_0 = -0x1p-1f;

  static final float LOG_1 = 0x1.555502p-2f;
  static final float LOG_2 = -0x1.fffe84p-3f;
  static final float LOG_3 = 0x1.99d220p-3f;
  static final float LOG_4 = -0x1.55a796p-3f;
  static final float LOG_5 = 0x1.1ebb34p-3f;
  static final float LOG_6 = -0x1.f2563cp-4f;
  static final float LOG_7 = 0x1.1ee278p-3f;
  static final float LOG_8 = -0x1.0943b8p-3f;

  /** Below this tanh is a polynomial, above it comes from exp. */
  static final float TANH_NEAR = 0.55f;

  /** Where tanh has long been 1. */
  static final float TANH_GREATEST = 10;

  /**
   * {@code (tanh(a) - a) / a^3} as a polynomial in a^2 up to TANH_NEAR, for tanh within 2^-27.7.
   */
  static final float TANH_0 = -0x1.55554ap-2f;

  static final float TANH_1 = 0x1.110d26p-3f;
  static final float TANH_2 = -0x1.b9287ap-5f;
  static final float TANH_3 = 0x1.593d00p-6f;
  static final float TANH_4 = -0x1.9b3020p-8f;

  private ScalarMath() {}

  /**
   * {@code e^x}.
   *
   * <p>{@code x = n ln 2 + r} with |r| <= ln(2)/2, and {@code e^r = 1 + r + r^2 q(r)} with q of
   * degree 4. The scaling by 2^n is done in two halves, of which only the second can round: the
   * first leaves the normal range neither way. Error at most 1.01 ulp.
   */
  public static float exp(float x) {
    float c = clamp(x, EXP_LEAST, EXP_GREATEST);
    float rounded = Math.fma(c, LOG2_E, ROUND);
    float y = expOfRest(rest(c, rounded - ROUND));
    int n = Float.floatToRawIntBits(rounded);
    int half = n >> 1;
    return y * powerOfTwo(half) * powerOfTwo(n - half);
  }

  /**
   * {@code e^x - 1}, accurate near 0 and keeping -0.
   *
   * <p>{@code x = n ln 2 + r} as for exp, {@code p = e^r - 1 = r + r^2 q(r)} with q of degree 5,
   * and the result is {@code 2^n p + (2^n - 1)}; twice the half of it, because 2^128 is no float32.
   * Where n = 0 it is p itself. Error at most 1.44 ulp.
   */
  public static float expm1(float x) {
    float c = clamp(x, EXPM1_LEAST, EXP_GREATEST);
    float rounded = Math.fma(c, LOG2_E, ROUND);
    float n = rounded - ROUND;
    float r = rest(c, n);
    float q = Math.fma(r, EXPM1_5, EXPM1_4);
    q = Math.fma(q, r, EXPM1_3);
    q = Math.fma(q, r, EXPM1_2);
    q = Math.fma(q, r, EXPM1_1);
    q = Math.fma(q, r, EXPM1_0);
    float p = Math.fma(q, r * r, r);
    float half = powerOfTwo(Float.floatToRawIntBits(rounded) - 1);
    float y = 2 * Math.fma(p, half, half - 0.5f);
    y = n == 0 ? p : y;
    return x == 0 ? x : y;
  }

  /**
   * Natural logarithm: minus infinity at 0, NaN below, infinity at infinity.
   *
   * <p>{@code x = 2^k (1 + f)} with 1 + f in [2/3, 4/3), where f is exact, and {@code log x = k ln
   * 2 + log(1 + f)}. Subnormal numbers are scaled into the normal range first. Error at most 0.94
   * ulp.
   */
  public static float log(float x) {
    boolean subnormal = x < Float.MIN_NORMAL;
    float z = subnormal ? x * 0x1p23f : x;
    int bits = Float.floatToRawIntBits(z);
    int exponent = (bits - TWO_THIRDS_BITS) & EXPONENT;
    float f = Float.intBitsToFloat(bits - exponent) - 1;
    float minusK = minusPower(exponent) + (subnormal ? 23 : 0);
    float y = logOfProduct(minusK, f);
    y = x < Float.POSITIVE_INFINITY ? y : x;
    y = x == 0 ? Float.NEGATIVE_INFINITY : y;
    return x < 0 ? Float.NaN : y;
  }

  /**
   * {@code log(1 + x)}, accurate near 0 and keeping -0: minus infinity at -1, NaN below.
   *
   * <p>{@code 1 + x = 2^k (1 + f)}; k comes from the rounded sum, but {@code f = 2^-k x - (1 -
   * 2^-k)} from x itself. Error at most 1.57 ulp.
   */
  public static float log1p(float x) {
    int exponent = (Float.floatToRawIntBits(1 + x) - TWO_THIRDS_BITS) & EXPONENT;
    float scaled = Float.intBitsToFloat(Float.floatToRawIntBits(x) - exponent);
    float twice = Float.intBitsToFloat(TWO_BITS - exponent);
    float f = scaled - Math.fma(twice, -0.5f, 1f);
    float y = logOfProduct(minusPower(exponent), f);
    y = x < Float.POSITIVE_INFINITY ? y : x;
    y = x == -1 ? Float.NEGATIVE_INFINITY : y;
    return x < -1 ? Float.NaN : y;
  }

  /**
   * Hyperbolic tangent, exactly odd.
   *
   * <p>With {@code a = |x|}: up to 0.55 {@code a + a^3 p(a^2)} with p of degree 4, beyond it {@code
   * 1 - 2 / (e^2a + 1)}. Error at most 1.47 ulp.
   */
  public static float tanh(float x) {
    float a = Math.abs(x);
    float y = a < TANH_NEAR ? tanhNearZero(a) : tanhFromExp(a);
    int sign = Float.floatToRawIntBits(x) & SIGN;
    return Float.intBitsToFloat(Float.floatToRawIntBits(y) | sign);
  }

  private static float tanhNearZero(float a) {
    float z = a * a;
    float p = Math.fma(z, TANH_4, TANH_3);
    p = Math.fma(p, z, TANH_2);
    p = Math.fma(p, z, TANH_1);
    p = Math.fma(p, z, TANH_0);
    return Math.fma(p, a * z, a);
  }

  private static float tanhFromExp(float a) {
    float c = 2 * (a > TANH_GREATEST ? TANH_GREATEST : a);
    float rounded = Math.fma(c, LOG2_E, ROUND);
    float y = expOfRest(rest(c, rounded - ROUND));
    y *= powerOfTwo(Float.floatToRawIntBits(rounded));
    return 1 - 2 / (y + 1);
  }

  /** x within [least, greatest]; NaN stays. */
  private static float clamp(float x, float least, float greatest) {
    float c = x < least ? least : x;
    return x > greatest ? greatest : c;
  }

  /** {@code x - n ln 2}; the inner product is exact, and so is the inner difference. */
  private static float rest(float x, float n) {
    return Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
  }

  private static float expOfRest(float r) {
    float q = Math.fma(r, EXP_4, EXP_3);
    q = Math.fma(q, r, EXP_2);
    q = Math.fma(q, r, EXP_1);
    q = Math.fma(q, r, EXP_0);
    return Math.fma(q, r * r, r) + 1;
  }

  /** {@code 2^n} for n in [-126, 127], read from the low nine bits of n. */
  private static float powerOfTwo(int n) {
    return Float.intBitsToFloat((n << MANTISSA_WIDTH) + ONE_BITS);
  }

  /**
   * {@code -k} of the exponent bits {@code k << 23}. Negative so that k = 0 leaves log1p(-0) its
   * sign.
   */
  private static float minusPower(int exponent) {
    return ROUND - Float.intBitsToFloat((exponent >> MANTISSA_WIDTH) + ROUND_BITS);
  }

  /** {@code log(2^k (1 + f)) = k ln 2 + f + f^2 q(f)} with q of degree 8. */
  private static float logOfProduct(float minusK, float f) {
    float q = Math.fma(f, LOG_8, LOG_7);
    q = Math.fma(q, f, LOG_6);
    q = Math.fma(q, f, LOG_5);
    q = Math.fma(q, f, LOG_4);
    q = Math.fma(q, f, LOG_3);
    q = Math.fma(q, f, LOG_2);
    q = Math.fma(q, f, LOG_1);
    q = Math.fma(q, f, LOG_0);
    return Math.fma(minusK, -LN2, Math.fma(q, f * f, f));
  }
}
