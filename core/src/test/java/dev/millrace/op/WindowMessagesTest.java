package dev.millrace.op;

import static dev.millrace.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.graph.Graph;
import dev.millrace.graph.Value;
import dev.millrace.tensor.MillraceException;
import dev.millrace.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The exact words of every rule of windows, convolutions, pooling and normalisations. */
class WindowMessagesTest {
  private final Graph graph = new Graph();
  private final Value x = named("x", ANY, 6, 6, 4);
  private final Value w = named("w", 3, 3, 4, 8);
  private final Value any = named("any", ANY, ANY, ANY, 4);
  private final Value v = named("v", 4);

  private Value named(String name, long... dims) {
    return graph.placeholder(FLOAT32, Shape.of(dims)).named(name);
  }

  private static void rule(String text, Executable broken) {
    String message = assertThrows(MillraceException.class, broken).getMessage();
    assertEquals(text, message.replaceAll("\\w+\\.java:\\d+", "HERE"));
  }

  @Test
  void windowsCheckTheirNumbers() {
    rule("window: the size must be 1 or more, found [3, 0]", () -> Window.of(3, 0));
    rule("window: the stride must be 1 or more, found [0]", () -> Window.strided(0));
    rule("window: the dilation must be 1 or more, found [-1]", () -> Window.of(2).dilation(-1));
    rule(
        "window: the number of groups must be 1 or more, found 0",
        () -> Window.strided(1).groups(0));
    rule("window: takes a size for all axes or one for each, found none", () -> Window.of());
    rule(
        "padding: one number from 0 in front and one behind for each axis, found [-1] and [-1]",
        () -> Padding.of(-1));
    rule(
        "conv2d: the stride is one number, or one for each of 2 axes, found [1, 2, 3]",
        () -> conv2d(x, w, Window.strided(1, 2, 3)));
    rule(
        "maxPool2d: padding is one number, or one for each of 2 axes, found [1, 1, 1]",
        () -> maxPool2d(x, Window.of(2).padding(1, 1, 1)));
  }

  @Test
  void convolutionsCheckTheirOperands() {
    rule(
        "conv2d: takes [batch, height, width, channels]: 'w3' is FLOAT32 [2, 2, 4] (HERE)",
        () -> conv2d(named("w3", 2, 2, 4), w, SAME));
    rule(
        "conv1d: takes [batch, channels, width]: 'x' is FLOAT32 [?, 6, 6, 4] (HERE)",
        () -> conv1d(x, w, Window.padded(SAME).channelsFirst()));
    rule(
        "conv2d: the filter is [window..., in / groups, out] with 4 dims: 'x' is FLOAT32 [?, 6, 6,"
            + " 4] (HERE), 'v' is FLOAT32 [4] (HERE)",
        () -> conv2d(x, v, SAME));
    rule(
        "conv2d: the filter tells the window's size: 'w' is FLOAT32 [3, 3, 4, 8] (HERE); use"
            + " Window.strided or Window.padded instead of Window.of",
        () -> conv2d(x, w, Window.of(3)));
    rule(
        "conv2d: the input has 3 channels, the filter takes 4: 'rgb' is FLOAT32 [?, 6, 6, 3]"
            + " (HERE), 'w' is FLOAT32 [3, 3, 4, 8] (HERE)",
        () -> conv2d(named("rgb", ANY, 6, 6, 3), w, SAME));
    rule(
        "conv2d: the input has 6 channels, the filter takes 4: 'first' is FLOAT32 [?, 4, 6, 6]"
            + " (HERE), 'w' is FLOAT32 [3, 3, 4, 8] (HERE); for [batch, channels, ...] say"
            + " Window.channelsFirst()",
        () -> conv2d(named("first", ANY, 4, 6, 6), w, SAME));
    rule(
        "conv2d: the input has 6 channels, the filter takes 4: 'x' is FLOAT32 [?, 6, 6, 4] (HERE),"
            + " 'w' is FLOAT32 [3, 3, 4, 8] (HERE); for [batch, ..., channels] leave out"
            + " channelsFirst()",
        () -> conv2d(x, w, Window.padded(SAME).channelsFirst()));
    rule(
        "conv2d: 3 groups do not divide the input's channels, 4: 'x' is FLOAT32 [?, 6, 6, 4]"
            + " (HERE), 'w' is FLOAT32 [3, 3, 4, 8] (HERE)",
        () -> conv2d(x, w, Window.strided(1).groups(3)));
    rule(
        "conv2d: the input has 4 channels, the filter takes 4 in each of 2 groups: 'x' is FLOAT32"
            + " [?, 6, 6, 4] (HERE), 'w' is FLOAT32 [3, 3, 4, 8] (HERE)",
        () -> conv2d(x, w, Window.strided(1).groups(2)));
    rule(
        "conv2d: 4 groups do not divide the filter's output channels, 6: 'x' is FLOAT32 [?, 6, 6,"
            + " 4] (HERE), 'six' is FLOAT32 [3, 3, 1, 6] (HERE)",
        () -> conv2d(x, named("six", 3, 3, 1, 6), Window.strided(1).groups(4)));
  }

