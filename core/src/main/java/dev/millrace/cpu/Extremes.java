package dev.millrace.cpu;

/** Whether a value takes the place of the most extreme one so far; the first NaN stays for good. */
final class Extremes {
  private Extremes() {}

  static boolean above(float value, float best) {
    return !Float.isNaN(best) && !(value <= best);
  }

  static boolean above(double value, double best) {
    return !Double.isNaN(best) && !(value <= best);
  }

  static boolean above(int value, int best) {
    return value > best;
  }

  static boolean above(long value, long best) {
    return value > best;
  }

  static boolean aboveUnsigned(long value, long best) {
    return Long.compareUnsigned(value, best) > 0;
  }

  static boolean belowUnsigned(long value, long best) {
    return Long.compareUnsigned(value, best) < 0;
  }

  static boolean below(float value, float best) {
    return !Float.isNaN(best) && !(value >= best);
  }

  static boolean below(double value, double best) {
    return !Double.isNaN(best) && !(value >= best);
  }

  static boolean below(int value, int best) {
    return value < best;
  }

  static boolean below(long value, long best) {
    return value < best;
  }
}
