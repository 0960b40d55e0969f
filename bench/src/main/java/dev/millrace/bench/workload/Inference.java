package dev.millrace.bench.workload;

import dev.millrace.data.DataSet;
import dev.millrace.tensor.Shape;
import dev.millrace.tensor.Tensor;
import java.io.IOException;

/** Images a second through the trained convolutional network, from an array and into one. */
public final class Inference {
  private static final int TRAINING_BATCH = 50;
  private static final int TRAINING_STEPS = 50;

  private final Setting setting;
  private final Report report;

  /** The workload in this setting. */
  public Inference(Setting setting) {
    this.setting = setting;
    this.report = setting.report("W4");
  }

  /**
   * Trains for fifty steps, then reports one image at a time and batches of 256.
   *
   * @throws IOException if MNIST cannot be read
   */
  public void run() throws IOException {
    Digits.Parts digits = Digits.read(setting.data());
    Classifier classifier = Network.CONVOLUTIONAL.start(setting);
    var batches = new Batches(digits.train(), TRAINING_BATCH);
    for (int i = 0; i < TRAINING_STEPS; i++) {
      batches.next();
      classifier.train(batches);
    }
    Digits test = digits.test();
    measure(classifier, test, 1, 300, 3000);
    measure(classifier, test, 256, 2560, test.size() / 256 * 256);
  }

  /** Classifies the first {@code warmUp} images, then {@code count} with the clock running. */
  private void measure(Classifier classifier, Digits test, int batch, int warmUp, int count) {
    classify(classifier, test, batch, warmUp);
    long start = System.nanoTime();
    int right = classify(classifier, test, batch, count);
    double seconds = (System.nanoTime() - start) / 1e9;
    report.put("images_per_s_batch" + batch, count / seconds);
    report.put("accuracy_batch" + batch, right / (double) count);
  }

  private static int classify(Classifier classifier, Digits test, int batch, int count) {
    var pixels = new float[batch * DataSet.PIXELS];
    var images = Tensor.wrap(Shape.of(batch, DataSet.PIXELS), pixels);
    int right = 0;
    for (int first = 0; first < count; first += batch) {
      test.copy(first, batch, pixels);
      right += test.right(classifier.scores(images), first, batch);
    }
    return right;
  }
}
