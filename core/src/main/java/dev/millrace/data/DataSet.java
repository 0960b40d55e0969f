package dev.millrace.data;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Tensor;
import java.lang.ref.SoftReference;
import java.util.Arrays;
import java.util.Objects;

/**
 * Labelled images of digits, 28 by 28 pixels, and the batches in which a model learns them.
 *
 * <p>Pixels are kept as bytes, a quarter of the memory of floats; tensors are made when asked for.
 * Safe to share between threads; threads that share one data set share its batches out among them.
 */
public final class DataSet {
  /** Height and width of an image in pixels. */
  public static final int SIDE = 28;

  /** Pixels of an image. */
  public static final int PIXELS = SIDE * SIDE;

  /** Number of classes: the digits 0 to 9. */
  public static final int CLASSES = 10;

  private static final float[] INTENSITY = new float[256];

  static {
    for (int level = 0; level < INTENSITY.length; level++) {
      INTENSITY[level] = level / 255f;
    }
  }

  private final byte[] pixels;
  private final byte[] labels;
  private final LabelEncoding encoding;
  private final BatchOrder order;
  private SoftReference<Tensor> images = new SoftReference<>(null);

  /** A data set over these arrays, which are not copied: row-major images, and labels 0 to 9. */
  DataSet(byte[] pixels, byte[] labels, LabelEncoding encoding, long seed) {
    this.pixels = pixels;
    this.labels = labels;
    this.encoding = encoding;
    this.order = new BatchOrder(labels.length, seed);
  }

  /** The same images and labels, whose batches begin anew in the order that this seed gives. */
  public DataSet withSeed(long seed) {
    return new DataSet(pixels, labels, encoding, seed);
  }

  /** Number of images. */
  public int size() {
    return labels.length;
  }

  /**
   * All images, {@code pixel / 255}: FLOAT32 {@code [size, 784]} in [0, 1], 0 for paper and 1 for
   * ink. Made at the first call (four bytes a pixel: 188 MB for MNIST's training images) and kept
   * as long as memory is not short.
   */
  public synchronized Tensor images() {
    Tensor kept = images.get();
    if (kept != null) {
      return kept;
    }
    var values = (float[]) DType.FLOAT32.newArray(pixels.length);
    for (int i = 0; i < size(); i++) {
      copyImage(i, values, i);
    }
    var made = Tensor.wrap(Shape.of(size(), PIXELS), values);
    images = new SoftReference<>(made);
    return made;
  }

  /** All labels: FLOAT32 {@code [size, 10]} or INT64 {@code [size]}, see {@link LabelEncoding}. */
  public Tensor labels() {
    var all = new int[size()];
    Arrays.setAll(all, i -> i);
    return encode(all);
  }

  /**
   * The next {@code n} images with their labels: FLOAT32 {@code [n, 784]}, and FLOAT32 {@code [n,
   * 10]} or INT64 {@code [n]}.
   *
   * <p>Every epoch gives each image once, in an order drawn from the seed. A batch at the end of an
   * epoch goes on with the first images of the next one, so that every batch has {@code n} images
   * and none is left out.
   *
   * @throws ShapeException if {@code n} is not 1 to {@link #size()}
   */
  public Batch nextBatch(int n) {
    if (n < 1 || n > size()) {
      throw new ShapeException(
          "nextBatch: n must be 1 to " + size() + " (the number of images), found " + n);
    }
    int[] chosen;
    synchronized (order) {
      chosen = order.next(n);
    }
    var values = (float[]) DType.FLOAT32.newArray(n * PIXELS);
    for (int i = 0; i < n; i++) {
      copyImage(chosen[i], values, i);
    }
    return new Batch(Tensor.wrap(Shape.of(n, PIXELS), values), encode(chosen));
  }

  /**
   * The pixels of image {@code i}, row by row from the top, 0 (paper) to 255 (ink) as unsigned
   * bytes: a copy.
   *
   * @throws IndexOutOfBoundsException if {@code i} is not 0 to {@code size() - 1}
   */
  public byte[] pixels(int i) {
    Objects.checkIndex(i, size());
    return Arrays.copyOfRange(pixels, i * PIXELS, (i + 1) * PIXELS);
  }

  /**
   * The digit that image {@code i} shows, 0 to 9.
   *
   * @throws IndexOutOfBoundsException if {@code i} is not 0 to {@code size() - 1}
   */
  public int label(int i) {
    return labels[Objects.checkIndex(i, size())];
  }

  /** Short, because a new JVM compiles it after a few images. */
  private void copyImage(int image, float[] target, int row) {
    int from = image * PIXELS;
    int to = row * PIXELS;
    for (int i = 0; i < PIXELS; i++) {
      target[to + i] = INTENSITY[pixels[from + i] & 0xff];
    }
  }

  private Tensor encode(int[] chosen) {
    if (encoding == LabelEncoding.CLASSES) {
      return Tensor.of(Arrays.stream(chosen).mapToLong(i -> labels[i]).toArray());
    }
    var rows = new float[chosen.length * CLASSES];
    for (int i = 0; i < chosen.length; i++) {
      rows[i * CLASSES + labels[chosen[i]]] = 1;
    }
    return Tensor.wrap(Shape.of(chosen.length, CLASSES), rows);
  }
}
