package dev.millrace.cpu;

import dev.millrace.kernel.Philox;

/** What takes more than an instruction or a call of the JDK. */
final class ScalarFunctions {
  private ScalarFunctions() {}

  /** {@code a - b * floor(a / b)}, with the sign of b: {@code %} is exact and has the sign of a. */
  static double modulo(double a, double b) {
    double remainder = a % b;
    boolean wrong = remainder != 0 && (remainder < 0) != (b < 0);
    return wrong ? remainder + b : remainder;
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
