package dev.millrace.bench.workload;

import dev.millrace.data.DataSet;
import dev.millrace.data.DataSets;
import dev.millrace.data.LabelEncoding;
import dev.millrace.data.Mnist;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Images of digits, decoded once.
 *
 * @param images pixels in [0, 1], {@code [size, 784]} row by row
 * @param labels the digits, {@code [size]}
 */
record Digits(float[] images, int[] labels) {
  /** Both parts of MNIST. */
  record Parts(Digits train, Digits test) {}

  /**
   * MNIST and nothing else.
   *
   * @throws IOException if it is neither found nor to be had
   */
  static Parts read(Path folder) throws IOException {
    DataSets sets = Mnist.read(folder, LabelEncoding.CLASSES, System.err::println);
    return new Parts(of(sets.train()), of(sets.test()));
  }

  private static Digits of(DataSet set) {
    var labels = new int[set.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = set.label(i);
    }
    return new Digits((float[]) set.images().array(), labels);
  }

  int size() {
    return labels.length;
  }

  /** Copies {@code count} images from {@code first} on to the beginning of {@code target}. */
  void copy(int first, int count, float[] target) {
    System.arraycopy(images, first * DataSet.PIXELS, target, 0, count * DataSet.PIXELS);
  }

  /** How many of {@code count} rows of scores have their greatest where the label is. */
  int right(float[] scores, int first, int count) {
    int right = 0;
    for (int i = 0; i < count; i++) {
      int row = i * DataSet.CLASSES;
      int best = 0;
      for (int digit = 1; digit < DataSet.CLASSES; digit++) {
        best = scores[row + digit] > scores[row + best] ? digit : best;
      }
      right += best == labels[first + i] ? 1 : 0;
    }
    return right;
  }
}
