package dev.millrace.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ScalarMathTest {
  /** Coprime to every power of two, so that all exponents and mantissa endings are met. */
  private static final int STRIDE = 97;

  enum Function {
    EXP,
    EXPM1,
    LOG,
    LOG1P,
    TANH;

    private float apply(float x) {
      return switch (this) {
        case EXP -> ScalarMath.exp(x);
        case EXPM1 -> ScalarMath.expm1(x);
        case LOG -> ScalarMath.log(x);
        case LOG1P -> ScalarMath.log1p(x);
        case TANH -> ScalarMath.tanh(x);
      };
    }

    private double exact(double x) {
      return switch (this) {
        case EXP -> Math.exp(x);
        case EXPM1 -> Math.expm1(x);
        case LOG -> Math.log(x);
        case LOG1P -> Math.log1p(x);
        case TANH -> Math.tanh(x);
      };
    }
  }

  @ParameterizedTest
  @CsvSource({"EXP, 1.02", "EXPM1, 1.45", "LOG, 0.94", "LOG1P, 1.57", "TANH, 1.47"})
  void staysWithinItsErrorOverAllFloats(Function f, double ulps) {
    double worst = 0;
    float at = 0;
    for (long bits = 0; bits < 1L << 32; bits += STRIDE) {
      float x = Float.intBitsToFloat((int) bits);
      double error = error(f.apply(x), f.exact(x));
      if (error > worst) {
        worst = error;
        at = x;
      }
    }
    String found = "%s errs by %.3f ulp at %s".formatted(f, worst, at);
    assertTrue(worst <= ulps, found);
  }

  /** A change of these bits is a change that users see: state it in the list of changes. */
  @ParameterizedTest
  @CsvSource({
    "EXP, 53191661",
    "EXPM1, 1412855812",
    "LOG, 95011847",
    "LOG1P, 18324775",
    "TANH, 993774942"
  })
  void givesTheBitsItHasAlwaysGiven(Function f, int checksum) {
    int sum = 0;
    for (long bits = 0; bits < 1L << 32; bits += 1009) {
      sum = 31 * sum + Float.floatToIntBits(f.apply(Float.intBitsToFloat((int) bits)));
    }
    assertEquals(checksum, sum);
  }

  @ParameterizedTest
  @CsvSource({
    "EXP, 0, 1",
    "EXP, -0.0, 1",
    "EXP, Infinity, Infinity",
    "EXP, -Infinity, 0",
    "EXP, NaN, NaN",
    "EXP, -104, 0",
    "EXP, 88.72284, Infinity",
    "EXP, 3.4E38, Infinity",
    "EXP, -103.97207, 1.4E-45",
    "EXP, -3.4E38, 0",
    "EXPM1, 0, 0",
    "EXPM1, -0.0, -0.0",
    "EXPM1, Infinity, Infinity",
    "EXPM1, -Infinity, -1",
    "EXPM1, NaN, NaN",
    "EXPM1, 1.4E-45, 1.4E-45",
    "EXPM1, -1.4E-45, -1.4E-45",
    "EXPM1, 88.72284, Infinity",
    "EXPM1, -20, -1",
    "LOG, 0, -Infinity",
    "LOG, -0.0, -Infinity",
    "LOG, -1.4E-45, NaN",
    "LOG, -Infinity, NaN",
    "LOG, Infinity, Infinity",
    "LOG, NaN, NaN",
    "LOG, 1, 0",
    "LOG, 1.4E-45, -103.27893",
    "LOG, 3.4028235E38, 88.72284",
    "LOG1P, 0, 0",
    "LOG1P, -0.0, -0.0",
    "LOG1P, -1, -Infinity",
    "LOG1P, -1.0000001, NaN",
    "LOG1P, -Infinity, NaN",
    "LOG1P, Infinity, Infinity",
    "LOG1P, NaN, NaN",
    "LOG1P, 1.4E-45, 1.4E-45",
    "LOG1P, -1.4E-45, -1.4E-45",
    "LOG1P, 3.4028235E38, 88.72284",
    "TANH, 0, 0",
    "TANH, -0.0, -0.0",
    "TANH, Infinity, 1",
    "TANH, -Infinity, -1",
    "TANH, NaN, NaN",
    "TANH, 1.4E-45, 1.4E-45",
    "TANH, -1.4E-45, -1.4E-45",
    "TANH, 9.1, 1",
    "TANH, -3.4E38, -1"
  })
  void hasExactResultsAtSpecialValues(Function f, float x, float expected) {
    assertEquals(expected, f.apply(x));
  }

  @Test
  void tanhIsOdd() {
    for (int bits = 0; bits < 0x7F800000; bits += STRIDE * 1000) {
      float x = Float.intBitsToFloat(bits);
      assertEquals(-ScalarMath.tanh(x), ScalarMath.tanh(-x));
    }
  }

  /** Distance in units of the last place of the exact value; infinity stands for 2^128. */
  private static double error(float found, double exact) {
    float nearest = (float) exact;
    if (Float.compare(found, nearest) == 0) {
      return Math.abs(found - exact) <= Float.MAX_VALUE ? Math.abs(found - exact) / ulp(exact) : 0;
    }
    if (Float.isNaN(found) || Float.isNaN(nearest) || (found == 0 && nearest == 0)) {
      return Double.POSITIVE_INFINITY;
    }
    double finite = Float.isInfinite(found) ? Math.copySign(0x1p128, found) : found;
    return Math.abs(finite - exact) / ulp(exact);
  }

  private static double ulp(double exact) {
    int exponent = Math.clamp(Math.getExponent(exact), Float.MIN_EXPONENT, Float.MAX_EXPONENT);
    return Math.scalb(1.0, exponent - 23);
  }
}
