package dev.millrace.op;

import dev.millrace.tensor.ShapeException;
import java.util.Arrays;
import java.util.List;

/**
 * How a window slides over the spatial axes of an input. Numbers are one for all spatial axes, or
 * one for each.
 *
 * <pre>{@code
 * maxPool2d(x, Window.of(3).stride(2).padding(SAME))
 * conv2d(x, w, Window.strided(2).padding(SAME).groups(4))
 * }</pre>
 *
 * @param sizes of the window; none for convolutions, whose filter tells
 * @param strides steps from one place of the window to the next; none: 1 for convolutions, the
 *     window's size for pooling
 * @param dilations steps from one element inside of the window to the next; none: 1
 * @param padding what lies beyond the edges
 * @param groups parts of the channels that a convolution treats apart
 * @param isChannelsFirst whether tensors are {@code [batch, channels, spatial...]} rather than
 *     {@code [batch, spatial..., channels]}
 * @param countsPadding whether an average counts the elements beyond the edges as zeros
 * @param outputSizes spatial sizes that a transposed convolution shall have; none: the smallest
 * @param roundsUp whether pooling has a last place for what the other places leave over
 */
public record Window(
    List<Long> sizes,
    List<Long> strides,
    List<Long> dilations,
    Padding padding,
    int groups,
    boolean isChannelsFirst,
    boolean countsPadding,
    List<Long> outputSizes,
    boolean roundsUp) {
  private static final Window PLAIN =
      new Window(List.of(), List.of(), List.of(), Padding.VALID, 1, false, false, List.of(), false);

  /** Checks that sizes, strides, dilations and the number of groups are 1 or more. */
  public Window {
    sizes = positive("the size", sizes);
    strides = positive("the stride", strides);
    dilations = positive("the dilation", dilations);
    outputSizes = positive("the output size", outputSizes);
    if (groups < 1) {
      throw new ShapeException("window: the number of groups must be 1 or more, found " + groups);
    }
  }

  private static List<Long> positive(String what, List<Long> numbers) {
    if (numbers.stream().anyMatch(number -> number < 1)) {
      throw new ShapeException("window: " + what + " must be 1 or more, found " + numbers);
    }
    return List.copyOf(numbers);
  }

  /** A window of these sizes, for pooling. */
  public static Window of(long... sizes) {
    return new Window(
        boxed("a size", sizes),
        PLAIN.strides,
        PLAIN.dilations,
        PLAIN.padding,
        1,
        false,
        false,
        List.of(),
        false);
  }

  /** A filter's window that moves by {@code strides}. */
  public static Window strided(long... strides) {
    return PLAIN.stride(strides);
  }

  /** A filter's window that moves by 1 over an input with {@code padding}. */
  public static Window padded(Padding padding) {
    return PLAIN.padding(padding);
  }

  private static List<Long> boxed(String what, long... numbers) {
    if (numbers.length == 0) {
      throw new ShapeException(
          "window: takes " + what + " for all axes or one for each, found none");
    }
    return Arrays.stream(numbers).boxed().toList();
  }

  /** This with other strides. */
  public Window stride(long... steps) {
    return new Window(
        sizes,
        boxed("a stride", steps),
        dilations,
        padding,
        groups,
        isChannelsFirst,
        countsPadding,
        outputSizes,
        roundsUp);
  }

  /** This with elements {@code steps} apart from one another, 1 being next to one another. */
  public Window dilation(long... steps) {
    return new Window(
        sizes,
        strides,
        boxed("a dilation", steps),
        padding,
        groups,
        isChannelsFirst,
        countsPadding,
        outputSizes,
        roundsUp);
  }

  /** This with other padding. */
  public Window padding(Padding other) {
    return new Window(
        sizes,
        strides,
        dilations,
        other,
        groups,
        isChannelsFirst,
        countsPadding,
        outputSizes,
        roundsUp);
  }

  /** This with as many elements beyond each edge: one number for all axes, or one for each. */
  public Window padding(long... around) {
    return padding(Padding.of(around));
  }

  /** This with the channels in as many groups, each of which sees its own part of the input. */
  public Window groups(int number) {
    return new Window(
        sizes,
        strides,
        dilations,
        padding,
        number,
        isChannelsFirst,
        countsPadding,
        outputSizes,
        roundsUp);
  }

  /** This over tensors {@code [batch, channels, spatial...]}. */
  public Window channelsFirst() {
    return new Window(
        sizes, strides, dilations, padding, groups, true, countsPadding, outputSizes, roundsUp);
  }

  /** This with elements beyond the edges counted as zeros by averages. */
  public Window countingPadding() {
    return new Window(
        sizes, strides, dilations, padding, groups, isChannelsFirst, true, outputSizes, roundsUp);
  }

  /**
   * This with the spatial sizes that a transposed convolution shall have: several sizes of an input
   * give the same size after a convolution with a stride.
   */
  public Window outputSize(long... spatial) {
    return new Window(
        sizes,
        strides,
        dilations,
        padding,
        groups,
        isChannelsFirst,
        countsPadding,
        boxed("an output size", spatial),
        roundsUp);
  }

  /**
   * This with a last place of pooling for what the other places leave over, as PyTorch's and ONNX's
   * {@code ceil_mode}: {@code ceil((size - extent) / stride) + 1} places, but none that would begin
   * behind the input. What it finds beyond the padding does not count.
   */
  public Window roundingUp() {
    return new Window(
        sizes,
        strides,
        dilations,
        padding,
        groups,
        isChannelsFirst,
        countsPadding,
        outputSizes,
        true);
  }
}
