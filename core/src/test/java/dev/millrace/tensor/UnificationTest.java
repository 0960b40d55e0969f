package dev.millrace.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What becomes known of unknown dims. */
class UnificationTest {
  private static final Dim N = Dim.of("n");

  private final Unification dims = new Unification();
  private final Dim a = Dim.unknown();
  private final Dim b = Dim.unknown();

  @Test
  void equalDimsAgreeAndNumbersThatDifferDoNot() {
    assertEquals(Optional.of(Dim.of(3)), dims.unify(Dim.of(3), Dim.of(3)));
    assertEquals(Optional.empty(), dims.unify(Dim.of(3), Dim.of(4)));
    assertEquals(Optional.of(N.plus(1)), dims.unify(N.plus(1), Dim.of(1).plus(N)));
    assertEquals(0, dims.mark());
  }

  @Test
  void anUnknownBecomesWhatItIsMadeTheSameAs() {
    assertEquals(Optional.of(Dim.of(5)), dims.unify(a, Dim.of(5)));
    assertEquals(Dim.of(5), dims.resolve(a));
    assertEquals(Dim.of(11), dims.resolve(a.times(2).plus(1)));
    assertEquals(Shape.of(5, 2), dims.resolve(Shape.of(a, 2)));
    assertEquals(Optional.empty(), dims.unify(a, Dim.of(6)));
    assertEquals(Optional.of(Dim.of(5)), dims.unify(Dim.of(5), a));
  }

  @Test
  void twoUnknownsBecomeOne() {
    Dim c = Dim.unknown();
    dims.unify(a, b);
    dims.unify(b, c);
    assertEquals(dims.resolve(a), dims.resolve(c));
    dims.unify(a, Dim.of(7));
    assertEquals(Dim.of(7), dims.resolve(c));
    assertEquals(Dim.of(7), dims.resolve(b));
  }

  @Test
  void namedDimsKeepTheirNames() {
    assertEquals(Optional.of(N), dims.unify(a, N));
    assertEquals(N, dims.resolve(a));
    assertEquals(Optional.of(N), dims.unify(N, b));
    assertEquals(N, dims.resolve(b));
    assertEquals(N, dims.resolve(N));
  }

  @Test
  void twoNamesMayMeanOneDim() {
    Dim m = Dim.of("m");
    dims.unify(m, N);
    assertEquals(dims.resolve(m), dims.resolve(N));
    dims.unify(N, Dim.of(4));
    assertEquals(Dim.of(4), dims.resolve(m));
  }

  @Test
  void anUnknownMayBeAPolynomial() {
    assertEquals(Optional.of(N.times(2)), dims.unify(a, N.times(2)));
    assertEquals(N.times(2).plus(1), dims.resolve(a.plus(1)));
    assertEquals(Optional.empty(), dims.unify(a, N.times(2).plus(1)));
    dims.unify(N, Dim.of(3));
    assertEquals(Dim.of(6), dims.resolve(a));
  }

  @Test
  void solvesForOneUnknown() {
    assertEquals(Optional.of(Dim.of(7)), dims.unify(a.times(2).plus(1), Dim.of(7)));
    assertEquals(Dim.of(3), dims.resolve(a));
    assertEquals(Optional.empty(), dims.unify(b.times(2), Dim.of(7)));
    assertEquals(Optional.empty(), dims.unify(b.plus(4), Dim.of(3)));
    assertEquals(Optional.of(Dim.of(10)), dims.unify(b.times(2), b.plus(5)));
    assertEquals(Dim.of(5), dims.resolve(b));
  }

  @Test
  void whatCannotBeShownToAgreeDoesNot() {
    Dim m = Dim.of("m");
    assertEquals(Optional.empty(), dims.unify(N.times(2), m.times(3)));
    assertEquals(Optional.empty(), dims.unify(N, N.plus(1)));
    assertEquals(Optional.empty(), dims.unify(N.times(N), Dim.of(4)));
    assertEquals(Optional.empty(), dims.unify(a, Dim.of(-1)));
    assertEquals(Optional.empty(), dims.unify(N.floorDividedBy(2), Dim.of(3)));
    assertEquals(Optional.empty(), dims.unify(a.floorDividedBy(2), b.floorDividedBy(2)));
    assertEquals(0, dims.mark());
  }

  @Test
  void quotientsAgreeOnceTheirUnknownsDo() {
    dims.unify(a, b);
    Dim half = dims.resolve(a.floorDividedBy(2));
    assertEquals(Optional.of(half), dims.unify(a.floorDividedBy(2), b.floorDividedBy(2)));
  }

  @Test
  void bindingsCanBeTakenBack() {
    dims.unify(a, N);
    int mark = dims.mark();
    dims.unify(N, Dim.of(4));
    dims.unify(b, a);
    assertEquals(Dim.of(4), dims.resolve(b));
    dims.undo(mark);
    assertEquals(N, dims.resolve(a));
    assertEquals(b, dims.resolve(b));
    assertNotEquals(dims.resolve(a), dims.resolve(b));
    assertEquals(Optional.of(Dim.of(9)), dims.unify(a, Dim.of(9)));
    assertEquals(Dim.of(9), dims.resolve(N));
    dims.undo(0);
    assertEquals(a, dims.resolve(a));
  }

  @Test
  void aThousandSymbolsInAnyOrderAreOneInTheEnd() {
    var random = new SplittableRandom(3);
    var all = new Dim[1000];
    for (int i = 0; i < all.length; i++) {
      all[i] = Dim.unknown();
    }
    for (int i = 1; i < all.length; i++) {
      dims.unify(all[i], all[random.nextInt(i)]);
    }
    dims.unify(all[random.nextInt(all.length)], N);
    for (Dim dim : all) {
      assertEquals(N, dims.resolve(dim));
    }
  }

  @Test
  void polynomialsAgreeOnceTheirSymbolsDo() {
    Dim c = Dim.unknown();
    assertEquals(Optional.empty(), dims.unify(a.times(b), b.times(c)));
    dims.unify(a, c);
    assertEquals(dims.resolve(a.times(b)), dims.resolve(b.times(c)));
  }
}
