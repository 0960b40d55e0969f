package dev.millrace.kernel;

import static dev.millrace.kernel.SpecialFunctionsTest.compare;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/**
 * Expected values were computed with mpmath in 60 digits, from the double nearest to the argument.
 */
final class GammaFunctionsTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final double TOLERANCE = 4e-15;

  @Test
  void lgammaHasTheLogarithmOfTheGammaFunction() {
    double[][] table = {
      {1e-300, 690.7755278982137},
      {1e-10, 23.025850929882736},
      {0.3, 1.0957979948180756},
      {0.7, 0.26086724653166654},
      {0.999999, 5.772164873855652e-07},
      {1.000001, -5.772148423874147e-07},
      {1.4, -0.1196129141723713},
      {1.999999, -4.227840125965854e-07},
      {2.1, 0.04543773854448518},
      {2.7, 0.4348205536551047},
      {4.5, 2.4537365708424423},
      {9.99, 12.779315214350193},
      {10.5, 13.940625219403763},
      {171.5, 709.1431630309282},
      {10000000000.0, 220258509288.81058},
      {1e+300, 6.897755278982137e+302},
      {-0.3, 1.4648400508576025},
      {-1.5, 0.860047015376481},
      {-7.25, -7.54188344347575}
    };
    compare(table, GammaFunctions::lgamma, TOLERANCE);
  }

  @Test
  void digammaHasTheSlopeOfLgamma() {
    double[][] table = {
      {1e-300, -9.999999999999999e+299},
      {0.1, -10.423754940411076},
      {0.5, -1.9635100260214235},
      {1.0, -0.5772156649015329},
      {1.46, -0.0015805619870834522},
      {1.4616321449683622, -9.241265521729427e-17},
      {1.4616321449683625, 1.2245374622004068e-16},
      {1.8, 0.28499143329386156},
      {2.0, 0.42278433509846713},
      {5.5, 1.6110931485817512},
      {20.0, 2.970523992242149},
      {10000000000.0, 23.025850929890456},
      {-0.3, 2.113309779635399},
      {-1.7, -1.4857174995110567},
      {-20.5, 3.044616882512525}
    };
    compare(table, x -> GammaFunctions.polygamma(0, x), TOLERANCE);
  }

  @Test
  void trigammaHasTheSlopeOfDigamma() {
    double[][] table = {
      {1e-100, 1e+200},
      {0.1, 101.43329915079275},
      {1.0, 1.6449340668482264},
      {2.5, 0.49035775610023485},
      {30.0, 0.033895060357739946},
      {10000000000.0, 1.00000000005e-10},
      {-0.4, 9.886209670902357},
      {-7.3, 14.951383181433922}
    };
    compare(table, x -> GammaFunctions.polygamma(1, x), TOLERANCE);
  }

  @Test
  void polygammaHasDerivativesOfAnyOrder() {
    double[][] table = {
      {0.1, 120000069.30751093},
      {1.0, 122.0811674381339},
      {2.5, 0.5785691785671835},
      {30.0, 1.0726994936161623e-06},
      {100000.0, 2.4000600006e-24},
      {-0.4, 31876.50690776846},
      {-7.3, 165660.1736387418}
    };
    compare(table, x -> GammaFunctions.polygamma(5, x), TOLERANCE);
  }

  @Test
  void lgammaOfWholeNumbersIsTheLogarithmOfFactorials() {
    assertEquals(0, GammaFunctions.lgamma(1));
    assertEquals(0, GammaFunctions.lgamma(2));
    double factorial = 1;
    for (int n = 3; n < 30; n++) {
      factorial *= n - 1;
      assertEquals(Math.log(factorial), GammaFunctions.lgamma(n), 1e-15 * Math.log(factorial));
    }
  }

  @Test
  void lgammaIsInfiniteAtThePolesAndAtTheEnds() {
    for (double x : new double[] {0, -0.0, -1, -2, -1e17, INFINITY, -INFINITY}) {
      assertEquals(INFINITY, GammaFunctions.lgamma(x), "x = " + x);
    }
    assertEquals(Double.NaN, GammaFunctions.lgamma(Double.NaN));
  }

  @Test
  void polygammaTellsTheSideOfThePoleAtZeroOnly() {
    assertEquals(-INFINITY, GammaFunctions.polygamma(0, 0.0));
    assertEquals(INFINITY, GammaFunctions.polygamma(0, -0.0));
    assertEquals(Double.NaN, GammaFunctions.polygamma(0, -3));
    assertEquals(INFINITY, GammaFunctions.polygamma(1, -3));
    assertEquals(INFINITY, GammaFunctions.polygamma(1, 0));
    assertEquals(INFINITY, GammaFunctions.polygamma(0, INFINITY));
    assertEquals(0, GammaFunctions.polygamma(1, INFINITY));
    assertEquals(Double.NaN, GammaFunctions.polygamma(0, -INFINITY));
    assertEquals(Double.NaN, GammaFunctions.polygamma(0, Double.NaN));
    assertEquals(Double.NaN, GammaFunctions.polygamma(3, Double.NaN));
    assertEquals(Double.NaN, GammaFunctions.polygamma(-1, 1));
  }
}
