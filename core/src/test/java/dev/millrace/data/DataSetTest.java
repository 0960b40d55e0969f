package dev.millrace.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DataSetTest {
  private static final int SIZE = 70;

  /** Image i has the level i in its first pixel and 255 - i in its last; its label is i mod 10. */
  private static DataSet numbered(LabelEncoding encoding) {
    var pixels = new byte[SIZE * 784];
    var labels = new byte[SIZE];
    for (int i = 0; i < SIZE; i++) {
      pixels[i * 784] = (byte) i;
      pixels[i * 784 + 783] = (byte) (255 - i);
      labels[i] = (byte) (i % 10);
    }
    return new DataSet(pixels, labels, encoding, 0);
  }

  private static int[] numbers(Batch batch) {
    int count = (int) batch.images().shape().dim(0).value();
    return IntStream.range(0, count)
        .map(i -> Math.round(batch.images().getFloat(i, 0) * 255))
        .toArray();
  }

  @Test
  void imagesAreIntensitiesFromZeroToOne() {
    Tensor images = numbered(LabelEncoding.ONE_HOT).images();
    assertEquals(DType.FLOAT32, images.dtype());
    assertEquals(Shape.of(SIZE, 784), images.shape());
    assertEquals(0f, images.getFloat(5, 7));
    assertEquals(5 / 255f, images.getFloat(5, 0));
    assertEquals(1f, images.getFloat(0, 783));
    assertEquals(200 / 255f, images.getFloat(55, 783));
  }

  @Test
  void labelsAreRowsWithAOneOrClasses() {
    Tensor rows = numbered(LabelEncoding.ONE_HOT).labels();
    assertEquals(DType.FLOAT32, rows.dtype());
    assertEquals(Shape.of(SIZE, 10), rows.shape());
    assertArrayEquals(
        new float[] {0, 0, 0, 1, 0, 0, 0, 0, 0, 0},
        Arrays.copyOfRange(rows.toFloatArray(), 130, 140));
    Tensor classes = numbered(LabelEncoding.CLASSES).labels();
    assertEquals(DType.INT64, classes.dtype());
    assertEquals(Shape.of(SIZE), classes.shape());
    assertEquals(3, classes.getLong(13));
  }

  @Test
  void pixelsAndLabelsOfOneImage() {
    DataSet set = numbered(LabelEncoding.CLASSES);
    byte[] pixels = set.pixels(11);
    assertEquals(784, pixels.length);
    assertEquals(11, pixels[0]);
    pixels[0] = 99;
    assertEquals(11, set.pixels(11)[0]);
    assertEquals(1, set.label(11));
    assertThrows(IndexOutOfBoundsException.class, () -> set.pixels(SIZE));
    assertThrows(IndexOutOfBoundsException.class, () -> set.label(-1));
  }

  @Test
  void everyEpochGivesEachImageOnceWithItsLabelInANewOrder() {
    DataSet set = numbered(LabelEncoding.ONE_HOT);
    var epochs = new ArrayList<List<Integer>>();
    for (int epoch = 0; epoch < 3; epoch++) {
      var seen = new ArrayList<Integer>();
      for (int i = 0; i < SIZE / 10; i++) {
        Batch batch = set.nextBatch(10);
        int[] numbers = numbers(batch);
        for (int row = 0; row < 10; row++) {
          seen.add(numbers[row]);
          assertEquals(1f, batch.labels().getFloat(row, numbers[row] % 10));
          assertEquals((255 - numbers[row]) / 255f, batch.images().getFloat(row, 783));
        }
        assertEquals(10, Arrays.stream(toInts(batch.labels().toFloatArray())).sum());
      }
      epochs.add(seen);
      assertEquals(IntStream.range(0, SIZE).boxed().toList(), seen.stream().sorted().toList());
    }
    assertNotEquals(epochs.get(0), epochs.get(1));
    assertNotEquals(epochs.get(1), epochs.get(2));
  }

  private static int[] toInts(float[] values) {
    return IntStream.range(0, values.length).map(i -> (int) values[i]).toArray();
  }

  @Test
  void aBatchGoesOnIntoTheNextEpoch() {
    DataSet set = numbered(LabelEncoding.CLASSES);
    int[] counts = new int[SIZE];
    for (int i = 0; i < 7; i++) {
      Batch batch = set.nextBatch(30);
      assertEquals(Shape.of(30, 784), batch.images().shape());
      assertEquals(Shape.of(30), batch.labels().shape());
      Arrays.stream(numbers(batch)).forEach(number -> counts[number]++);
    }
    assertTrue(Arrays.stream(counts).allMatch(count -> count == 3));
  }

  @Test
  void theSeedGivesTheOrder() {
    DataSet set = numbered(LabelEncoding.CLASSES);
    set.nextBatch(13);
    int[] first = numbers(set.withSeed(5).nextBatch(SIZE));
    assertArrayEquals(first, numbers(set.withSeed(5).nextBatch(SIZE)));
    assertNotEquals(
        Arrays.toString(first), Arrays.toString(numbers(set.withSeed(6).nextBatch(SIZE))));
    // The order is part of what a seed promises: it must not change between versions.
    assertArrayEquals(
        new int[] {6, 29, 28, 14, 27, 48, 38, 64},
        numbers(numbered(LabelEncoding.CLASSES).nextBatch(8)));
  }

  @Test
  void orderIsUniform() {
    var order = new BatchOrder(5, 42);
    var counts = new int[5][5];
    for (int epoch = 0; epoch < 20_000; epoch++) {
      int[] permutation = order.next(5);
      for (int i = 0; i < 5; i++) {
        counts[i][permutation[i]]++;
      }
    }
    for (int[] row : counts) {
      for (int count : row) {
        assertEquals(4000, count, 250);
      }
    }
  }

  @Test
  void aBatchHasOneImageAtLeastAndAllAtMost() {
    DataSet set = numbered(LabelEncoding.CLASSES);
    for (int n : new int[] {0, -1, 71}) {
      var thrown = assertThrows(ShapeException.class, () -> set.nextBatch(n));
      assertEquals(
          "nextBatch: n must be 1 to 70 (the number of images), found " + n, thrown.getMessage());
    }
  }

  @Test
  void threadsShareAnEpochOut() throws Exception {
    DataSet set = numbered(LabelEncoding.CLASSES);
    Callable<int[]> task =
        () ->
            IntStream.range(0, 700)
                .flatMap(i -> Arrays.stream(numbers(set.nextBatch(1))))
                .toArray();
    var counts = new int[SIZE];
    try (var pool = Executors.newFixedThreadPool(4)) {
      for (Future<int[]> result : pool.invokeAll(List.of(task, task, task, task))) {
        Arrays.stream(result.get()).forEach(number -> counts[number]++);
      }
    }
    assertTrue(Arrays.stream(counts).allMatch(count -> count == 40));
  }
}
