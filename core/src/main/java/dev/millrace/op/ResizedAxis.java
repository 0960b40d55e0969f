package dev.millrace.op;

import dev.millrace.tensor.DType;
import dev.millrace.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * One axis of {@code from} elements that becomes one of {@code to}.
 *
 * @param number which of the resized axes it is
 * @param ratio elements of the input for each of the result
 */
record ResizedAxis(Resize how, int number, long from, long to, double ratio) {
  static ResizedAxis of(Resize how, int number, long from, long to) {
    return new ResizedAxis(how, number, from, to, (double) from / to);
  }

  /** Whether the result is the input. */
  boolean isIdentity() {
    boolean cropped = how.coordinates() == Resize.Coordinates.TF_CROP_AND_RESIZE;
    return from == to && ratio == 1 && !cropped;
  }

  /** Where element {@code i} of the result lies on the input. */
  double position(long i) {
    return switch (how.coordinates()) {
      case HALF_PIXEL -> (i + 0.5) * ratio - 0.5;
      case HALF_PIXEL_SYMMETRIC -> {
        double adjustment = to * ratio / from;
        yield from / 2.0 * (1 - adjustment) + (i + 0.5) * ratio - 0.5;
      }
      case PYTORCH_HALF_PIXEL -> to > 1 ? (i + 0.5) * ratio - 0.5 : 0;
      case ALIGN_CORNERS -> to == 1 ? 0 : (double) i * (from - 1) / (to - 1);
      case ASYMMETRIC -> i * ratio;
      case TF_CROP_AND_RESIZE -> {
        double begin = how.begins().get(number) * (from - 1);
        double end = how.ends().get(number) * (from - 1);
        yield to > 1 ? begin + i * (end - begin) / (to - 1) : 0.5 * (begin + end);
      }
    };
  }

  /** Whether element {@code i} of a crop lies beyond the input. */
  boolean isOutside(long i) {
    double position = position(i);
    return how.coordinates() == Resize.Coordinates.TF_CROP_AND_RESIZE
        && (position < 0 || position > from - 1);
  }

  boolean hasOutside() {
    return LongStream.range(0, to).anyMatch(this::isOutside);
  }

  /** The nearest element of each of the result. */
  long[] nearest() {
    return LongStream.range(0, to)
        .map(i -> Math.clamp(rounded(position(i)), 0, Math.max(0, from - 1)))
        .toArray();
  }

  private long rounded(double position) {
    return (long)
        switch (how.rounding()) {
          case FLOOR -> Math.floor(position);
          case CEIL -> Math.ceil(position);
          case PREFER_FLOOR -> Math.ceil(position - 0.5);
          case PREFER_CEIL -> Math.floor(position + 0.5);
        };
  }

  /** The weights, {@code [to, from]}; rows of zeros for what lies beyond the input. */
  Tensor weights(DType dtype) {
    return AxisProducts.matrix(
        dtype,
        to,
        from,
        (i, row) -> {
          if (!isOutside(i)) {
            fill(position(i), row);
          }
        });
  }

  private void fill(double position, double[] row) {
    boolean cubic = how.method() == Resize.Method.CUBIC;
    double stretch = how.antialiases() ? Math.max(1, ratio) : 1;
    double reach = (cubic ? 2 : 1) * stretch;
    boolean excludes = how.excludesOutside() || how.antialiases();
    long last = (long) Math.ceil(position + reach) - 1;
    for (long i = (long) Math.floor(position - reach) + 1; i <= last; i++) {
      double distance = Math.abs(i - position) / stretch;
      double weight = cubic ? cubic(distance) : 1 - distance;
      if (i >= 0 && i < from) {
        row[(int) i] += weight;
      } else if (!excludes) {
        row[(int) Math.clamp(i, 0, from - 1)] += weight;
      }
    }
    if (excludes) {
      double sum = Arrays.stream(row).sum();
      Arrays.setAll(row, i -> row[i] / sum);
    }
  }

  private double cubic(double distance) {
    double a = how.cubic();
    return distance <= 1
        ? ((a + 2) * distance - (a + 3)) * distance * distance + 1
        : ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a;
  }
}
