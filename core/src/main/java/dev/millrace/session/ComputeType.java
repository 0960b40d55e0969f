package dev.millrace.session;

/** The numbers that matrix products and convolutions multiply. */
public enum ComputeType {
  /** The operands as they are. */
  FLOAT32,

  /**
   * Mixed precision: float32 operands of products and convolutions are rounded to bfloat16 (8
   * significant bits instead of 24, the same range; to nearest, ties to even), and what they give
   * is summed in float32. Variables, sums, activations and everything else stay float32, so small
   * updates of large weights are not lost. Operands of other types are left alone.
   *
   * <p>Faster only where something below makes use of it; in pure Java it costs one rounding an
   * operand. Relative error of a product of two operands: at most 2^-7.
   */
  BFLOAT16
}
