package dev.millrace.bench.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class UnitTest {
  @Test
  void secondsAreWrittenInTheUnitThatFits() {
    assertEquals(
        List.of("20 µs", "1 ms", "2.5 ms", "500 ms", "1 s", "10 s"),
        all(20e-6, 1e-3, 2.5e-3, 0.5, 1, 10));
  }

  private static List<String> all(double... seconds) {
    return java.util.Arrays.stream(seconds).mapToObj(Unit.SECONDS::format).toList();
  }

  @Test
  void bytesAreWrittenInPowersOf1024() {
    assertEquals("512 B", Unit.BYTES.format(512));
    assertEquals("16 KiB", Unit.BYTES.format(16384));
    assertEquals("1.5 MiB", Unit.BYTES.format(1.5 * (1 << 20)));
  }

  @Test
  void countsHaveTicksAtPowersOfFourOrTen() {
    assertEquals(List.of(1.0, 4.0, 16.0, 64.0, 256.0), Unit.COUNT.ticks(1, 512));
    assertEquals(List.of(10.0, 100.0, 1000.0, 10000.0), Unit.COUNT.ticks(10, 20000));
    assertEquals(List.of(1.0, 2.0, 4.0), Unit.COUNT.ticks(1, 4));
  }

  @Test
  void secondsOverFewDecadesHaveTicksInBetween() {
    assertEquals(
        List.of("2 ms", "5 ms", "10 ms", "20 ms"),
        Unit.SECONDS.ticks(1.7e-3, 25e-3).stream().map(Unit.SECONDS::format).toList());
  }
}
