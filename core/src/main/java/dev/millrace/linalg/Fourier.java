package dev.millrace.linalg;

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
  private final int size;
  private final boolean inverse;

  /** {@code e^(-+2 pi i k / size)} for k below half of the size, of a power of 2. */
  private final double[] cosines;

  private final double[] sines;

  /** Bluestein's transforms: of the padded size, and of its factors. */
  private final Fourier there;

  private final Fourier back;
  private final double[] chirpReal;
  private final double[] chirpImaginary;
  private final double[] filterReal;
  private final double[] filterImaginary;

  /** The transform of {@code size} numbers. */
  public Fourier(int size, boolean inverse) {
    this.size = size;
    this.inverse = inverse;
    boolean isPower = (size & (size - 1)) == 0;
    cosines = new double[isPower ? size / 2 : size];
    sines = new double[cosines.length];
    if (isPower) {
      for (int k = 0; k < cosines.length; k++) {
        root(k, size, k, cosines, sines);
      }
      there = null;
      back = null;
      chirpReal = cosines;
      chirpImaginary = sines;
      filterReal = cosines;
      filterImaginary = sines;
      return;
    }
    if (size > 1 << 28) {
      throw new IllegalArgumentException("a size that is no power of 2 must be below 2^28");
    }
    for (int k = 0; k < size; k++) {
      root((long) k * k % (2L * size), 2L * size, k, cosines, sines);
    }
    chirpReal = cosines;
    chirpImaginary = sines;
    int padded = Integer.highestOneBit(2 * size - 1) << 1;
    there = new Fourier(padded, false);
    back = new Fourier(padded, true);
    filterReal = new double[padded];
    filterImaginary = new double[padded];
    for (int k = 0; k < size; k++) {
      int other = (padded - k) % padded;
      filterReal[k] = chirpReal[k] / padded;
      filterImaginary[k] = -chirpImaginary[k] / padded;
      filterReal[other] = filterReal[k];
      filterImaginary[other] = filterImaginary[k];
    }
    there.run(filterReal, filterImaginary);
  }

  /** Puts {@code e^(-+2 pi i step / steps)} at {@code at}. */
  private void root(long step, long steps, int at, double[] real, double[] imaginary) {
    double angle = 2 * Math.PI * step / steps;
    real[at] = Math.cos(angle);
    imaginary[at] = inverse ? Math.sin(angle) : -Math.sin(angle);
  }

  /** Replaces the first {@code size} numbers by their transform. */
  public void run(double[] real, double[] imaginary) {
    if (there == null) {
      halves(real, imaginary);
    } else {
      convolved(real, imaginary);
    }
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
  private void convolved(double[] real, double[] imaginary) {
    double[] ar = new double[filterReal.length];
    double[] ai = new double[filterReal.length];
    for (int k = 0; k < size; k++) {
      ar[k] = real[k] * chirpReal[k] - imaginary[k] * chirpImaginary[k];
      ai[k] = real[k] * chirpImaginary[k] + imaginary[k] * chirpReal[k];
    }
    there.run(ar, ai);
    for (int k = 0; k < ar.length; k++) {
      double product = ar[k] * filterReal[k] - ai[k] * filterImaginary[k];
      ai[k] = ar[k] * filterImaginary[k] + ai[k] * filterReal[k];
      ar[k] = product;
    }
    back.run(ar, ai);
    for (int k = 0; k < size; k++) {
      real[k] = ar[k] * chirpReal[k] - ai[k] * chirpImaginary[k];
      imaginary[k] = ar[k] * chirpImaginary[k] + ai[k] * chirpReal[k];
    }
  }
}
