package dev.millrace.bench.workload;

import dev.millrace.data.DataSet;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;

/**
 * Batches of one size, gathered into the same two tensors again and again. Each epoch is a new
 * order of all images; a rest that does not fill a batch is left out. The order is that of every
 * program that shuffles with {@link Random} and this seed from the last image down.
 */
final class Batches {
  private static final int SEED = 1;

  private final Digits digits;
  private final int size;
  private final Random random = new Random(SEED);
  private final int[] order;
  private int position;
  private final float[] pixels;
  private final float[] oneHot;
  private final Tensor images;
  private final Tensor labels;

  Batches(Digits digits, int size) {
    this.digits = digits;
    this.size = size;
    this.order = new int[digits.size()];
    Arrays.setAll(order, i -> i);
    this.position = order.length;
    this.pixels = new float[size * DataSet.PIXELS];
    this.oneHot = new float[size * DataSet.CLASSES];
    this.images = Tensor.wrap(Shape.of(size, DataSet.PIXELS), pixels);
    this.labels = Tensor.wrap(Shape.of(size, DataSet.CLASSES), oneHot);
  }

  /** Overwrites both tensors with the next batch. */
  void next() {
    if (position + size > order.length) {
      shuffle();
    }
    Arrays.fill(oneHot, 0);
    for (int i = 0; i < size; i++) {
      int image = order[position++];
      System.arraycopy(
          digits.images(), image * DataSet.PIXELS, pixels, i * DataSet.PIXELS, DataSet.PIXELS);
      oneHot[i * DataSet.CLASSES + digits.labels()[image]] = 1;
    }
  }

  private void shuffle() {
    for (int i = order.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int image = order[i];
      order[i] = order[other];
      order[other] = image;
    }
    position = 0;
  }

  /** FLOAT32 {@code [size, 784]}. */
  Tensor images() {
    return images;
  }

  /** FLOAT32 {@code [size, 10]}, a 1 at the digit. */
  Tensor labels() {
    return labels;
  }
}
