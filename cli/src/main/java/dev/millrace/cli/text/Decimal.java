package dev.millrace.cli.text;

/**
 * Numbers as text, the same in every country, and without the tenth of a second that formats take.
 */
public final class Decimal {
  private static final long[] POWERS = {1, 10, 100, 1000, 10_000, 100_000, 1_000_000};

  private Decimal() {}

  /**
   * {@code value} with this many digits after the point, rounded to the nearest: {@code 0.9190}.
   *
   * @param digits 0 to 6
   */
  public static String fixed(double value, int digits) {
    double scaled = Math.abs(value) * POWERS[digits];
    if (!(scaled < 1e15)) {
      return String.valueOf(value);
    }
    long rounded = Math.round(scaled);
    String sign = value < 0 && rounded > 0 ? "-" : "";
    String whole = sign.concat(String.valueOf(rounded / POWERS[digits]));
    if (digits == 0) {
      return whole;
    }
    String fraction = String.valueOf(POWERS[digits] + rounded % POWERS[digits]).substring(1);
    return whole.concat(".").concat(fraction);
  }
}
