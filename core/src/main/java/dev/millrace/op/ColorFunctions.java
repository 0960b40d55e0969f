package dev.millrace.op;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import dev.millrace.tensor.ShapeException;
import dev.millrace.tensor.Tensor;

/**
 * Colours of images, floating-point numbers from 0 to 1, {@code [..., 3]} or with the colours at
 * another {@code axis} (1 of {@code [batch, 3, height, width]}). Matrices and formulas are
 * TensorFlow's. Errors are {@link ShapeException}s at the line of the call.
 */
public class ColorFunctions extends SamplingFunctions {
  private static final double[][] TO_YUV = {
    {0.299, 0.587, 0.114},
    {-0.14714119, -0.28886916, 0.43601035},
    {0.61497538, -0.51496512, -0.10001026}
  };
  private static final double[][] FROM_YUV = {
    {1, 0, 1.13988303}, {1, -0.394642334, -0.58062185}, {1, 2.03206185, 0}
  };

  /** Of ITU-R BT.601, full range. */
  private static final double[][] TO_YCBCR = {
    {0.299, 0.587, 0.114},
    {-0.168735892, -0.331264108, 0.5},
    {0.5, -0.418687589, -0.081312411}
  };

  private static final double[][] FROM_YCBCR = {
    {1, 0, 1.402}, {1, -0.344136286, -0.714136286}, {1, 1.772, 0}
  };

  ColorFunctions() {}

  /** Brightness {@code 0.2989 R + 0.587 G + 0.114 B}, {@code [..., 3] -> [..., 1]}. */
  public static Expr rgbToGrayscale(Expr x) {
    return rgbToGrayscale(x, -1);
  }

  /** {@link #rgbToGrayscale(Expr)} with the colours at {@code axis}. */
  public static Expr rgbToGrayscale(Expr x, int axis) {
    return mixed("rgbToGrayscale", x, axis, new double[][] {{0.2989, 0.587, 0.114}});
  }

  /** The same number for all three colours, {@code [..., 1] -> [..., 3]}. */
  public static Expr grayscaleToRgb(Expr x) {
    return grayscaleToRgb(x, -1);
  }

  /** {@link #grayscaleToRgb(Expr)} with the colours at {@code axis}. */
  public static Expr grayscaleToRgb(Expr x, int axis) {
    int at = checked("grayscaleToRgb", x, axis, 1);
    return broadcastTo(x, x.shape().with(at, Dim.of(3)));
  }

  /** Brightness and two differences of colours, U and V, from -0.62 to 0.62. */
  public static Expr rgbToYuv(Expr x) {
    return rgbToYuv(x, -1);
  }

  /** {@link #rgbToYuv(Expr)} with the colours at {@code axis}. */
  public static Expr rgbToYuv(Expr x, int axis) {
    return mixed("rgbToYuv", x, axis, TO_YUV);
  }

  /** What {@link #rgbToYuv(Expr)} was made of. */
  public static Expr yuvToRgb(Expr x) {
    return yuvToRgb(x, -1);
  }

  /** {@link #yuvToRgb(Expr)} with the colours at {@code axis}. */
  public static Expr yuvToRgb(Expr x, int axis) {
    return mixed("yuvToRgb", x, axis, FROM_YUV);
  }

  /** Y, Cb and Cr of JPEG files, ITU-R BT.601: differences from -0.5 to 0.5. */
  public static Expr rgbToYcbcr(Expr x) {
    return rgbToYcbcr(x, -1);
  }

  /** {@link #rgbToYcbcr(Expr)} with the colours at {@code axis}. */
  public static Expr rgbToYcbcr(Expr x, int axis) {
    return mixed("rgbToYcbcr", x, axis, TO_YCBCR);
  }

  /** What {@link #rgbToYcbcr(Expr)} was made of. */
  public static Expr ycbcrToRgb(Expr x) {
    return ycbcrToRgb(x, -1);
  }

  /** {@link #ycbcrToRgb(Expr)} with the colours at {@code axis}. */
  public static Expr ycbcrToRgb(Expr x, int axis) {
    return mixed("ycbcrToRgb", x, axis, FROM_YCBCR);
  }

  private static Expr mixed(String op, Expr x, int axis, double[][] matrix) {
    int at = checked(op, x, axis, 3);
    Tensor weights =
        AxisProducts.matrix(
            x.dtype() == DType.FLOAT32 ? DType.FLOAT32 : DType.FLOAT64,
            matrix.length,
            3,
            (to, row) -> System.arraycopy(matrix[(int) to], 0, row, 0, 3));
    return x.recorder().atomically(() -> AxisProducts.along(x, at, weights));
  }

  private static int checked(String op, Expr x, int axis, long colours) {
    checkFloating(op, x);
    int at = Axes.check(op, x, axis);
    if (!x.shape().dim(at).is(colours)) {
      throw new ShapeException(
          op
              + ": takes "
              + colours
              + " colours at axis "
              + axis
              + ": "
              + Messages.describe(x)
              + (colours == 3 ? "; other images become colours with grayscaleToRgb" : ""));
    }
    return at;
  }

  private static Expr colour(Expr x, int axis, long number) {
    return slice(x, axis, number, number + 1);
  }

