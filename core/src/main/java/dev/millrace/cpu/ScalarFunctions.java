package dev.millrace.cpu;

import dev.millrace.kernel.Philox;

/** What takes more than an instruction or a call of the JDK. */
final class ScalarFunctions {
  private ScalarFunctions() {}

  /** Bits moved up; none is left if b is negative or too great. */
  static int shiftLeft(int a, int b) {
    return b < 0 || b > 31 ? 0 : a << b;
  }

  /** Bits moved up; none is left if b is negative or too great. */
  static long shiftLeft(long a, long b) {
    return b < 0 || b > 63 ? 0 : a << b;
  }

  /** Bits moved down; only the sign is left if b is negative or too great. */
  static int shiftRight(int a, int b) {
    return b < 0 || b > 31 ? a >> 31 : a >> b;
  }

  /** Bits moved down; only the sign is left if b is negative or too great. */
  static long shiftRight(long a, long b) {
    return b < 0 || b > 63 ? a >> 63 : a >> b;
  }

  /** Bits moved down and zeros in their place; none is left if b is negative or too great. */
  static long shiftRightUnsigned(long a, long b) {
    return b < 0 || b > 63 ? 0 : a >>> b;
  }

  /** The greater of two numbers without a sign. */
  static long maxUnsigned(long a, long b) {
    return Long.compareUnsigned(a, b) >= 0 ? a : b;
  }

  /** The smaller of two numbers without a sign. */
  static long minUnsigned(long a, long b) {
    return Long.compareUnsigned(a, b) <= 0 ? a : b;
  }

  /** 0 or 1. */
  static long signUnsigned(long a) {
    return a == 0 ? 0 : 1;
  }

  /** The float32 draw of an element. */
  static float draw(long key, long run, int element) {
    return Philox.uniformFloat(Philox.bits(key, run, element));
  }

  /** The float64 draw of an element, which takes two words of the generator. */
  static double drawDouble(long key, long run, int element) {
    int high = Philox.bits(key, run, 2L * element);
    int low = Philox.bits(key, run, 2L * element + 1);
    return Philox.uniformDouble(high, low);
  }
}
