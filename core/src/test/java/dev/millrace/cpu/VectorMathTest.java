package dev.millrace.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Scalar and vector form must agree to the bit, or results would depend on when C2 gets to work.
 */
final class VectorMathTest {
  private static final int BLOCK = 1024;

  /** Where a formula or a range ends; tested with both signs. */
  private static final float[] CORNERS = {
    Float.NaN,
    Float.POSITIVE_INFINITY,
    Float.MAX_VALUE,
    Float.MIN_NORMAL,
    Float.MIN_VALUE,
    0f,
    1 / 3f,
    0.3465736f,
    0.55f,
    2 / 3f,
    1f,
    4 / 3f,
    10f,
    64f,
    87.4f,
    88.72283f,
    88.72284f,
    89f,
    103.97207f,
    104f
  };

  static final VectorSpecies<?>[] SPECIES = {
    FloatVector.SPECIES_64,
    FloatVector.SPECIES_128,
    FloatVector.SPECIES_256,
    FloatVector.SPECIES_512,
    FloatVector.SPECIES_PREFERRED
  };

  enum Function {
    EXP,
    EXPM1,
    LOG,
    LOG1P,
    TANH;

    private float scalar(float x) {
      return switch (this) {
        case EXP -> ScalarMath.exp(x);
        case EXPM1 -> ScalarMath.expm1(x);
        case LOG -> ScalarMath.log(x);
        case LOG1P -> ScalarMath.log1p(x);
        case TANH -> ScalarMath.tanh(x);
      };
    }

    private FloatVector vector(FloatVector x) {
      return switch (this) {
        case EXP -> VectorMath.exp(x);
        case EXPM1 -> VectorMath.expm1(x);
        case LOG -> VectorMath.log(x);
        case LOG1P -> VectorMath.log1p(x);
        case TANH -> VectorMath.tanh(x);
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void givesTheBitsOfTheScalarFormOverAllFloats(Function f) {
    float[] x = new float[BLOCK];
    for (long bits = 0; bits < 1L << 32; ) {
      for (int i = 0; i < BLOCK; i++, bits += 997) {
        x[i] = Float.intBitsToFloat((int) bits);
      }
      compare(f, FloatVector.SPECIES_PREFERRED, x);
    }
  }

  @ParameterizedTest
  @FieldSource("SPECIES")
  void givesTheBitsOfTheScalarFormInEverySpecies(VectorSpecies<Float> species) {
    float[] x = new float[BLOCK];
    for (int i = 0; i < BLOCK / 2; i++) {
      x[2 * i] = i < CORNERS.length ? CORNERS[i] : i * 0.21f;
      x[2 * i + 1] = -x[2 * i];
    }
    Stream.of(Function.values()).forEach(f -> compare(f, species, x));
  }

  private static void compare(Function f, VectorSpecies<Float> species, float[] x) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i += species.length()) {
      f.vector(FloatVector.fromArray(species, x, i)).intoArray(y, i);
    }
    for (int i = 0; i < x.length; i++) {
      int expected = Float.floatToIntBits(f.scalar(x[i]));
      if (expected != Float.floatToIntBits(y[i])) {
        assertEquals(Float.intBitsToFloat(expected), y[i], f + " of " + x[i]);
      }
    }
  }
}
