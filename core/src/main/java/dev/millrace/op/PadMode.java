package dev.millrace.op;

/** What is put around a tensor. */
public enum PadMode {
  /** Zeros. */
  CONSTANT,
  /** The elements next to the border, mirrored without the border itself: {@code c b | a b c}. */
  REFLECT,
  /** The elements next to the border, mirrored with the border: {@code b a | a b c}. */
  SYMMETRIC,
  /** The border, repeated: {@code a a | a b c}. */
  EDGE,
  /** The elements of the other end: {@code b c | a b c}. */
  WRAP
}
