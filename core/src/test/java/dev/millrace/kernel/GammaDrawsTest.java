package dev.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Slopes of gamma draws against figures of 40 digits, computed from the incomplete function. */
class GammaDrawsTest {
  private static final double[][] SLOPES = {
    {0.05, 1e-9, 4.0450841731631752e-7},
    {0.3, 0.05, 0.49471098700413124},
    {1, 1, 1.1735630272247269},
    {2.5, 0.4, 0.36971341461733993},
    {2.5, 7, 1.7099029814556471},
    {40, 33, 0.91067849713544775},
    {1e4, 1.01e4, 1.0050001660066193},
  };

  @Test
  void slopesHaveTwelveDigits() {
    for (double[] one : SLOPES) {
      assertEquals(one[2], GammaDraws.slope(one[0], one[1]), 1e-12 * one[2]);
    }
  }

  @Test
  void slopesInTheUpperTailLoseAsManyDigitsAsItsChanceHas() {
    assertEquals(2.075414812802318, GammaDraws.slope(5, 25), 1e-8);
  }

  @Test
  void theSlopeOfLargeShapesContinuesTheSeries() {
    double below = GammaDraws.slope(0.99e8, 0.99e8 + 2 * Math.sqrt(0.99e8));
    double above = GammaDraws.slope(1.01e8, 1.01e8 + 2 * Math.sqrt(1.01e8));
    assertEquals(below, above, 1e-5);
  }
}
