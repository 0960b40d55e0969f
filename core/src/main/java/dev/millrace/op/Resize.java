package dev.millrace.op;

import dev.millrace.tensor.MillraceException;
import java.util.Arrays;
import java.util.List;

/**
 * How values between the elements of a grid are found when its size changes.
 *
 * <pre>{@code
 * resize(images, Resize.LINEAR, 224, 224)
 * resize(images, Resize.CUBIC.coordinates(ALIGN_CORNERS).channelsFirst(), 64, 64)
 * }</pre>
 *
 * @param method which elements count
 * @param coordinates where an element of the result lies on the input
 * @param rounding which of two elements is the nearest
 * @param cubic the coefficient a of cubic interpolation: -0.75 as in PyTorch and OpenCV, -0.5 as in
 *     TensorFlow and Pillow
 * @param excludesOutside whether elements beyond the edges do not count at all, rather than as the
 *     elements at the edges
 * @param antialiases whether shrinking takes the mean of all elements that the result's element
 *     covers, by a filter as wide as it takes; what lies outside does not count then
 * @param isChannelsFirst whether values are {@code [batch, channels, spatial...]} rather than
 *     {@code [batch, spatial..., channels]}
 * @param begins where a crop begins on each axis, from 0 to 1; none: the whole axis
 * @param ends where it ends
 * @param outside what the elements of a crop are that lie beyond the input
 */
public record Resize(
    Method method,
    Coordinates coordinates,
    Rounding rounding,
    double cubic,
    boolean excludesOutside,
    boolean antialiases,
    boolean isChannelsFirst,
    List<Double> begins,
    List<Double> ends,
    double outside) {
  /** Which elements of the input count. */
  public enum Method {
    /** The nearest one. */
    NEAREST,
    /** Those on both sides, by their distances. */
    LINEAR,
    /** Two on both sides, by Keys' cubic convolution, 1981. */
    CUBIC,
    /** The average of all that an element of the result touches, as adaptive pooling. */
    AREA
  }

  /**
   * Where element i of {@code out} lies on an axis of {@code in} elements; {@code scale} is {@code
   * out / in} if no other one is given.
   */
  public enum Coordinates {
    /** Elements are squares, and edges meet: {@code (i + 0.5) / scale - 0.5}. */
    HALF_PIXEL,
    /** The same, but the centre stays the centre where the scale is not {@code out / in}. */
    HALF_PIXEL_SYMMETRIC,
    /** As HALF_PIXEL, and 0 where out is 1. */
    PYTORCH_HALF_PIXEL,
    /** Elements are points, and the outermost ones meet: {@code i (in - 1) / (out - 1)}. */
    ALIGN_CORNERS,
    /** {@code i / scale}. */
    ASYMMETRIC,
    /** Points between those at which a crop begins and ends. */
    TF_CROP_AND_RESIZE
  }

  /** Which element is the nearest one to a position. */
  public enum Rounding {
    /** The greatest not above. */
    FLOOR,
    /** The smallest not below. */
    CEIL,
    /** The nearest, and the lower one from halfway. */
    PREFER_FLOOR,
    /** The nearest, and the upper one from halfway. */
    PREFER_CEIL
  }

  /** The nearest element of half-pixel centres. */
  public static final Resize NEAREST = of(Method.NEAREST);

  /** Linear interpolation along each axis: bilinear, trilinear. */
  public static final Resize LINEAR = of(Method.LINEAR);

  /** Cubic interpolation along each axis, with a = -0.75. */
  public static final Resize CUBIC = of(Method.CUBIC);

  /** Averages of areas. */
  public static final Resize AREA = of(Method.AREA);

  /** Checks the crop. */
  public Resize {
    begins = List.copyOf(begins);
    ends = List.copyOf(ends);
    if (begins.size() != ends.size()) {
      throw new MillraceException(
          "resize: a crop has as many ends as beginnings, found " + begins + " and " + ends);
    }
    if ((coordinates == Coordinates.TF_CROP_AND_RESIZE) == begins.isEmpty()) {
      throw new MillraceException(
          "resize: coordinates TF_CROP_AND_RESIZE are those of a crop, make them with crop(begins,"
              + " ends, outside)");
    }
  }

  private static Resize of(Method method) {
    return new Resize(
        method,
        Coordinates.HALF_PIXEL,
        Rounding.PREFER_FLOOR,
        -0.75,
        false,
        false,
        false,
        List.of(),
        List.of(),
        0);
  }

  /** This with other coordinates. */
  public Resize coordinates(Coordinates other) {
    return new Resize(
        method,
        other,
        rounding,
        cubic,
        excludesOutside,
        antialiases,
        isChannelsFirst,
        begins,
        ends,
        outside);
  }

  /** This with corners on corners. */
  public Resize alignCorners() {
    return coordinates(Coordinates.ALIGN_CORNERS);
  }

  /** This with another rule for the nearest element. */
  public Resize rounding(Rounding other) {
    return new Resize(
        method,
        coordinates,
        other,
        cubic,
        excludesOutside,
        antialiases,
        isChannelsFirst,
        begins,
        ends,
        outside);
  }

  /** This with another coefficient of cubic interpolation. */
  public Resize cubic(double a) {
    return new Resize(
        method,
        coordinates,
        rounding,
        a,
        excludesOutside,
        antialiases,
        isChannelsFirst,
        begins,
        ends,
        outside);
  }

  /** This without the elements beyond the edges; the weights of the others sum to 1 again. */
  public Resize excludingOutside() {
    return new Resize(
        method,
        coordinates,
        rounding,
        cubic,
        true,
        antialiases,
        isChannelsFirst,
        begins,
        ends,
        outside);
  }

  /** This with a filter as wide as the elements of a smaller result. */
  public Resize antialias() {
    return new Resize(
        method,
        coordinates,
        rounding,
        cubic,
        excludesOutside,
        true,
        isChannelsFirst,
        begins,
        ends,
        outside);
  }

  /** This over {@code [batch, channels, spatial...]}. */
  public Resize channelsFirst() {
    return new Resize(
        method,
        coordinates,
        rounding,
        cubic,
        excludesOutside,
        antialiases,
        true,
        begins,
        ends,
        outside);
  }

  /**
   * This of a part of the input: from {@code begins} to {@code ends} of each axis, of which 0 is
   * the first element and 1 the last one. An end before the beginning flips; what lies beyond the
   * input is {@code value}.
   */
  public Resize crop(double[] from, double[] to, double value) {
    return new Resize(
        method,
        Coordinates.TF_CROP_AND_RESIZE,
        rounding,
        cubic,
        excludesOutside,
        antialiases,
        isChannelsFirst,
        Arrays.stream(from).boxed().toList(),
        Arrays.stream(to).boxed().toList(),
        value);
  }
}
