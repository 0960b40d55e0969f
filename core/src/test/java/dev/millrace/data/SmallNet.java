package dev.millrace.data;

import java.util.Arrays;

/**
 * Softmax regression, with a hidden layer of rectified units or without, in a few plain loops:
 * measures how hard a data set is without the library that the data set is for.
 */
final class SmallNet {
  private static final int BATCH = 100;
  private static final int CLASSES = 10;

  private final float rate;
  private final Layer[] layers;

  /** Softmax regression where {@code hidden} is 0. */
  SmallNet(int hidden, float rate) {
    this.rate = rate;
    this.layers =
        hidden == 0
            ? new Layer[] {new Layer(784, CLASSES, 0)}
            : new Layer[] {new Layer(784, hidden, 0.05), new Layer(hidden, CLASSES, 0.2)};
  }

  /** Weights {@code [in + 1, out]}, whose last row is the bias, and what one step adds to them. */
  private static final class Layer {
    final int in;
    final int out;
    final float[] weights;
    final float[] change;

    Layer(int in, int out, double spread) {
      this.in = in;
      this.out = out;
      this.weights = new float[(in + 1) * out];
      this.change = new float[weights.length];
      var random = new RandomStream(1, in);
      for (int i = 0; i < in * out; i++) {
        weights[i] = (float) (spread * random.bell());
      }
    }

    float[] forward(float[] x) {
      var y = new float[out];
      System.arraycopy(weights, in * out, y, 0, out);
      for (int i = 0; i < in; i++) {
        for (int k = 0; x[i] != 0 && k < out; k++) {
          y[k] += x[i] * weights[i * out + k];
        }
      }
      return y;
    }

    /** Adds to the change; returns the gradient of x, 0 where x is. */
    float[] backward(float[] x, float[] dy) {
      var dx = new float[in];
      for (int i = 0; i < in; i++) {
        float sum = 0;
        for (int k = 0; x[i] != 0 && k < out; k++) {
          change[i * out + k] += x[i] * dy[k];
          sum += weights[i * out + k] * dy[k];
        }
        dx[i] = sum;
      }
      for (int k = 0; k < out; k++) {
        change[in * out + k] += dy[k];
      }
      return dx;
    }

    void step(float rate) {
      for (int i = 0; i < weights.length; i++) {
        weights[i] -= rate * change[i];
        change[i] = 0;
      }
    }
  }

  void train(DataSet data, int steps) {
    for (int step = 0; step < steps; step++) {
      Batch batch = data.nextBatch(BATCH);
      var images = (float[]) batch.images().array();
      var labels = (float[]) batch.labels().array();
      for (int i = 0; i < BATCH; i++) {
        learn(row(images, i, 784), row(labels, i, CLASSES));
      }
      for (Layer layer : layers) {
        layer.step(rate);
      }
    }
  }

  private static float[] row(float[] matrix, int row, int length) {
    return Arrays.copyOfRange(matrix, row * length, (row + 1) * length);
  }

  private void learn(float[] x, float[] label) {
    float[] last = hidden(x);
    float[] dy = softmax(layers[layers.length - 1].forward(last));
    for (int k = 0; k < CLASSES; k++) {
      dy[k] -= label[k];
    }
    float[] dx = layers[layers.length - 1].backward(last, dy);
    if (layers.length > 1) {
      layers[0].backward(x, dx);
    }
  }

  private float[] hidden(float[] x) {
    if (layers.length == 1) {
      return x;
    }
    float[] y = layers[0].forward(x);
    for (int k = 0; k < y.length; k++) {
      y[k] = Math.max(0, y[k]);
    }
    return y;
  }

  private static float[] softmax(float[] evidence) {
    float sum = 0;
    float most = evidence[largest(evidence)];
    for (int k = 0; k < CLASSES; k++) {
      evidence[k] = (float) Math.exp(evidence[k] - most);
      sum += evidence[k];
    }
    for (int k = 0; k < CLASSES; k++) {
      evidence[k] /= sum;
    }
    return evidence;
  }

  private static int largest(float[] values) {
    int largest = 0;
    for (int k = 1; k < values.length; k++) {
      largest = values[k] > values[largest] ? k : largest;
    }
    return largest;
  }

  double accuracy(DataSet data) {
    int right = 0;
    var images = (float[]) data.images().array();
    for (int i = 0; i < data.size(); i++) {
      float[] evidence = layers[layers.length - 1].forward(hidden(row(images, i, 784)));
      right += largest(evidence) == data.label(i) ? 1 : 0;
    }
    return right / (double) data.size();
  }
}
