package dev.millrace.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Lists of dims. */
class ShapeTest {
  private static final Dim N = Dim.of("n");

  private static String message(Executable executable) {
    return assertThrows(ShapeException.class, executable).getMessage();
  }

  @Test
  void canBeMadeOfNumbersAndSymbols() {
    Shape shape = Shape.of(N, 28, 28);
    assertEquals("[n, 28, 28]", shape.toString());
    assertEquals(shape, Shape.of(N, Dim.of(28), Dim.of(28)));
    assertEquals(shape, Shape.of(List.of(N, Dim.of(28), Dim.of(28))));
    assertEquals(shape.hashCode(), Shape.of(N, 28, 28).hashCode());
    assertEquals("[?, 784]", Shape.of(Shape.ANY, 784).toString());
    assertNotEquals(Shape.of(Shape.ANY), Shape.of(Shape.ANY));
    assertNotEquals(Shape.of(2, 3), Shape.of(3, 2));
    assertEquals(Shape.SCALAR, Shape.of(List.of()));
    assertEquals("[]", Shape.SCALAR.toString());
    assertEquals(Shape.of(3), Shape.of(Dim.of(3)));
  }

  @Test
  void answersByAxisFromEitherEnd() {
    Shape shape = Shape.of(2, 3, 4);
    assertEquals(3, shape.rank());
    assertEquals(Dim.of(4), shape.dim(2));
    assertEquals(Dim.of(4), shape.dim(-1));
    assertEquals(Dim.of(2), shape.dim(-3));
    assertEquals(Shape.of(2, 4), shape.without(1));
    assertEquals(Shape.of(2, 3), shape.without(-1));
    assertEquals(Shape.of(2, 9, 4), shape.with(-2, Dim.of(9)));
    assertArrayEquals(new long[] {2, 3, 4}, shape.toArray());
    assertEquals(Shape.of(2, 3, 4), shape.map(dim -> N));
    assertEquals(Shape.of(5, 4), Shape.of(N, 4).map(dim -> dim.substitute(any -> Dim.of(5))));
  }

  @Test
  void countsElementsAndStrides() {
    assertEquals(24, Shape.of(2, 3, 4).size());
    assertEquals(1, Shape.SCALAR.size());
    assertEquals(0, Shape.of(0, Integer.MAX_VALUE, Integer.MAX_VALUE).size());
    assertEquals(0, Shape.of(Integer.MAX_VALUE, Integer.MAX_VALUE, 0).size());
    assertEquals(Integer.MAX_VALUE, Shape.of(Integer.MAX_VALUE).size());
    assertEquals(N.times(12), Shape.of(N, 3, 4).elements());
    assertEquals(List.of(Dim.of(12), Dim.of(4), Dim.ONE), Shape.of(N, 3, 4).strides());
    assertEquals(List.of(N, Dim.ONE), Shape.of(Dim.of(3), N).strides());
    assertTrue(Shape.of(2, 3).isKnown());
    assertFalse(Shape.of(N, 3).isKnown());
  }

  @Test
  void saysWhatIsWrong() {
    assertEquals(
        "shape: a dim is a number from 0, or ANY (-1) for any size, found [3, -2]",
        message(() -> Shape.of(3, -2)));
    assertEquals(
        "shape: at most 32 dims, found 33", message(() -> Shape.of(Collections.nCopies(33, N))));
    assertEquals(
        "shape [n, 2]: its size is not known before it is fed", message(Shape.of(N, 2)::size));
    assertEquals(
        "shape [65536, 32768]: a tensor has at most 2^31-1 elements; split it along an axis",
        message(Shape.of(1 << 16, 1 << 15)::size));
    assertEquals(
        "shape [4294967296, 4294967296]: a tensor has at most 2^31-1 elements; split it along an"
            + " axis",
        message(() -> Shape.of(1L << 32, 1L << 32)));
  }
}
