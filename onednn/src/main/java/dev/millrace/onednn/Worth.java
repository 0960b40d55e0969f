package dev.millrace.onednn;

/**
 * Which contractions oneDNN computes faster than the generated kernels do, as measured on
 * processors with AVX-512. It depends on sizes alone, so that the same program gives the same bits
 * each time.
 *
 * <p>In float32 generated kernels are as near to the processor's limit, and finish a result while
 * it is in registers, where the library needs one more pass over memory. It is faster where a
 * product is much larger than the caches, and at sums over many images.
 */
final class Worth {
  private static final double PRODUCT_WORK = 0x1p31;
  private static final double GRADIENT_WORK = 0x1p29;

  /** Multiplications in bfloat16 below which a call costs too much. */
  private static final double BFLOAT16_WORK = 0x1p22;

  /** Rows and columns of a product that fill the library's tiles. */
  private static final int SIDE = 32;

  /** Length of a product that makes up for the pass over its result. */
  private static final int LENGTH = 48;

  /** Multiplications for each number that is rounded to bfloat16, to make up for that. */
  private static final double PER_ROUNDING = 45;

  /** Weights for each channel of a convolution's result, to make up for the images' copies. */
  private static final int WINDOW = 64;

  private static final int CHANNELS = 16;

  private Worth() {}

  static boolean isFaster(MatrixProduct product, DataType type) {
    double m = product.m();
    double n = product.n();
    double k = product.k();
    boolean fills = m >= SIDE && n >= SIDE && k >= LENGTH;
    return switch (type) {
      case FLOAT32 -> fills && m * n * k >= PRODUCT_WORK;
      case BFLOAT16 -> fills && m * n * k >= BFLOAT16_WORK && m * n / (m + n) >= PER_ROUNDING;
    };
  }

  static boolean isFaster(ConvolutionShape shape, DataType type) {
    return type == DataType.BFLOAT16 && fills(shape) && work(shape) >= BFLOAT16_WORK;
  }

  static boolean isGradientFaster(ConvolutionShape shape, DataType type) {
    double enough = type == DataType.FLOAT32 ? GRADIENT_WORK : BFLOAT16_WORK;
    return fills(shape) && work(shape) >= enough;
  }

  private static boolean fills(ConvolutionShape shape) {
    return window(shape) >= WINDOW && shape.resultChannels() >= CHANNELS;
  }

  private static double work(ConvolutionShape shape) {
    return window(shape) * shape.images() * shape.resultElements();
  }

  private static double window(ConvolutionShape shape) {
    return (double) shape.weightElements() / shape.resultChannels();
  }
}
