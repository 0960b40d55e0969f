package dev.millrace.op;

import dev.millrace.tensor.Dim;
import dev.millrace.tensor.ShapeException;
import java.util.List;

/**
 * Whole images, {@code [..., height, width, channels]}: flips, statistics, and how much two of them
 * differ. Errors are {@link ShapeException}s at the line of the call.
 */
public class ImageFunctions extends ColorFunctions {
  /** Size and deviation of the window of structural similarity. */
  private static final int WINDOW = 11;

  private static final double DEVIATION = 1.5;

  ImageFunctions() {}

  /** Left and right exchanged. */
  public static Expr flipLeftRight(Expr x) {
    checkImage("flipLeftRight", x);
    return flip(x, -2);
  }

  /** Top and bottom exchanged. */
  public static Expr flipUpDown(Expr x) {
    checkImage("flipUpDown", x);
    return flip(x, -3);
  }

  /** Turned counterclockwise by {@code turns} right angles; negative ones turn clockwise. */
  public static Expr rot90(Expr x, int turns) {
    checkImage("rot90", x);
    return switch (Math.floorMod(turns, 4)) {
      case 0 -> x;
      case 1 -> flip(swapAxes(x, -3, -2), -3);
      case 2 -> flip(x, -3, -2);
      default -> flip(swapAxes(x, -3, -2), -2);
    };
  }

  /**
   * Each image with mean 0 and deviation 1: {@code (x - mean) / max(deviation, 1 / sqrt(n))} over
   * its n numbers.
   */
  public static Expr perImageStandardization(Expr x) {
    checkImage("perImageStandardization", x);
    checkFloating("perImageStandardization", x);
    int rank = x.shape().rank();
    Dim count = x.shape().dims().subList(rank - 3, rank).stream().reduce(Dim.ONE, Dim::times);
    Expr centred = x.minus(reduceMeanKeepDims(x, -3, -2, -1));
    Expr deviation = reduceStdKeepDims(x, -3, -2, -1);
    Expr least = like(x, 1).dividedBy(sizeAs(x, count).sqrt());
    return centred.dividedBy(maximum(deviation, least));
  }

  /**
   * How much neighbours differ, the sum of absolute differences of pixels below and beside one
   * another, {@code [..., height, width, channels] -> [...]}.
   */
  public static Expr totalVariation(Expr x) {
    checkImage("totalVariation", x);
    checkFloating("totalVariation", x);
    Expr down = reduceSum(diff(x, -3).abs(), -3, -2, -1);
    return down.plus(reduceSum(diff(x, -2).abs(), -3, -2, -1));
  }

  /**
   * Peak signal-to-noise ratio of pairs of images in decibels, {@code 10 log10(greatest^2 / mean((a
   * - b)^2))}, {@code [..., height, width, channels] -> [...]}; infinite for equal images.
   *
   * @param greatest the largest number that a pixel may have, such as 1 or 255
   */
  public static Expr psnr(Expr a, Expr b, double greatest) {
    checkPair("psnr", a, b);
    Expr error = reduceMean(a.minus(b).square(), -3, -2, -1);
    return log10(error).times(-10).plus(20 * Math.log10(greatest));
  }

  /**
   * Structural similarity of pairs of images, from -1 to 1, {@code [..., height, width, channels]
   * -> [...]}: means, variances and covariances in a Gaussian window of 11 x 11 pixels with
   * deviation 1.5, averaged over the places where it lies inside. Wang, Bovik, Sheikh and
   * Simoncelli, 2004.
   *
   * @param greatest the largest number that a pixel may have, such as 1 or 255
   */
  public static Expr ssim(Expr a, Expr b, double greatest) {
    checkPair("ssim", a, b);
    return a.recorder()
        .atomically(() -> {
          double first = Math.pow(0.01 * greatest, 2);
          double second = Math.pow(0.03 * greatest, 2);
          Expr meanA = smoothed(a);
          Expr meanB = smoothed(b);
          Expr product = meanA.times(meanB);
          Expr squares = meanA.square().plus(meanB.square());
          Expr luminance = product.times(2).plus(first).dividedBy(squares.plus(first));
          Expr covariance = smoothed(a.times(b)).minus(product);
          Expr variances = smoothed(a.square().plus(b.square())).minus(squares);
          Expr structure = covariance.times(2).plus(second).dividedBy(variances.plus(second));
          return reduceMean(luminance.times(structure), -3, -2, -1);
        });
  }

  /** Means in the window, where it lies inside. */
  private static Expr smoothed(Expr x) {
    Expr y = x;
    for (int axis : List.of(x.shape().rank() - 3, x.shape().rank() - 2)) {
      long size = AxisProducts.known("ssim", x, axis);
      if (size < WINDOW) {
        throw new ShapeException(
            "ssim: images are no smaller than the window of "
                + WINDOW
                + " x "
                + WINDOW
                + " pixels: "
                + Messages.describe(x));
      }
      y =
          AxisProducts.along(
              y,
              axis,
              AxisProducts.matrix(x.dtype(), size - WINDOW + 1, size, ImageFunctions::window));
    }
    return y;
  }

  private static void window(long to, double[] row) {
    double sum = 0;
    for (int i = 0; i < WINDOW; i++) {
      sum += gauss(i);
    }
    for (int i = 0; i < WINDOW; i++) {
      row[(int) to + i] = gauss(i) / sum;
    }
  }

  private static double gauss(int i) {
    double distance = (i - WINDOW / 2) / DEVIATION;
    return Math.exp(-distance * distance / 2);
  }

  private static void checkPair(String op, Expr a, Expr b) {
    checkImage(op, a);
    checkFloating(op, a);
    Broadcast.checkOneType(op, List.of(a, b));
    if (a.shape().rank() != b.shape().rank()) {
      throw new ShapeException(op + ": takes two images of one shape: " + Messages.describe(a, b));
    }
  }

  private static void checkImage(String op, Expr x) {
    if (x.shape().rank() < 3) {
      throw new ShapeException(
          op + ": takes [..., height, width, channels]: " + Messages.describe(x));
    }
  }
}
