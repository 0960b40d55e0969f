package dev.millrace.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PromotionTest {
  private static final Path DOCS =
      Path.of(System.getProperty("millrace.root", ".."), "docs/dtypes.md");

  /** Numbers at the edges of all types. */
  private static final double[] EDGES = {
    0,
    1,
    -1,
    127,
    -128,
    128,
    255,
    257,
    32767,
    -32768,
    65535,
    65504,
    0x1p24 + 1,
    0x1p31 - 1,
    -0x1p31,
    0x1p32 - 1,
    0x1p53,
    0.5,
    1.0 / 3,
    0x1p-24,
    0x1p100,
    0x1p-1000,
    1 + 0x1p-7,
    1 + 0x1p-10
  };

  /** The rows of the table in the docs: a type, then its promotion with each type. */
  private static List<List<String>> table() throws Exception {
    return Files.readAllLines(DOCS).stream()
        .filter(line -> line.startsWith("| **"))
        .map(line ->
            Arrays.stream(line.split("\\|")).map(String::strip).filter(c -> !c.isEmpty()).toList())
        .toList();
  }

  @Test
  void everyPairIsPromotedAsTheTableOfTheDocsSays() throws Exception {
    List<List<String>> rows = table();
    assertEquals(DType.values().length, rows.size());
    var columns = rows.stream().map(row -> type(row.getFirst())).toList();
    for (List<String> row : rows) {
      DType a = type(row.getFirst());
      for (int i = 0; i < columns.size(); i++) {
        String cell = row.get(i + 1);
        Optional<DType> expected = cell.equals("-") ? Optional.empty() : Optional.of(type(cell));
        DType b = columns.get(i);
        assertEquals(expected, Promotion.of(a, b), () -> a + " and " + b);
      }
    }
  }

  private static DType type(String cell) {
    return DType.valueOf(cell.replace("*", "").toUpperCase(Locale.ROOT));
  }

  @Test
  void aPromotedNumberIsTheSameNumber() {
    int checked = 0;
    for (DType a : DType.values()) {
      for (DType b : DType.values()) {
        assertEquals(Promotion.of(a, b), Promotion.of(b, a));
        Optional<DType> common = Promotion.of(a, b);
        for (double number : common.isPresent() ? numbers(a) : new double[0]) {
          double there = Tensor.filled(common.get(), Shape.SCALAR, number).getDouble();
          assertEquals(number, there, () -> a + " and " + b);
          checked++;
        }
      }
    }
    assertTrue(checked > 500);
  }

  /** The edges that a type has. */
  private static double[] numbers(DType dtype) {
    return Arrays.stream(EDGES)
        .filter(number ->
            dtype.represents(number)
                && Tensor.filled(dtype, Shape.SCALAR, number).getDouble() == number)
        .toArray();
  }

  @Test
  void whereThereIsNoPromotionEveryTypeLosesSomeNumber() {
    var refused = new ArrayList<String>();
    for (DType a : DType.values()) {
      for (DType b : DType.values()) {
        if (a.compareTo(b) < 0 && Promotion.of(a, b).isEmpty()) {
          refused.add(a + " " + b);
          for (DType type : DType.values()) {
            assertTrue(!Promotion.holds(type, a) || !Promotion.holds(type, b));
          }
        }
      }
    }
    assertEquals(12, refused.size(), refused::toString);
  }

  @Test
  void adviceNamesTheTypeThatLosesNothing() {
    assertEquals(
        "; convert one with cast(x, FLOAT64)", Promotion.advice(DType.FLOAT32, DType.FLOAT64));
    assertEquals(
        "; convert both with cast(x, FLOAT32)", Promotion.advice(DType.FLOAT16, DType.BFLOAT16));
    assertEquals(
        "; convert both with cast(x, FLOAT64), or one with cast(x, FLOAT32), which rounds great"
            + " numbers",
        Promotion.advice(DType.INT32, DType.FLOAT32));
    assertEquals(
        "; no type holds all numbers of both: convert one with cast(x, FLOAT32)",
        Promotion.advice(DType.INT64, DType.FLOAT32));
  }
}
