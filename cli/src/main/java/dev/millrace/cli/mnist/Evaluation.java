package dev.millrace.cli.mnist;

import dev.millrace.cli.picture.WrongDigits.Mistake;
import dev.millrace.data.DataSet;
import dev.millrace.tensor.Tensor;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a model made of a data set.
 *
 * @param accuracy share of images whose digit was found, in [0, 1]
 * @param predicted the digit that each image was taken for
 * @param confidences the probability that the model gave it, in [0, 1]
 */
record Evaluation(float accuracy, long[] predicted, float[] confidences, DataSet data) {
  /**
   * The evaluation of {@code data}.
   *
   * @param predicted digits {@code [size]}
   * @param probabilities of every digit {@code [size, 10]}
   */
  static Evaluation of(float accuracy, Tensor predicted, Tensor probabilities, DataSet data) {
    long[] digits = predicted.toLongArray();
    float[] all = probabilities.toFloatArray();
    var confidences = new float[digits.length];
    for (int i = 0; i < digits.length; i++) {
      confidences[i] = all[i * DataSet.CLASSES + (int) digits[i]];
    }
    return new Evaluation(accuracy, digits, confidences, data);
  }

  int size() {
    return predicted.length;
  }

  /** How many images were taken for what they are. */
  int right() {
    return (int) IntStream.range(0, size()).filter(this::isRight).count();
  }

  private boolean isRight(int image) {
    return predicted[image] == data.label(image);
  }

  /** How often each digit was taken for each: {@code [digit][predicted]}. */
  int[][] confusion() {
    var counts = new int[DataSet.CLASSES][DataSet.CLASSES];
    for (int i = 0; i < size(); i++) {
      counts[data.label(i)][(int) predicted[i]]++;
    }
    return counts;
  }

  /** The mistakes that the model was surest of, the surest one first. */
  List<Mistake> surestMistakes(int count) {
    return IntStream.range(0, size())
        .filter(i -> !isRight(i))
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -confidences[i]))
        .limit(count)
        .map(i -> new Mistake(data.pixels(i), data.label(i), (int) predicted[i], confidences[i]))
        .toList();
  }
}
