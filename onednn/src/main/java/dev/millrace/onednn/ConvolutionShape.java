package dev.millrace.onednn;

import dev.millrace.provider.Contraction.Loop;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A two-dimensional convolution of images in the layout NHWC without padding, as it is seen from a
 * contraction's loops alone. One-dimensional ones have images of height 1.
 *
 * @param taps where the weights lie
 */
record ConvolutionShape(
    int images,
    int channels,
    int resultChannels,
    Size source,
    Size window,
    Size result,
    Size stride,
    Size dilation,
    Taps taps) {
  record Size(int height, int width) {}

  /**
   * Weights: for each place in the window a dense matrix of channels and result channels; the
   * matrices of neighbouring places are {@code row} or {@code column} elements apart, maybe
   * backwards.
   *
   * @param resultStep distance between result channels; 1 or the number of channels
   */
  record Taps(int row, int column, int channelStep, int resultStep) {}

  /** A loop's steps in the parts that the operands have in a convolution. */
  record Steps(int extent, int source, int weights, int result) {
    static Steps forward(Loop loop) {
      return new Steps(
          loop.extent(), loop.step().left(), loop.step().right(), loop.step().target());
    }

    /** Of a gradient to the weights: a contraction over all images and pixels. */
    static Steps weightGradient(Loop loop) {
      return new Steps(
          loop.extent(), loop.step().left(), loop.step().target(), loop.step().right());
    }
  }

  /** Numbers in one image of the source. */
  int imageElements() {
    return source.height * source.width * channels;
  }

  /** Numbers in one image of the result. */
  int resultElements() {
    return result.height * result.width * resultChannels;
  }

  int weightElements() {
    return window.height * window.width * channels * resultChannels;
  }

  /** The convolution that these loops are; empty if they are none. */
  static Optional<ConvolutionShape> of(List<Steps> loops) {
    var windows = new ArrayList<Steps>();
    var rows = new ArrayList<Steps>();
    var columns = new ArrayList<Steps>();
    for (Steps loop : loops) {
      if (loop.extent > 1) {
        int moved =
            (loop.source != 0 ? 1 : 0) + (loop.weights != 0 ? 2 : 0) + (loop.result != 0 ? 4 : 0);
        switch (moved) {
          case 3 -> windows.add(loop);
          case 5 -> rows.add(loop);
          case 6 -> columns.add(loop);
          default -> {
            return Optional.empty();
          }
        }
      }
    }
    if (columns.size() != 1) {
      return Optional.empty();
    }
    rows.sort(Comparator.comparingInt(Steps::result).reversed());
    windows.sort(Comparator.comparingInt(Steps::source).reversed());
    return new Recognition(columns.getFirst(), rows, windows).convolution();
  }

  /** The loops by what they move: result channels; images and pixels; the window and channels. */
  private record Recognition(Steps column, List<Steps> rows, List<Steps> windows) {
    private static final Steps NOTHING = new Steps(1, 0, 0, 0);

    Optional<ConvolutionShape> convolution() {
      Steps last = windows.isEmpty() ? NOTHING : windows.getLast();
      boolean hasChannels =
          last.source == 1 && !rows.isEmpty() && rows.getLast().source % last.extent == 0;
      List<Steps> window = hasChannels ? windows.subList(0, windows.size() - 1) : windows;
      Steps channel = hasChannels ? last : NOTHING;
      if (column.result != 1 || window.isEmpty() || window.size() > 2) {
        return Optional.empty();
      }
      int spatial = Math.min(2, rows.size());
      if (rows.size() > 3 || spatial < window.size()) {
        return Optional.empty();
      }
      return rows.size() == 2 && window.size() == 1
          ? twoDimensional(
              rows.getFirst(), NOTHING, rows.getLast(), NOTHING, window.getLast(), channel)
          : square(window, channel);
    }

    /** With pixels in rows and columns. */
    private Optional<ConvolutionShape> square(List<Steps> window, Steps channel) {
      Steps images = rows.size() == 3 ? rows.getFirst() : NOTHING;
      Steps pixels = rows.getLast();
      Steps lines = rows.size() == 1 ? NOTHING : rows.get(rows.size() - 2);
      if (window.size() != 2) {
        return Optional.empty();
      }
      return twoDimensional(images, lines, pixels, window.getFirst(), window.getLast(), channel);
    }

    private Optional<ConvolutionShape> twoDimensional(
        Steps images, Steps lines, Steps pixels, Steps tall, Steps wide, Steps channel) {
      int channels = channel.extent;
      Size result = new Size(lines.extent, pixels.extent);
      Size window = new Size(tall.extent, wide.extent);
      int pitch = greatestDivisor(lines.source, tall.source);
      if (pixels.source % channels != 0
          || wide.source % channels != 0
          || wide.source <= 0
          || pixels.source <= 0
          || pitch % channels != 0) {
        return Optional.empty();
      }
      Size stride = new Size(step(lines.source, pitch), pixels.source / channels);
      Size dilation = new Size(step(tall.source, pitch), wide.source / channels);
      Size needed =
          new Size(
              (result.height - 1) * stride.height + (window.height - 1) * dilation.height + 1,
              (result.width - 1) * stride.width + (window.width - 1) * dilation.width + 1);
      int width = pitch == 0 ? lineOf(images, channels, needed) : pitch / channels;
      int height =
          images.extent == 1 || width == 0 ? needed.height : images.source / (width * channels);
      var shape =
          new ConvolutionShape(
              images.extent,
              channels,
              column.extent,
              new Size(height, width),
              window,
              result,
              stride,
              dilation,
              new Taps(tall.weights, wide.weights, channel.weights, column.weights));
      return shape.isDense(images, lines, pixels, needed) ? Optional.of(shape) : Optional.empty();
    }

    private static int lineOf(Steps images, int channels, Size needed) {
      return images.extent == 1 ? needed.width : images.source / channels;
    }

    private static int step(int distance, int pitch) {
      return distance == 0 ? 1 : distance / pitch;
    }

    private static int greatestDivisor(int a, int b) {
      return b == 0 ? Math.abs(a) : greatestDivisor(b, a % b);
    }
  }

  /**
   * Whether the operands lie without gaps and the window reaches to where the source ends, as the
   * library wants it.
   */
  private boolean isDense(Steps images, Steps lines, Steps pixels, Size needed) {
    boolean source =
        (images.extent == 1 || images.source == imageElements())
            && this.source.height - needed.height >= 0
            && this.source.height - needed.height < stride.height
            && this.source.width - needed.width >= 0
            && this.source.width - needed.width < stride.width
            && stride.height > 0
            && dilation.height > 0;
    boolean result =
        (images.extent == 1 || images.result == resultElements())
            && (lines.extent == 1 || lines.result == this.result.width * resultChannels)
            && (pixels.extent == 1 || pixels.result == resultChannels);
    boolean weights =
        (taps.resultStep == 1 && (channels == 1 || taps.channelStep == resultChannels))
            || (taps.resultStep == channels && (channels == 1 || taps.channelStep == 1));
    return source && result && weights;
  }
}
