package dev.millrace.op;

/**
 * How values between the pixels of an image, and beyond its edges, are found.
 *
 * @param method which pixels count
 * @param border what lies beyond the edges
 * @param alignsCorners whether -1 and 1 of a grid are the centres of the outermost pixels, rather
 *     than their outer edges
 * @param isChannelsFirst whether images are {@code [batch, channels, spatial...]} rather than
 *     {@code [batch, spatial..., channels]}
 */
public record Sampling(
    Method method, Border border, boolean alignsCorners, boolean isChannelsFirst) {
  /** Which pixels count. */
  public enum Method {
    /** The nearest one, the even one from halfway; no derivative by the positions. */
    NEAREST,
    /** Two along each axis, by their distances. */
    LINEAR,
    /** Four along each axis, by cubic convolution with a = -0.75. */
    CUBIC
  }

  /** What lies beyond the edges. */
  public enum Border {
    /** Zeros. */
    ZEROS,
    /** The pixel at the edge. */
    EDGE,
    /** The image in a mirror; the edge is where {@link Sampling#alignsCorners} says. */
    REFLECT
  }

  /** The nearest pixel, zeros beyond the edges. */
  public static final Sampling NEAREST = new Sampling(Method.NEAREST, Border.ZEROS, false, false);

  /** Linear interpolation, zeros beyond the edges. */
  public static final Sampling LINEAR = new Sampling(Method.LINEAR, Border.ZEROS, false, false);

  /** Cubic interpolation, zeros beyond the edges. */
  public static final Sampling CUBIC = new Sampling(Method.CUBIC, Border.ZEROS, false, false);

  /** This with something else beyond the edges. */
  public Sampling border(Border other) {
    return new Sampling(method, other, alignsCorners, isChannelsFirst);
  }

  /** This with -1 and 1 at the centres of the outermost pixels. */
  public Sampling alignCorners() {
    return new Sampling(method, border, true, isChannelsFirst);
  }

  /** This of {@code [batch, channels, spatial...]}. */
  public Sampling channelsFirst() {
    return new Sampling(method, border, alignsCorners, true);
  }
}
