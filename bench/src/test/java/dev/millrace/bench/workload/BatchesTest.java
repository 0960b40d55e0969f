package dev.millrace.bench.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchesTest {
  /** Image i is filled with i. */
  private static final Digits DIGITS = digits(10);

  private static Digits digits(int size) {
    var images = new float[size * 784];
    for (int i = 0; i < size; i++) {
      Arrays.fill(images, i * 784, (i + 1) * 784, i);
    }
    return new Digits(images, IntStream.range(0, size).map(i -> 9 - i).toArray());
  }

  @Test
  void theOrderIsThatOfCollectionsShuffleWithTheSameSeed() {
    var order = new ArrayList<>(IntStream.range(0, 10).boxed().toList());
    Collections.shuffle(order, new Random(1));
    assertEquals(order, images(new Batches(DIGITS, 5), 2));
  }

  @Test
  void aRestThatFillsNoBatchIsLeftOut() {
    List<Integer> seen = images(new Batches(DIGITS, 4), 4);
    assertEquals(8, seen.subList(0, 8).stream().distinct().count());
    assertEquals(8, seen.subList(8, 16).stream().distinct().count());
  }

  @Test
  void labelsBelongToTheirImages() {
    var batches = new Batches(DIGITS, 5);
    batches.next();
    for (int i = 0; i < 5; i++) {
      int image = (int) batches.images().getFloat(i, 783);
      for (int digit = 0; digit < 10; digit++) {
        assertEquals(digit == 9 - image ? 1 : 0, batches.labels().getFloat(i, digit));
      }
    }
  }

  @Test
  void rightAnswersAreCounted() {
    float[] scores = new float[20];
    scores[9] = 1;
    scores[10 + 3] = 1;
    assertEquals(1, DIGITS.right(scores, 0, 2));
  }

  private static List<Integer> images(Batches batches, int count) {
    var seen = new ArrayList<Integer>();
    for (int batch = 0; batch < count; batch++) {
      batches.next();
      for (int i = 0; i < batches.images().shape().toArray()[0]; i++) {
        seen.add((int) batches.images().getFloat(i, 0));
      }
    }
    return seen;
  }
}
