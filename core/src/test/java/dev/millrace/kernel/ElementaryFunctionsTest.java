package dev.millrace.kernel;

import static dev.millrace.kernel.SpecialFunctionsTest.compare;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Expected values were computed with mpmath in 60 digits, from the double nearest to the argument.
 */
final class ElementaryFunctionsTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final double TOLERANCE = 4e-15;

  @Test
  void asinhHasTheInverseOfSinh() {
    double[][] table = {
      {1e-300, 1e-300},
      {-1e-09, -1e-09},
      {0.3, 0.29567304756342244},
      {-1.5, -1.1947632172871092},
      {30.0, 4.09462222433053},
      {-10000000000.0, -23.7189981105004},
      {1e+300, 691.4686750787737}
    };
    compare(table, ElementaryFunctions::asinh, TOLERANCE);
  }

  @Test
  void acoshHasTheInverseOfCosh() {
    double[][] table = {
      {1.0000000001, 1.4142136208675862e-05},
      {1.2, 0.6223625037147786},
      {3.0, 1.762747174039086},
      {100000.0, 12.206072645505174},
      {1e+300, 691.4686750787737}
    };
    compare(table, ElementaryFunctions::acosh, TOLERANCE);
  }

  @Test
  void atanhHasTheInverseOfTanh() {
    double[][] table = {
      {1e-300, 1e-300},
      {-1e-09, -1e-09},
      {0.3, 0.3095196042031117},
      {-0.5, -0.5493061443340549},
      {0.999999, 7.254328619247669}
    };
    compare(table, ElementaryFunctions::atanh, TOLERANCE);
  }

  @Test
  void exp2HasPowersOfTwo() {
    double[][] table = {
      {-1074.0, 5e-324},
      {-1022.5, 1.5733648139913585e-308},
      {-300.3, 3.9874229311247834e-91},
      {-0.1, 0.9330329915368074},
      {1e-17, 1.0},
      {0.5, 1.4142135623730951},
      {3.0, 8.0},
      {10.7, 1663.4929077375696},
      {1023.9, 1.6773070034857416e+308}
    };
    compare(table, ElementaryFunctions::exp2, TOLERANCE);
  }

  @Test
  void log2HasBinaryLogarithms() {
    double[][] table = {
      {5e-324, -1074.0},
      {1e-310, -1029.7977094150824},
      {0.7, -0.5145731728297583},
      {0.999999, -1.4426957622784505e-06},
      {1.000001, 1.4426943194232382e-06},
      {3.0, 1.584962500721156},
      {1e+300, 996.5784284662087}
    };
    compare(table, ElementaryFunctions::log2, TOLERANCE);
  }

  @Test
  void sincHasTheCardinalSine() {
    double[][] table = {
      {1e-20, 1.0},
      {0.0001, 0.9999999835506594},
      {0.5, 0.6366197723675814},
      {-1.3, -0.19809085184633995},
      {7.25, -0.031045390212314002},
      {1000.5, 0.00031815081077840146}
    };
    compare(table, x -> ElementaryFunctions.sinc(0, x), TOLERANCE);
  }

  @Test
  void sincHasItsFirstDerivative() {
    double[][] table = {
      {1e-20, -3.289868133696453e-20},
      {0.0001, -0.0003289868101226756},
      {0.4, -1.119524335664274},
      {-0.7, 1.3652403755203533},
      {3.3, -0.15446953399126914}
    };
    compare(table, x -> ElementaryFunctions.sinc(1, x), TOLERANCE);
  }

  @Test
  void sincHasItsSecondDerivative() {
    double[][] table = {
      {1e-20, -3.289868133696453},
      {0.0001, -3.2898680362873622},
      {0.4, -1.8719587335325203},
      {-0.9, 1.5394726848616678},
      {3.3, 0.8638002770121719}
    };
    compare(table, x -> ElementaryFunctions.sinc(2, x), TOLERANCE);
  }

  @Test
  void powersOfTwoAreExactInBothDirections() {
    for (int n = -1074; n < 1024; n++) {
      assertEquals(Math.scalb(1.0, n), ElementaryFunctions.exp2(n));
      assertEquals(n, ElementaryFunctions.log2(Math.scalb(1.0, n)));
    }
  }

  @Test
  void endsOfTheRangesAreExact() {
    assertEquals(INFINITY, ElementaryFunctions.asinh(INFINITY));
    assertEquals(-0.0, ElementaryFunctions.asinh(-0.0));
    assertEquals(0, ElementaryFunctions.acosh(1));
    assertEquals(INFINITY, ElementaryFunctions.acosh(INFINITY));
    assertEquals(INFINITY, ElementaryFunctions.atanh(1));
    assertEquals(-INFINITY, ElementaryFunctions.atanh(-1));
    assertEquals(-0.0, ElementaryFunctions.atanh(-0.0));
    assertEquals(INFINITY, ElementaryFunctions.exp2(1024));
    assertEquals(0, ElementaryFunctions.exp2(-1076));
    assertEquals(0, ElementaryFunctions.exp2(-INFINITY));
    assertEquals(-INFINITY, ElementaryFunctions.log2(0));
    assertEquals(INFINITY, ElementaryFunctions.log2(INFINITY));
    assertEquals(1, ElementaryFunctions.sinc(0, 0));
    assertEquals(0, ElementaryFunctions.sinc(0, 4), "whole numbers are roots");
    assertEquals(0, ElementaryFunctions.sinc(0, -INFINITY));
    assertEquals(0, ElementaryFunctions.sinc(1, 0));
  }

  @Test
  void whatIsOutsideOfTheDomainAndNaNGiveNaN() {
    assertEquals(Double.NaN, ElementaryFunctions.acosh(0.999));
    assertEquals(Double.NaN, ElementaryFunctions.acosh(-INFINITY));
    assertEquals(Double.NaN, ElementaryFunctions.atanh(1.001));
    assertEquals(Double.NaN, ElementaryFunctions.log2(-1));
    assertEquals(Double.NaN, ElementaryFunctions.asinh(Double.NaN));
    assertEquals(Double.NaN, ElementaryFunctions.exp2(Double.NaN));
    assertEquals(Double.NaN, ElementaryFunctions.sinc(0, Double.NaN));
    assertEquals(Double.NaN, ElementaryFunctions.sinc(2, Double.NaN));
    assertEquals(Double.NaN, ElementaryFunctions.sinc(-1, 1));
    assertEquals(Double.NaN, ElementaryFunctions.floorDivide(Double.NaN, 1));
  }

  /** BigDecimal divides the exact numbers. */
  @Test
  void floorDivideRoundsTheExactQuotientDown() {
    var random = new SplittableRandom(4);
    for (int i = 0; i < 10_000; i++) {
      double b = random.nextInt(-20, 21) / 10.0;
      double a = random.nextInt(4) == 0 ? b * random.nextInt(50) : random.nextDouble(-9, 9);
      if (b != 0 && a != 0) {
        double expected =
            new BigDecimal(a).divide(new BigDecimal(b), 0, RoundingMode.FLOOR).doubleValue();
        assertEquals(expected, ElementaryFunctions.floorDivide(a, b) + 0.0, a + " / " + b);
      }
    }
    assertEquals(9, ElementaryFunctions.floorDivide(1, 0.1));
  }

  @Test
  void floorDivideByZeroAndInfinityIsTheQuotient() {
    assertEquals(INFINITY, ElementaryFunctions.floorDivide(1, 0));
    assertEquals(-INFINITY, ElementaryFunctions.floorDivide(1, -0.0));
    assertTrue(Double.isNaN(ElementaryFunctions.floorDivide(0, 0)));
    assertEquals(0, ElementaryFunctions.floorDivide(1, INFINITY));
    assertEquals(-1, ElementaryFunctions.floorDivide(-1, INFINITY));
    assertEquals(-0.0, ElementaryFunctions.floorDivide(-0.0, INFINITY));
  }
}
