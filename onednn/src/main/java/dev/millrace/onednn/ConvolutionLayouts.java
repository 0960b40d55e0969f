package dev.millrace.onednn;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A convolution's operands as the library knows them: images in the layout NHWC.
 *
 * @param result of float32, as the convolution gives it
 * @param resultGradient as the gradient reads it
 */
record ConvolutionLayouts(
    Descriptor source,
    Descriptor weights,
    Descriptor weightGradient,
    Descriptor result,
    Descriptor resultGradient,
    ConvolutionShape shape) {
  /** With weights in the layouts that suit the operation best. */
  static ConvolutionLayouts of(Dnnl dnnl, ConvolutionShape shape, int images, DataType type) {
    long[] kernel = {
      shape.resultChannels(), shape.channels(), shape.window().height(), shape.window().width()
    };
    return new ConvolutionLayouts(
        Descriptor.of(dnnl, nhwc(type, images, shape.channels(), shape.source())),
        Descriptor.of(dnnl, Layout.any(type, kernel)),
        Descriptor.of(dnnl, Layout.any(DataType.FLOAT32, kernel)),
        Descriptor.of(dnnl, nhwc(DataType.FLOAT32, images, shape.resultChannels(), shape.result())),
        Descriptor.of(dnnl, nhwc(type, images, shape.resultChannels(), shape.result())),
        shape);
  }

  /** These with weights in the layout that another primitive has chosen. */
  ConvolutionLayouts withWeights(Descriptor chosen) {
    return new ConvolutionLayouts(source, chosen, weightGradient, result, resultGradient, shape);
  }

  /** These with a gradient in the layout that another primitive has chosen. */
  ConvolutionLayouts withGradient(Descriptor chosen) {
    return new ConvolutionLayouts(source, weights, chosen, result, resultGradient, shape);
  }

  private static Layout nhwc(
      DataType type, long images, long channels, ConvolutionShape.Size size) {
    long row = size.width() * channels;
    return Layout.of(
        type,
        new long[] {images, channels, size.height(), size.width()},
        new long[] {size.height() * row, 1, row, channels});
  }

  long forward(Dnnl dnnl) {
    try (Arena arena = Arena.ofConfined()) {
      return dnnl.createForward(
          source.address(), weights.address(), result.address(), window(arena));
    }
  }

  long weightGradient(Dnnl dnnl) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment[] sizes = window(arena);
      long hint =
          dnnl.createForward(source.address(), weights.address(), resultGradient.address(), sizes);
      try {
        return dnnl.createWeightGradient(
            source.address(), weightGradient.address(), resultGradient.address(), sizes, hint);
      } finally {
        dnnl.destroy("primitive_desc", hint);
      }
    }
  }

  /** Strides, dilations less 1, and no padding. */
  private MemorySegment[] window(Arena arena) {
    return new MemorySegment[] {
      arena.allocateFrom(JAVA_LONG, shape.stride().height(), shape.stride().width()),
      arena.allocateFrom(JAVA_LONG, shape.dilation().height() - 1, shape.dilation().width() - 1),
      arena.allocateFrom(JAVA_LONG, 0, 0)
    };
  }
}
