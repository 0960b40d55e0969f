package dev.millrace.onednn;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.millrace.provider.Contraction.Position;
import dev.millrace.provider.ContractionCode;
import java.lang.foreign.MemorySegment;

/**
 * A convolution of images, some of them per task. A task's images go to native memory and its
 * results go back to the heap while they are in the caches.
 */
final class Convolution implements ContractionCode {
  /** Multiplications of a task: a fifth of a millisecond or so. */
  private static final double TASK = 1 << 23;

  private static final int MOST_TASKS = 256;

  private final Dnnl dnnl;
  private final ConvolutionShape shape;
  private final Position offset;
  private final Images images;
  private final DataType type;
  private final Weights weights;
  private final MemorySegment bestWeights;
  private final Primitive packing;
  private final Primitive whole;
  private final Primitive last;

  /**
   * Prepares a convolution.
   *
   * @throws OneDnnException if the library cannot compute it
   */
  Convolution(Dnnl dnnl, ConvolutionShape shape, Position offset, DataType type) {
    this.dnnl = dnnl;
    this.shape = shape;
    this.offset = offset;
    images = Images.of(shape, TASK, MOST_TASKS);
    this.type = type;
    whole = Primitive.forward(dnnl, ConvolutionLayouts.of(dnnl, shape, images.each(), type));
    Descriptor best = whole.descriptor(Argument.WEIGHTS);
    last =
        images.last() == images.each()
            ? whole
            : Primitive.forward(
                dnnl, ConvolutionLayouts.of(dnnl, shape, images.last(), type).withWeights(best));
    weights = new Weights(dnnl, shape);
    bestWeights = Scratch.allocate(best.bytes);
    packing = weights.toBest(best);
  }

  @Override
  public void run(Team team, float[] left, float[] right, float[] target) {
    pack(right);
    team.run(images.tasks(), task -> convolve(task, left, target));
  }

  private void pack(float[] array) {
    MemorySegment dense = dnnl.scratch().operands(weights.denseBytes())[0];
    weights.read(array, offset.right(), dense);
    packing.run(dense, bestWeights);
  }

  private void convolve(int task, float[] source, float[] target) {
    int first = images.first(task);
    int count = images.size(task);
    int sources = count * shape.imageElements();
    int results = count * shape.resultElements();
    MemorySegment[] memory =
        dnnl.scratch().operands((long) sources * type.bytes, (long) results * Float.BYTES);
    Staging.copy(type, source, offset.left() + first * shape.imageElements(), sources, memory[0]);
    (count == images.each() ? whole : last).run(memory[0], bestWeights, memory[1]);
    MemorySegment.copy(
        memory[1],
        JAVA_FLOAT,
        0,
        target,
        offset.target() + first * shape.resultElements(),
        results);
  }
}
