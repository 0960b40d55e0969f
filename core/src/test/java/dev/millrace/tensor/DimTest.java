package dev.millrace.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Polynomials of unknowns in one canonical form. */
class DimTest {
  private static final Dim M = Dim.of("m");
  private static final Dim N = Dim.of("n");

  @Test
  void dimsThatAreAlgebraicallyTheSameAreEqual() {
    Dim left = M.plus(N).times(M.minus(N));
    Dim right = M.times(M).minus(N.times(N));
    assertEquals(left, right);
    assertEquals(left.hashCode(), right.hashCode());
    assertEquals(Dim.ZERO, N.minus(N));
    assertEquals(Dim.ZERO, N.times(0));
    assertEquals(Dim.of(7), N.plus(7).minus(N));
    assertEquals(M.times(N), N.times(M));
    assertNotEquals(M, N);
    assertNotEquals(N, N.times(N));
    assertEquals(Dim.of("n"), N);
    assertNotEquals(Dim.unknown(), Dim.unknown());
  }

  @Test
  void printsTermsOfHigherDegreeFirst() {
    assertEquals("0", Dim.ZERO.toString());
    assertEquals("-5", Dim.of(-5).toString());
    assertEquals("2*n + 1", Dim.of(1).plus(N.times(2)).toString());
    assertEquals("-n + 3", Dim.of(3).minus(N).toString());
    assertEquals("m*n - m - 2*n", M.times(N).minus(M).minus(N.times(2)).toString());
    assertEquals("?", Dim.unknown().toString());
    assertEquals("floor((n + 1)/2)", N.plus(1).floorDividedBy(2).toString());
  }

  @Test
  void tellsNumbersAndSymbolsApart() {
    assertTrue(Dim.of(3).isKnown() && Dim.of(3).is(3) && !Dim.of(3).is(4));
    assertFalse(N.isKnown() || N.is(3) || Dim.of(3).isSymbol());
    assertTrue(N.isSymbol() && Dim.unknown().isSymbol());
    assertFalse(N.times(2).isSymbol() || N.plus(1).isSymbol() || N.times(N).isSymbol());
    assertEquals(new Dim.Symbol("n", 0), N.symbol());
    assertEquals(
        "dim n + 1 is not known",
        assertThrows(IllegalStateException.class, () -> N.plus(1).value()).getMessage());
    assertEquals(
        List.of("m", "n"),
        M.times(N).plus(N.plus(1).floorDividedBy(2)).symbols().stream()
            .map(Dim.Symbol::name)
            .toList());
    assertEquals(
        "[Term[factor=2, atoms=[Symbol[name=n, id=0]]], Term[factor=1, atoms=[]]]",
        N.times(2).plus(1).terms().toString());
  }

  @Test
  void aNameIsAWord() {
    assertEquals(
        "dim: a name is a letter followed by letters, digits or '_', found '2n'",
        assertThrows(ShapeException.class, () -> Dim.of("2n")).getMessage());
    assertThrows(ShapeException.class, () -> Dim.of(""));
    assertThrows(ShapeException.class, () -> Dim.of("?"));
    assertEquals("batch_1", Dim.of("batch_1").toString());
  }

  @Test
  void floorDividesNumbersPolynomialsAndWhatIsNeither() {
    assertEquals(Dim.of(3), Dim.of(7).floorDividedBy(2));
    assertEquals(Dim.of(-4), Dim.of(-7).floorDividedBy(2));
    assertEquals(N.times(3).plus(2), N.times(6).plus(4).floorDividedBy(2));
    Dim half = N.times(2).plus(1).floorDividedBy(2);
    assertEquals("floor((2*n + 1)/2)", half.toString());
    assertEquals(half, N.plus(N).plus(1).floorDividedBy(2));
    assertEquals(5, half.evaluate(symbol -> 5));
    assertEquals(Dim.of(5), half.substitute(symbol -> Dim.of(5)));
    assertEquals("floor((2*m + 7)/2)", half.substitute(symbol -> M.plus(3)).toString());
  }

