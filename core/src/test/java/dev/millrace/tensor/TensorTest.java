package dev.millrace.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Concrete arrays. */
class TensorTest {
  private static final Shape PAIR = Shape.of(2);

  private static String message(Executable executable) {
    return assertThrows(MillraceException.class, executable).getMessage();
  }

  @Test
  void theArrayDecidesTheType() {
    assertEquals(DType.FLOAT32, Tensor.of(1f, 2f).dtype());
    assertEquals(DType.FLOAT64, Tensor.of(1.0, 2.0).dtype());
    assertEquals(DType.INT32, Tensor.of(1, 2).dtype());
    assertEquals(DType.INT64, Tensor.of(1L, 2L).dtype());
    assertEquals(DType.UINT8, Tensor.of(PAIR, (byte) 1, (byte) 2).dtype());
    assertEquals(DType.BOOL, Tensor.of(PAIR, true, false).dtype());
    assertEquals(DType.FLOAT32, Tensor.scalar(1f).dtype());
    assertEquals(DType.FLOAT64, Tensor.scalar(1.0).dtype());
    assertEquals(DType.INT32, Tensor.scalar(1).dtype());
    assertEquals(DType.INT64, Tensor.scalar(1L).dtype());
    assertEquals(DType.BOOL, Tensor.scalar(true).dtype());
    assertEquals(Shape.SCALAR, Tensor.scalar(1f).shape());
    assertEquals(PAIR, Tensor.of(1, 2).shape());
  }

  @Test
  void rowsMakeAMatrix() {
    Tensor matrix = Tensor.of(new float[][] {{1, 2, 3}, {4, 5, 6}});
    assertEquals(Tensor.of(Shape.of(2, 3), 1f, 2f, 3f, 4f, 5f, 6f), matrix);
    assertEquals(Shape.of(0, 0), Tensor.of(new float[0][]).shape());
    assertEquals(
        "tensor: rows must have one length: row 0 has 1, row 1 has 2",
        message(() -> Tensor.of(new float[][] {{1}, {2, 3}})));
  }

  @Test
  void fillsWithWhatACastMakesOfTheNumber() {
    assertEquals(Tensor.of(1.5f, 1.5f), Tensor.filled(DType.FLOAT32, PAIR, 1.5));
    assertEquals(Tensor.of(1.5, 1.5), Tensor.filled(DType.FLOAT64, PAIR, 1.5));
    assertEquals(Tensor.of(-1, -1), Tensor.filled(DType.INT32, PAIR, -1.5));
    assertEquals(Tensor.of(3L, 3L), Tensor.filled(DType.INT64, PAIR, 3.9));
    assertEquals(255, Tensor.filled(DType.UINT8, PAIR, -1).getLong(0));
    assertEquals(Tensor.of(PAIR, true, true), Tensor.filled(DType.BOOL, PAIR, 0.5));
    assertEquals(Tensor.of(PAIR, false, false), Tensor.zeros(DType.BOOL, PAIR));
    assertEquals(Tensor.of(0, 0), Tensor.zeros(DType.INT32, PAIR));
    assertEquals(0, Tensor.zeros(DType.FLOAT32, Shape.of(3, 0)).size());
  }

  @Test
  void copiesWhatItIsMadeOfUnlessItWraps() {
    float[] array = {1, 2};
    Tensor copied = Tensor.of(array);
    Tensor wrapped = Tensor.wrap(PAIR, array);
    array[0] = 9;
    assertEquals(Tensor.of(1f, 2f), copied);
    assertEquals(Tensor.of(9f, 2f), wrapped);
    assertSame(array, wrapped.array());
    assertNotSame(array, wrapped.toFloatArray());
    assertEquals(Tensor.of(PAIR, true, false), Tensor.wrap(DType.BOOL, PAIR, new byte[] {1, 0}));
    assertEquals(DType.UINT8, Tensor.wrap(PAIR, new byte[2]).dtype());
    assertEquals(DType.INT64, Tensor.wrap(PAIR, new long[2]).dtype());
  }

  @Test
  void sharesItsArrayWithItsOtherShapes() {
    Tensor tensor = Tensor.of(1, 2, 3, 4, 5, 6);
    Tensor matrix = tensor.reshape(2, 3);
    assertSame(tensor.array(), matrix.array());
    assertEquals(6, matrix.getLong(1, 2));
    assertEquals(tensor, matrix.reshape(6));
    assertEquals(
        "tensor: shape [4] has 4 elements, the array has 6", message(() -> tensor.reshape(4)));
  }

