package dev.millrace.onednn;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/**
 * A convolution's weights between their places in a heap array and the layout that a primitive
 * likes best. In between, the matrices of the window's places lie one after the other.
 */
final class Weights {
  private final Dnnl dnnl;
  private final ConvolutionShape shape;
  private final Descriptor dense;

  Weights(Dnnl dnnl, ConvolutionShape shape) {
    this.dnnl = dnnl;
    this.shape = shape;
    long channels = shape.channels();
    long results = shape.resultChannels();
    long matrix = channels * results;
    ConvolutionShape.Taps taps = shape.taps();
    boolean resultsLast = taps.resultStep() == 1;
    this.dense =
        Descriptor.of(
            dnnl,
            Layout.of(
                DataType.FLOAT32,
                new long[] {results, channels, shape.window().height(), shape.window().width()},
                new long[] {
                  resultsLast ? 1 : channels,
                  resultsLast ? results : 1,
                  matrix * shape.window().width(),
                  matrix
                }));
  }

  Primitive toBest(Descriptor best) {
    return Primitive.reorder(dnnl, dense, best);
  }

  Primitive fromBest(Descriptor best) {
    return Primitive.reorder(dnnl, best, dense);
  }

  long denseBytes() {
    return dense.bytes;
  }

  /** Copies the matrices out of {@code array}. */
  void read(float[] array, int start, MemorySegment to) {
    int matrix = matrix();
    for (int place = 0; place < places(); place++) {
      MemorySegment.copy(
          array, start + position(place), to, JAVA_FLOAT, offset(place, matrix), matrix);
    }
  }

  /** Numbers in the matrix of a place. */
  int matrix() {
    return shape.channels() * shape.resultChannels();
  }

  /** Places in the window. */
  int places() {
    return shape.window().height() * shape.window().width();
  }

  /** Where the matrix of a place begins, from where the first one does. */
  int position(int place) {
    int width = shape.window().width();
    return place / width * shape.taps().row() + place % width * shape.taps().column();
  }

  private static long offset(int place, int matrix) {
    return (long) place * matrix * Float.BYTES;
  }
}
