package dev.millrace.cli.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class DecimalTest {
  @Test
  void roundsToTheNearestAndKeepsZeros() {
    assertEquals("0.9190", Decimal.fixed(0.919, 4));
    assertEquals("1.00", Decimal.fixed(0.999, 2));
    assertEquals("12", Decimal.fixed(12.3, 0));
    assertEquals("-0.05", Decimal.fixed(-0.051, 2));
  }

  @Test
  void zeroHasNoSign() {
    assertEquals("0.00", Decimal.fixed(-0.001, 2));
  }

  @Test
  void whatIsTooLargeOrNoNumberIsWrittenAsJavaDoes() {
    assertEquals("NaN", Decimal.fixed(Double.NaN, 2));
    assertEquals("-Infinity", Decimal.fixed(Double.NEGATIVE_INFINITY, 2));
    assertEquals("1.0E20", Decimal.fixed(1e20, 2));
  }

  @Test
  void isTheSameAsAFormat() {
    for (int i = -1000; i < 1000; i++) {
      double value = i * 0.37 + 0.001;
      assertEquals(String.format(Locale.ROOT, "%.3f", value), Decimal.fixed(value, 3));
    }
  }
}