  @Test
  void convertsElementsAsTheyAreAskedFor() {
    Tensor floats = Tensor.of(Shape.of(2, 2), 1.75f, -2.5f, 0f, 4f);
    assertEquals(1.75, floats.getDouble(0, 0));
    assertEquals(-2.5f, floats.getFloat(0, 1));
    assertEquals(-2, floats.getLong(0, 1));
    assertTrue(floats.getBoolean(1, 1) && !floats.getBoolean(1, 0));
    assertEquals(4.0, floats.doubleAt(3));
    assertArrayEquals(new double[] {1.75, -2.5, 0, 4}, floats.toDoubleArray());
    assertArrayEquals(new long[] {1, -2, 0, 4}, floats.toLongArray());
    Tensor longs = Tensor.of(Long.MAX_VALUE, Long.MIN_VALUE);
    assertEquals(Long.MAX_VALUE, longs.getLong(0));
    assertArrayEquals(new long[] {Long.MAX_VALUE, Long.MIN_VALUE}, longs.toLongArray());
    assertArrayEquals(new float[] {1, 2}, Tensor.of(1, 2).toFloatArray());
    assertEquals(200, Tensor.of(PAIR, (byte) 200, (byte) 0).getDouble(0));
    assertEquals(7, Tensor.scalar(7f).getDouble());
  }

  @Test
  void equalsByTypeShapeAndBits() {
    Tensor tensor = Tensor.of(1f, Float.NaN);
    assertEquals(tensor, Tensor.of(1f, Float.NaN));
    assertEquals(tensor.hashCode(), Tensor.of(1f, Float.NaN).hashCode());
    assertNotEquals(Tensor.of(0f), Tensor.of(-0f));
    assertNotEquals(Tensor.of(1f), Tensor.of(1.0));
    assertNotEquals(Tensor.of(1f), Tensor.scalar(1f));
    assertNotEquals(Tensor.of(PAIR, (byte) 1, (byte) 0), Tensor.of(PAIR, true, false));
    assertNotEquals(Tensor.of(1f), Tensor.of(2f));
    assertFalse(tensor.equals(null));
  }

  @Test
  void printsNestedBrackets() {
    assertEquals("1.5", Tensor.scalar(1.5f).toString());
    assertEquals("0.1", Tensor.scalar(0.1f).toString());
    assertEquals("[1, 2]", Tensor.of(1, 2).toString());
    assertEquals("[9223372036854775807]", Tensor.of(Long.MAX_VALUE).toString());
    assertEquals("[true, false]", Tensor.of(PAIR, true, false).toString());
    assertEquals("[255, 0]", Tensor.of(PAIR, (byte) 255, (byte) 0).toString());
    assertEquals("[]", Tensor.of(new float[0]).toString());
    assertEquals("[[1.0, 2.0],\n [3.0, 4.0]]", Tensor.of(1f, 2f, 3f, 4f).reshape(2, 2).toString());
    assertEquals(
        "[[[1],\n  [2]],\n [[3],\n  [4]]]", Tensor.of(1, 2, 3, 4).reshape(2, 2, 1).toString());
    assertEquals("[[],\n []]", Tensor.zeros(DType.INT32, Shape.of(2, 0)).toString());
  }

  @Test
  void printsTheEndsOfLongAxes() {
    int[] numbers = IntStream.range(0, 90).toArray();
    assertEquals("[0, 1, 2, ..., 87, 88, 89]", Tensor.of(numbers).toString());
    assertEquals("[0, 1, 2, 3, 4, 5, 6, 7]", Tensor.of(IntStream.range(0, 8).toArray()).toString());
    assertEquals("[0, 1, 2, ..., 6, 7, 8]", Tensor.of(IntStream.range(0, 9).toArray()).toString());
    assertEquals(
        """
        [[0],
         [1],
         [2],
         ...,
         [87],
         [88],
         [89]]\
        """,
        Tensor.of(numbers).reshape(90, 1).toString());
  }

  @Test
  void saysWhatIsWrong() {
    Tensor matrix = Tensor.zeros(DType.FLOAT32, Shape.of(2, 3));
    assertEquals(
        "tensor: 1 indices for shape [2, 3], which has 2", message(() -> matrix.getFloat(1)));
    assertEquals(
        "tensor: index [2, 0] is outside of shape [2, 3]", message(() -> matrix.getFloat(2, 0)));
    assertEquals(
        "tensor: index [0, -1] is outside of shape [2, 3]", message(() -> matrix.getLong(0, -1)));
    assertEquals(
        "tensor: shape [2] has 2 elements, the array has 3",
        message(() -> Tensor.of(PAIR, 1f, 2f, 3f)));
    assertEquals(
        "tensor: FLOAT32 is stored in a float[], found int[]",
        message(() -> Tensor.wrap(DType.FLOAT32, PAIR, new int[2])));
    assertEquals(
        "tensor: an array of float, double, int, long, short or byte is needed, found char[]",
        message(() -> Tensor.wrap(PAIR, new char[2])));
    assertEquals(
        "shape [?]: its size is not known before it is fed", message(() -> matrix.reshape(-1)));
  }
}
