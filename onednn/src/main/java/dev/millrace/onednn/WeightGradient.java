package dev.millrace.onednn;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.millrace.provider.Contraction.Position;
import dev.millrace.provider.ContractionCode;
import java.lang.foreign.MemorySegment;

/**
 * A convolution's gradient to its weights. Each task sums over some of the images; then the tasks'
 * sums are added in their order.
 */
final class WeightGradient implements ContractionCode {
  /** Multiplications of a task: some milliseconds, so that there are few sums to add. */
  private static final double TASK = 1 << 24;

  private static final int MOST_TASKS = 16;

  private final Dnnl dnnl;
  private final ConvolutionShape shape;
  private final Position offset;
  private final Images images;
  private final DataType type;
  private final Weights weights;
  private final Primitive whole;
  private final Primitive last;
  private final Primitive unpacking;
  private final long bestBytes;

  /** For each task, the sums over its images, matrix after matrix. */
  private final float[][] sums;

  /**
   * Prepares a gradient.
   *
   * @throws OneDnnException if the library cannot compute it
   */
  WeightGradient(Dnnl dnnl, ConvolutionShape shape, Position offset, DataType type) {
    this.dnnl = dnnl;
    this.shape = shape;
    this.offset = offset;
    images = Images.of(shape, TASK, MOST_TASKS);
    this.type = type;
    weights = new Weights(dnnl, shape);
    whole = Primitive.weightGradient(dnnl, ConvolutionLayouts.of(dnnl, shape, images.each(), type));
    Descriptor best = whole.descriptor(Argument.WEIGHTS_GRADIENT);
    last =
        images.last() == images.each()
            ? whole
            : Primitive.weightGradient(
                dnnl, ConvolutionLayouts.of(dnnl, shape, images.last(), type).withGradient(best));
    unpacking = weights.fromBest(best);
    bestBytes = best.bytes;
    sums = new float[images.tasks()][shape.weightElements()];
  }

  @Override
  public void run(Team team, float[] left, float[] right, float[] target) {
    team.run(images.tasks(), task -> gradient(task, left, right));
    team.run(weights.places(), place -> add(place, target));
  }

  private void gradient(int task, float[] source, float[] result) {
    int first = images.first(task);
    int count = images.size(task);
    int sources = count * shape.imageElements();
    int results = count * shape.resultElements();
    MemorySegment[] memory =
        dnnl.scratch()
            .operands(
                (long) sources * type.bytes,
                (long) results * type.bytes,
                bestBytes,
                weights.denseBytes());
    Staging.copy(type, source, offset.left() + first * shape.imageElements(), sources, memory[0]);
    Staging.copy(type, result, offset.right() + first * shape.resultElements(), results, memory[1]);
    (count == images.each() ? whole : last).run(memory[0], memory[1], memory[2]);
    unpacking.run(memory[2], memory[3]);
    MemorySegment.copy(memory[3], JAVA_FLOAT, 0, sums[task], 0, sums[task].length);
  }

  /** Adds the tasks' sums for one place of the window. */
  private void add(int place, float[] target) {
    int matrix = weights.matrix();
    int from = place * matrix;
    int to = offset.target() + weights.position(place);
    System.arraycopy(sums[0], from, target, to, matrix);
    for (int task = 1; task < sums.length; task++) {
      float[] sum = sums[task];
      for (int i = 0; i < matrix; i++) {
        target[to + i] += sum[from + i];
      }
    }
  }
}