  /** Hue, saturation and value, from 0 to 1; the hue of grey is 0. */
  public static Expr rgbToHsv(Expr x) {
    return rgbToHsv(x, -1);
  }

  /** {@link #rgbToHsv(Expr)} with the colours at {@code axis}. */
  public static Expr rgbToHsv(Expr x, int axis) {
    int at = checked("rgbToHsv", x, axis, 3);
    Expr red = colour(x, at, 0);
    Expr green = colour(x, at, 1);
    Expr blue = colour(x, at, 2);
    Expr value = maximum(maximum(red, green), blue);
    Expr range = value.minus(minimum(minimum(red, green), blue));
    Expr some = range.greater(0);
    Expr unit = like(range, 1.0 / 6).dividedBy(select(some, range, 1));
    Expr fromRed = green.minus(blue).times(unit);
    Expr fromGreen = blue.minus(red).times(unit).plus(2.0 / 6);
    Expr fromBlue = red.minus(green).times(unit).plus(4.0 / 6);
    Expr hue =
        select(red.equalTo(value), fromRed, select(green.equalTo(value), fromGreen, fromBlue));
    Expr turned = select(hue.less(0), hue.plus(1), hue);
    Expr saturation = range.dividedBy(select(value.greater(0), value, 1));
    return concat(at, select(some, turned, 0), select(value.greater(0), saturation, 0), value);
  }

  /** The colour of a hue, a saturation and a value, each from 0 to 1. */
  public static Expr hsvToRgb(Expr x) {
    return hsvToRgb(x, -1);
  }

  /** {@link #hsvToRgb(Expr)} with the colours at {@code axis}. */
  public static Expr hsvToRgb(Expr x, int axis) {
    int at = checked("hsvToRgb", x, axis, 3);
    Expr hue = colour(x, at, 0).times(6);
    Expr saturation = colour(x, at, 1);
    Expr value = colour(x, at, 2);
    Expr red = clip(hue.minus(3).abs().minus(1), 0, 1);
    Expr green = clip(hue.minus(2).abs().negate().plus(2), 0, 1);
    Expr blue = clip(hue.minus(4).abs().negate().plus(2), 0, 1);
    return concat(
        at,
        toned(red, saturation, value),
        toned(green, saturation, value),
        toned(blue, saturation, value));
  }

  private static Expr toned(Expr pure, Expr saturation, Expr value) {
    return pure.minus(1).times(saturation).plus(1).times(value);
  }

  /** Hues turned by {@code delta}, of which 1 is a whole turn. */
  public static Expr adjustHue(Expr x, double delta) {
    return adjustHue(x, delta, -1);
  }

  /** {@link #adjustHue(Expr, double)} with the colours at {@code axis}. */
  public static Expr adjustHue(Expr x, double delta, int axis) {
    int at = checked("adjustHue", x, axis, 3);
    Expr hsv = rgbToHsv(x, at);
    Expr hue = colour(hsv, at, 0).plus(delta);
    return hsvToRgb(concat(at, hue.minus(hue.floor()), slice(hsv, at, 1, 3)), at);
  }

  /** Saturations times {@code factor}, at most 1; a factor of 0 makes grey. */
  public static Expr adjustSaturation(Expr x, double factor) {
    return adjustSaturation(x, factor, -1);
  }

  /** {@link #adjustSaturation(Expr, double)} with the colours at {@code axis}. */
  public static Expr adjustSaturation(Expr x, double factor, int axis) {
    int at = checked("adjustSaturation", x, axis, 3);
    Expr hsv = rgbToHsv(x, at);
    Expr saturation = clip(colour(hsv, at, 1).times(factor), 0, 1);
    return hsvToRgb(concat(at, colour(hsv, at, 0), saturation, colour(hsv, at, 2)), at);
  }

  /** {@code x + delta}. */
  public static Expr adjustBrightness(Expr x, double delta) {
    checkFloating("adjustBrightness", x);
    return x.plus(delta);
  }

  /**
   * {@code (x - mean) * factor + mean}, the mean of each colour of each image, {@code [..., height,
   * width, channels]}.
   */
  public static Expr adjustContrast(Expr x, double factor) {
    return adjustContrast(x, factor, -1);
  }

  /** {@link #adjustContrast(Expr, double)} with the colours at {@code axis}, -3 where first. */
  public static Expr adjustContrast(Expr x, double factor, int axis) {
    checkFloating("adjustContrast", x);
    int rank = x.shape().rank();
    int at = Axes.check("adjustContrast", x, axis);
    if (rank < 3 || (at != rank - 1 && at != rank - 3)) {
      throw new ShapeException(
          "adjustContrast: takes [..., height, width, channels], or the channels before them: "
              + Messages.describe(x));
    }
    Expr mean = at == rank - 1 ? reduceMeanKeepDims(x, -3, -2) : reduceMeanKeepDims(x, -2, -1);
    return x.minus(mean).times(factor).plus(mean);
  }

  /** {@code gain * x^gamma}. */
  public static Expr adjustGamma(Expr x, double gamma, double gain) {
    checkFloating("adjustGamma", x);
    return x.pow(gamma).times(gain);
  }
}