  @Test
  void quotientsOfTwoUnknownsDiffer() {
    Dim left = Dim.unknown().floorDividedBy(2);
    Dim right = Dim.unknown().floorDividedBy(2);
    assertEquals(left.toString(), right.toString());
    assertNotEquals(left, right);
    assertNotEquals(Dim.ZERO, left.minus(right));
    assertEquals(2, left.plus(right).terms().size());
    assertEquals(Optional.empty(), left.dividedBy(right));
    assertEquals(left.plus(right), right.plus(left));
    assertEquals(Optional.of(right), left.times(right).dividedBy(left));
    Dim nested = left.plus(1).floorDividedBy(3);
    assertNotEquals(nested, right.plus(1).floorDividedBy(3));
    assertEquals(nested, left.plus(1).floorDividedBy(3));
  }

  @Test
  void dividesWhereAPolynomialIsLeft() {
    assertEquals(Optional.of(Dim.of(3)), N.times(6).dividedBy(N.times(2)));
    assertEquals(Optional.of(M.plus(1)), N.times(M).plus(N).dividedBy(N));
    assertEquals(Optional.of(N), N.times(N).dividedBy(N));
    assertEquals(Optional.of(Dim.ONE), N.plus(1).dividedBy(N.plus(1)));
    assertEquals(Optional.of(Dim.ZERO), Dim.ZERO.dividedBy(N));
    assertEquals(Optional.empty(), N.dividedBy(Dim.of(2)));
    assertEquals(Optional.empty(), N.plus(1).dividedBy(N));
    assertEquals(Optional.empty(), M.dividedBy(N));
    assertEquals(Optional.empty(), N.times(2).plus(2).dividedBy(N.plus(1)));
  }

  @Test
  void substitutesInAllTerms() {
    Dim dim = M.times(N).times(2).plus(N).plus(5);
    assertEquals(
        M.times(M).times(2).plus(M.times(3)).plus(6),
        dim.substitute(symbol -> symbol.name().equals("n") ? M.plus(1) : M));
    assertEquals(Dim.of(4), Dim.of(4).substitute(symbol -> M));
  }

  @Test
  void evaluatesOrSaysThatTheNumberIsTooLarge() {
    Dim dim = M.times(N).minus(N.times(3)).plus(1);
    assertEquals(10L * 4 - 4 * 3 + 1, dim.evaluate(symbol -> symbol.name().equals("m") ? 10L : 4L));
    long large = 1L << 32;
    String beyond = "shape: a size is beyond 64 bits: ";
    assertEquals(
        beyond + "4294967296 * 4294967296", message(() -> N.times(N).evaluate(symbol -> large)));
    assertEquals(
        beyond + Long.MAX_VALUE + " + 1", message(() -> N.plus(1).evaluate(s -> Long.MAX_VALUE)));
    assertEquals(beyond + "4294967296 * 4294967296", message(() -> Dim.of(large).times(large)));
    assertEquals(beyond + Long.MAX_VALUE + " + 1", message(() -> Dim.of(Long.MAX_VALUE).plus(1)));
  }

  private static String message(Executable executable) {
    return assertThrows(ShapeException.class, executable).getMessage();
  }

  @Test
  void theCanonicalFormDoesNotDependOnTheOrderOfSteps() {
    var random = new SplittableRandom(5);
    for (int i = 0; i < 200; i++) {
      Dim a = polynomial(random);
      Dim b = polynomial(random);
      Dim c = polynomial(random);
      assertSame(a.plus(b).plus(c), c.plus(a.plus(b)));
      assertSame(a.times(b.plus(c)), a.times(c).plus(a.times(b)));
      assertSame(a, a.plus(b).minus(b));
      long n = random.nextLong(10);
      long m = random.nextLong(10);
      assertEquals(at(a, n, m) * at(b, n, m), at(a.times(b), n, m));
    }
  }

  private static Dim polynomial(SplittableRandom random) {
    Dim sum = Dim.of(random.nextLong(-3, 4));
    for (int i = random.nextInt(4); i > 0; i--) {
      Dim factor = random.nextBoolean() ? N : M.plus(random.nextLong(3));
      sum = random.nextBoolean() ? sum.plus(factor) : sum.times(factor);
    }
    return sum;
  }

  private static void assertSame(Dim expected, Dim actual) {
    assertEquals(expected, actual);
    assertEquals(expected.hashCode(), actual.hashCode());
    assertEquals(expected.toString(), actual.toString());
  }

  private static long at(Dim dim, long n, long m) {
    Map<String, Long> values = Map.of("n", n, "m", m);
    return dim.evaluate(symbol -> values.get(symbol.name()));
  }
}