  @Test
  void windowsMustFit() {
    rule(
        "conv2d: the window spans 7 elements of spatial axis 0, the input has 6: 'x' is FLOAT32 [?,"
            + " 6, 6, 4] (HERE); padding SAME makes it fit",
        () -> conv2d(x, w, Window.strided(1).dilation(3)));
    rule(
        "conv2d: the window spans 11 elements of spatial axis 1, the input has 6, padding [1] and"
            + " [1]: 'x' is FLOAT32 [?, 6, 6, 4] (HERE); padding SAME makes it fit",
        () -> conv2d(x, w, Window.strided(1).dilation(1, 5).padding(1)));
    rule(
        "maxPool2d: the window spans 7 elements of spatial axis 0, the input has 6: 'x' is FLOAT32"
            + " [?, 6, 6, 4] (HERE); padding SAME makes it fit",
        () -> maxPool2d(x, 7));
    rule(
        "convolution: the window spans 7 elements of spatial axis 0, the input has 6: 'x' is"
            + " FLOAT32 [?, 6, 6, 4] (HERE), 'w' is FLOAT32 [3, 3, 4, 8] (HERE)",
        () -> graph.apply(new Convolution(List.of(1L, 1L), List.of(3L, 1L)), List.of(x, w)));
    rule(
        "conv2d: padding SAME of an unknown size needs a window that is no smaller than its stride"
            + " of 4: 'any' is FLOAT32 [?, ?, ?, 4] (HERE); give the numbers with Padding.of",
        () -> conv2d(any, w, Window.strided(4).padding(SAME)));
  }

  @Test
  void transposedConvolutionsCheckTheirSizes() {
    Value back = named("back", 3, 3, 8, 4);
    rule(
        "conv2dTranspose: the filter is [window..., out / groups, in], with the 4 channels of the"
            + " input last: 'x' is FLOAT32 [?, 6, 6, 4] (HERE), 'w' is FLOAT32 [3, 3, 4, 8] (HERE);"
            + " it is the filter of the convolution that leads from the result to the input",
        () -> conv2dTranspose(x, w, Window.strided(2)));
    rule(
        "conv2dTranspose: an output size of 15 along spatial axis 0 does not lead to the input's 6,"
            + " 13 to 14 do: 'x' is FLOAT32 [?, 6, 6, 4] (HERE), 'back' is FLOAT32 [3, 3, 8, 4]"
            + " (HERE)",
        () -> conv2dTranspose(x, back, Window.strided(2).outputSize(15)));
    rule(
        "conv2dTranspose: 3 groups do not divide the input's channels, 4: 'x' is FLOAT32 [?, 6, 6,"
            + " 4] (HERE), 'back' is FLOAT32 [3, 3, 8, 4] (HERE)",
        () -> conv2dTranspose(x, back, Window.strided(2).groups(3)));
    rule(
        "conv2dTranspose: padding [9] and [9] leaves nothing of spatial axis 0: 'x' is FLOAT32 [?,"
            + " 6, 6, 4] (HERE), 'back' is FLOAT32 [3, 3, 8, 4] (HERE)",
        () -> conv2dTranspose(x, back, Window.strided(1).padding(9)));
  }

  @Test
  void poolingChecksItsWindow() {
    rule(
        "averagePool2d: the window needs a size and has no groups: 'x' is FLOAT32 [?, 6, 6, 4]"
            + " (HERE); make it with Window.of(size)",
        () -> averagePool2d(x, Window.strided(2)));
    rule(
        "maxPool2d: a window that spans 2 elements would lie in the padding of 2 alone: 'x' is"
            + " FLOAT32 [?, 6, 6, 4] (HERE)",
        () -> maxPool2d(x, Window.of(2).padding(2)));
    rule(
        "maxPool2d: takes floating point: 'i' is INT32 [1, 4, 4, 1] (HERE); convert it with"
            + " cast(x, FLOAT32)",
        () -> maxPool2d(graph.placeholder(INT32, Shape.of(1, 4, 4, 1)).named("i"), 2));
    rule(
        "globalAveragePool: takes [batch, spatial..., channels]: 'v' is FLOAT32 [4] (HERE)",
        () -> globalAveragePool(v));
  }

  @Test
  void normalisationsCheckTheirParameters() {
    Value five = named("five", 5);
    rule(
        "batchNorm: takes one number for each of 4 channels: 'x' is FLOAT32 [?, 6, 6, 4] (HERE),"
            + " 'five' is FLOAT32 [5] (HERE)",
        () -> batchNorm(x, five, v, 1e-5));
    rule(
        "layerNorm: takes one number for each of 4 channels: 'x' is FLOAT32 [?, 6, 6, 4] (HERE),"
            + " 'w' is FLOAT32 [3, 3, 4, 8] (HERE)",
        () -> layerNorm(x, v, w, 1e-5));
    rule(
        "groupNorm: 3 groups do not divide the 4 channels: 'x' is FLOAT32 [?, 6, 6, 4] (HERE)",
        () -> groupNorm(x, 3, v, v, 1e-5));
    rule(
        "instanceNorm: axis 0 is the batch, not the channels: 'x' is FLOAT32 [?, 6, 6, 4] (HERE)",
        () -> instanceNorm(x, v, v, 1e-5, 0));
    rule(
        "instanceNorm: takes 3 axes or more: 'v' is FLOAT32 [4] (HERE)",
        () -> instanceNorm(v, v, v, 1e-5));
    rule(
        "batchNorm: takes [batch, ..., channels]: 'v' is FLOAT32 [4] (HERE)",
        () -> batchNorm(v, v, v, 1e-5));
  }

  @Test
  void aRefusedCallLeavesUnknownDimsUnknown() {
    Value open = named("open", ANY, 6, 6, ANY);
    assertThrows(MillraceException.class, () -> conv2d(open, named("far", 9, 9, 4, 1), VALID));
    assertEquals("[?, 6, 6, ?]", open.shape().toString());
  }
}
