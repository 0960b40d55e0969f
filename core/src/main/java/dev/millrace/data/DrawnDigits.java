package dev.millrace.data;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.MillraceException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Digits that look written by hand, 28 by 28 pixels like MNIST's, drawn by the program: any number
 * of them, for where MNIST is not at hand. They are not MNIST, and an accuracy on them says nothing
 * about it; softmax regression gets about 0.9 of them right, better models clearly more.
 *
 * <p>An image is a form of its digit (a seven with a bar or without, a four open or closed) written
 * by a random hand: slant, proportions, rotation, a smooth distortion, unsteadiness, pen width,
 * pressure. As in MNIST the digit is scaled to fit 20 by 20 pixels and its centre of mass is in the
 * middle.
 *
 * <p>Image {@code i} of a seed is the same on every machine, however many are drawn.
 */
public final class DrawnDigits {
  /** Longer side of a digit in pixels. */
  private static final double EXTENT = 20;

  private static final int CHUNK = 500;

  private final long seed;

  /** The endless series of digits that this seed gives. */
  public DrawnDigits(long seed) {
    this.seed = seed;
  }

  /**
   * A data set for learning and one for measuring, with no image in common; {@link
   * DataSets#isMnist()} is false.
   */
  public static DataSets dataSets(long seed, int trainSize, int testSize, LabelEncoding encoding) {
    var digits = new DrawnDigits(seed);
    DataSet train = digits.draw(0, trainSize, encoding);
    DataSet test = digits.draw(trainSize, testSize, encoding);
    return new DataSets(train, test, false, "drawn digits (not MNIST)");
  }

  /**
   * Images {@code first} to {@code first + count - 1} of this series, drawn on all cores.
   *
   * @throws MillraceException if {@code first} is negative, or {@code count} is not 1 to 2,000,000
   */
  public DataSet draw(long first, int count, LabelEncoding encoding) {
    if (first < 0 || count < 1 || count > 2_000_000) {
      throw new MillraceException(
          "drawn digits: the first must be from 0 and the count 1 to 2000000, found first "
              + first
              + ", count "
              + count);
    }
    var pixels = (byte[]) DType.UINT8.newArray(count * DataSet.PIXELS);
    var labels = new byte[count];
    IntStream.rangeClosed(0, (count - 1) / CHUNK)
        .parallel()
        .forEach(chunk -> {
          var ink = new Ink();
          int end = Math.min(count, (chunk + 1) * CHUNK);
          for (int i = chunk * CHUNK; i < end; i++) {
            labels[i] = (byte) draw(first + i, ink, pixels, i * DataSet.PIXELS);
          }
        });
    return new DataSet(pixels, labels, encoding, 0);
  }

  /** Draws one image and returns its digit. */
  private int draw(long index, Ink ink, byte[] pixels, int offset) {
    var random = new RandomStream(seed, index);
    int digit = random.below(DataSet.CLASSES);
    DigitForms.Form form = DigitForms.choose(digit, random);
    var hand = new Hand(random);
    List<double[]> lines = hand.write(form).stream().map(Curve::through).toList();
    fit(lines, EXTENT - 2 * hand.pen);
    ink.clear();
    for (double[] line : lines) {
      trace(line, hand, ink, random);
    }
    ink.copyCentred(pixels, offset, random);
    return digit;
  }

  /** Moves and scales the lines into the middle of the image, their longer side to this extent. */
  private static void fit(List<double[]> lines, double extent) {
    double[] low = {Double.MAX_VALUE, Double.MAX_VALUE};
    double[] high = {-Double.MAX_VALUE, -Double.MAX_VALUE};
    for (double[] line : lines) {
      for (int i = 0; i < line.length; i++) {
        low[i % 2] = Math.min(low[i % 2], line[i]);
        high[i % 2] = Math.max(high[i % 2], line[i]);
      }
    }
    double scale = extent / Math.max(high[0] - low[0], high[1] - low[1]);
    for (double[] line : lines) {
      for (int i = 0; i < line.length; i++) {
        double centre = (low[i % 2] + high[i % 2]) / 2;
        line[i] = DataSet.SIDE / 2.0 + (line[i] - centre) * scale;
      }
    }
  }

  /** Pulls the pen along a line under a pressure that changes slowly. */
  private static void trace(double[] line, Hand hand, Ink ink, RandomStream random) {
    double from = hand.halfWidth(random);
    double to = from;
    double before = from;
    for (int i = 0; i + 3 < line.length; i += 2) {
      int piece = i / 2 % Curve.PIECES;
      if (piece == 0) {
        from = to;
        to = hand.halfWidth(random);
      }
      double after = from + (to - from) * (piece + 1) / Curve.PIECES;
      ink.line(line[i], line[i + 1], before, line[i + 2], line[i + 3], after, hand.softness);
      before = after;
    }
  }
}
