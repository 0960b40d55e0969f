package dev.millrace.linalg;

import java.util.Optional;

/**
 * The discrete Fourier transform of one size, {@code y[k] = sum over j of x[j] e^(-2 pi i j k /
 * n)}, or with a plus for the inverse, which is not divided by n. Powers of 2 go by halves
 * (Stockham's order, so nothing is permuted); other sizes by Bluestein's convolution of the next
 * power of 2 above 2n, in O(n log n) too. Source: Van Loan, "Computational frameworks for the fast
 * Fourier transform", 1992.
 *
 * <p>Immutable; what it needs to work in is made for each row.
 */
public final class Fourier {
  private static final int MOST_CHIRPED = 1 << 28;

  private final int size;

  /**
   * For a power of 2 {@code e^(-+2 pi i k / size)} with k below half of the size; else {@code
   * e^(-+pi i k^2 / size)}.
   */
  private final double[] cosines;

  private final double[] sines;
  private final Optional<Filter> filter;

  /**
   * What a convolution with a chirp needs: transforms of the padded size, and the transform of the
   * conjugate chirp over that size.
   */
  private record Filter(Fourier there, Fourier back, double[] real, double[] imaginary) {}

  /**
   * The transform of {@code size} numbers.
   *
   * @throws IllegalArgumentException if the size is below 1, or above 2^28 and no power of 2
   */
  public Fourier(int size, boolean inverse) {
    boolean isPower = (size & (size - 1)) == 0;
    if (size < 1 || (!isPower && size > MOST_CHIRPED)) {
      throw new IllegalArgumentException(
          "fft: the size must be 1 or more, and no power of 2 above 2^28, found " + size);
    }
    this.size = size;
    cosines = new double[isPower ? size / 2 : size];
    sines = new double[cosines.length];
    for (int k = 0; k < cosines.length; k++) {
      long twice = 2L * size;
      double step = isPower ? 2.0 * k : (double) ((long) k * k % twice);
      double angle = 2 * Math.PI * step / twice;
      cosines[k] = Math.cos(angle);
      sines[k] = inverse ? Math.sin(angle) : -Math.sin(angle);
    }
    filter = isPower ? Optional.empty() : Optional.of(filter());
  }

  private Filter filter() {
    int padded = Integer.highestOneBit(2 * size - 1) << 1;
    double[] real = new double[padded];
    double[] imaginary = new double[padded];
    for (int k = 0; k < size; k++) {
      int other = (padded - k) % padded;
      real[k] = cosines[k] / padded;
      imaginary[k] = -sines[k] / padded;
      real[other] = real[k];
      imaginary[other] = imaginary[k];
    }
    var there = new Fourier(padded, false);
    there.run(real, imaginary);
    return new Filter(there, new Fourier(padded, true), real, imaginary);
  }

  /** Replaces the first {@code size} numbers by their transform. */
  public void run(double[] real, double[] imaginary) {
    filter.ifPresentOrElse(
        chirp -> convolved(chirp, real, imaginary), () -> halves(real, imaginary));
  }

  private void halves(double[] real, double[] imaginary) {
    double[] fromReal = real;
    double[] fromImaginary = imaginary;
    double[] toReal = new double[size];
    double[] toImaginary = new double[size];
    int stride = 1;
    for (int half = size / 2; half >= 1; half /= 2) {
      pass(half, stride, fromReal, fromImaginary, toReal, toImaginary);
      double[] swap = fromReal;
      fromReal = toReal;
      toReal = swap;
      swap = fromImaginary;
      fromImaginary = toImaginary;
      toImaginary = swap;
      stride *= 2;
    }
    if (fromReal != real) {
      System.arraycopy(fromReal, 0, real, 0, size);
      System.arraycopy(fromImaginary, 0, imaginary, 0, size);
    }
  }

  /** Sums and differences of numbers that lie {@code half * stride} apart; those turned. */
  private void pass(int half, int stride, double[] xr, double[] xi, double[] yr, double[] yi) {
    for (int p = 0; p < half; p++) {
      double c = cosines[p * stride];
      double s = sines[p * stride];
      int low = p * stride;
      int high = (p + half) * stride;
      int to = 2 * p * stride;
      for (int q = 0; q < stride; q++) {
        double ar = xr[low + q];
        double ai = xi[low + q];
        double br = xr[high + q];
        double bi = xi[high + q];
        yr[to + q] = ar + br;
        yi[to + q] = ai + bi;
        double dr = ar - br;
        double di = ai - bi;
        yr[to + stride + q] = dr * c - di * s;
        yi[to + stride + q] = dr * s + di * c;
      }
    }
  }

  /** {@code jk = (j^2 + k^2 - (k - j)^2) / 2} makes a convolution with a chirp of the sum. */
  private void convolved(Filter chirp, double[] real, double[] imaginary) {
    double[] ar = new double[chirp.real.length];
    double[] ai = new double[chirp.real.length];
    for (int k = 0; k < size; k++) {
      ar[k] = real[k] * cosines[k] - imaginary[k] * sines[k];
      ai[k] = real[k] * sines[k] + imaginary[k] * cosines[k];
    }
    chirp.there.run(ar, ai);
    for (int k = 0; k < ar.length; k++) {
      double product = ar[k] * chirp.real[k] - ai[k] * chirp.imaginary[k];
      ai[k] = ar[k] * chirp.imaginary[k] + ai[k] * chirp.real[k];
      ar[k] = product;
    }
    chirp.back.run(ar, ai);
    for (int k = 0; k < size; k++) {
      real[k] = ar[k] * cosines[k] - ai[k] * sines[k];
      imaginary[k] = ar[k] * sines[k] + ai[k] * cosines[k];
    }
  }
}
