package dev.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Expected values were computed with mpmath in 60 digits, from the double nearest to the argument.
 */
final class SpecialFunctionsTest {
  private static final double TOLERANCE = 1e-15;

  @Test
  void erfHasTheValuesOfTheErrorFunction() {
    double[][] table = {
      {1e-300, 1.1283791670955126e-300},
      {1e-8, 1.1283791670955126e-8},
      {0.1, 0.1124629160182849},
      {0.46875, 0.49261347321793797},
      {0.47, 0.4937450508860821},
      {0.5, 0.5204998778130465},
      {1, 0.8427007929497149},
      {2, 0.9953222650189527},
      {3.5, 0.9999992569016276},
      {5.9, 0.9999999999999999}
    };
    compare(table, SpecialFunctions::erf);
    compare(table, x -> -SpecialFunctions.erf(-x));
  }

  @Test
  void erfcKeepsItsPrecisionInTheTail() {
    double[][] table = {
      {-3, 1.9999779095030015},
      {-0.3, 1.3286267594591274},
      {1e-20, 1},
      {0.3, 0.6713732405408726},
      {0.46875, 0.507386526782062},
      {0.5, 0.4795001221869535},
      {1, 0.15729920705028513},
      {2, 0.004677734981047266},
      {3.99, 1.6739211364520814e-8},
      {4.01, 1.4196939421371052e-8},
      {10, 2.088487583762545e-45},
      {26.5, 2.2109076642637343e-307}
    };
    compare(table, SpecialFunctions::erfc);
  }

  @Test
  void ndtrKeepsItsPrecisionInTheLowerTail() {
    double[][] table = {
      {-37.5, 4.605353009581955e-308},
      {-30.1, 2.4226672179857586e-199},
      {-10, 7.619853024160525e-24},
      {-5.7, 5.990371401063528e-9},
      {-2, 0.02275013194817921},
      {-1, 0.15865525393145705},
      {-0.66, 0.25462691467133614},
      {-0.1, 0.460172162722971},
      {0, 0.5},
      {0.1, 0.539827837277029},
      {1, 0.8413447460685429},
      {3, 0.9986501019683699},
      {8, 0.9999999999999993}
    };
    compare(table, SpecialFunctions::ndtr);
  }

  @Test
  void ndtriHasTheQuantilesOfTheNormalDistribution() {
    double[][] table = {
      {1e-300, -37.0470962993612},
      {1e-100, -21.273453560965326},
      {1e-20, -9.262340089798407},
      {1e-10, -6.361340902404057},
      {0.001, -3.0902323061678136},
      {0.025, -1.9599639845400543},
      {0.07, -1.4757910281791706},
      {0.08, -1.4050715603096327},
      {0.3, -0.5244005127080408},
      {0.49, -0.025068908258711057},
      {0.6, 0.2533471031357997},
      {0.9, 1.2815515655446006},
      {0.975, 1.9599639845400538},
      {0.999, 3.090232306167813}
    };
    compare(table, SpecialFunctions::ndtri);
  }

  @Test
  void erfinvHasTheInverseOfErf() {
    double[][] table = {
      {1e-300, 8.86226925452758e-301},
      {-1e-08, -8.86226925452758e-09},
      {0.3, 0.2724627147267543},
      {-0.85, -1.0179024648320276},
      {0.86, 1.0435418436397588},
      {0.99, 1.8213863677184494},
      {-0.999999999, -4.320005388105362}
    };
    compare(table, SpecialFunctions::erfinv, TOLERANCE);
  }

  @Test
  void endsOfTheRangesAreExact() {
    double infinity = Double.POSITIVE_INFINITY;
    assertEquals(1, SpecialFunctions.erf(infinity));
    assertEquals(-1, SpecialFunctions.erf(-infinity));
    assertEquals(-0.0, SpecialFunctions.erf(-0.0));
    assertEquals(0, SpecialFunctions.erfc(infinity));
    assertEquals(0, SpecialFunctions.erfc(Double.MAX_VALUE));
    assertEquals(2, SpecialFunctions.erfc(-infinity));
    assertEquals(0, SpecialFunctions.ndtr(-infinity));
    assertEquals(1, SpecialFunctions.ndtr(infinity));
    assertEquals(-infinity, SpecialFunctions.ndtri(0.0));
    assertEquals(-infinity, SpecialFunctions.ndtri(-0.0));
    assertEquals(0, SpecialFunctions.ndtri(0.5));
    assertEquals(infinity, SpecialFunctions.ndtri(1.0));
    assertEquals(Float.POSITIVE_INFINITY, SpecialFunctions.ndtri(1f));
    assertEquals(infinity, SpecialFunctions.erfinv(1));
    assertEquals(-infinity, SpecialFunctions.erfinv(-1));
    assertEquals(-0.0, SpecialFunctions.erfinv(-0.0));
  }

  @Test
  void whatIsNoProbabilityAndNaNGiveNaN() {
    for (double p :
        new double[] {Double.NaN, -1e-300, 1.0000000000000002, Double.NEGATIVE_INFINITY}) {
      assertEquals(Double.NaN, SpecialFunctions.ndtri(p));
    }
    assertEquals(Double.NaN, SpecialFunctions.erfinv(1.0000000000000002));
    assertEquals(Double.NaN, SpecialFunctions.erfinv(Double.NaN));
    assertEquals(Double.NaN, SpecialFunctions.erf(Double.NaN));
    assertEquals(Double.NaN, SpecialFunctions.erfc(Double.NaN));
    assertEquals(Double.NaN, SpecialFunctions.ndtr(Double.NaN));
  }

  @Test
  void ndtriInvertsNdtr() {
    for (double x = -37; x < 3; x += 0.0173) {
      double there = SpecialFunctions.ndtr(x);
      // an error of p is multiplied by dx/dp, which is below 1 / (p |x|) in the tails
      assertEquals(x, SpecialFunctions.ndtri(there), 5e-14, "x = " + x);
    }
  }

  @Test
  void ndtriOfFloatIsTheRoundedDouble() {
    for (float p = 0x1p-25f; p < 1; p += 0.00137f) {
      assertEquals((float) SpecialFunctions.ndtri((double) p), SpecialFunctions.ndtri(p));
    }
  }

  private static void compare(double[][] table, DoubleUnaryOperator f) {
    compare(table, f, TOLERANCE);
  }

  /** Relative errors of {@code f} at the arguments of the table. */
  static void compare(double[][] table, DoubleUnaryOperator f, double tolerance) {
    for (double[] row : table) {
      double found = f.applyAsDouble(row[0]);
      double error = Math.abs(found - row[1]) / Math.abs(row[1]);
      assertTrue(error <= tolerance, () -> "f(%s) = %s, not %s".formatted(row[0], found, row[1]));
    }
  }
}
