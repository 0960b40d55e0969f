package dev.millrace.onednn;

/**
 * How a convolution's images are dealt to tasks. It depends on the sizes alone, so that results do
 * not depend on the number of threads.
 *
 * @param each images of a task, but the last
 */
record Images(int count, int each) {
  /** In tasks of about {@code products} multiplications, at most {@code most} of them. */
  static Images of(ConvolutionShape shape, double products, int most) {
    double image =
        (double) shape.resultElements() * shape.weightElements() / shape.resultChannels();
    int each = (int) Math.clamp(Math.ceil(products / image), 1, shape.images());
    return new Images(shape.images(), Math.max(each, Math.ceilDiv(shape.images(), most)));
  }

  int tasks() {
    return Math.ceilDiv(count, each);
  }

  int first(int task) {
    return task * each;
  }

  int size(int task) {
    return Math.min(each, count - first(task));
  }

  /** Images of the last task. */
  int last() {
    return size(tasks() - 1);
  }
}
