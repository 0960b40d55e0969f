package dev.millrace.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.millrace.cli.terminal.Terminal.Colors;
import org.junit.jupiter.api.Test;

class HalfBlocksTest {
  /** Red above green in the first column, blue above blue in the second. */
  private static int color(int x, int y) {
    return x == 1 ? 0x0000ff : y == 0 ? 0xff0000 : 0x00ff00;
  }

  @Test
  void aCharacterIsTwoPixelsOneAboveTheOther() {
    assertEquals(
        "[0m[38;2;255;0;0m[48;2;0;255;0m\u2580[0m[38;2;0;0;255m[48;2;0;0;255m\u2580[0m\n",
        HalfBlocks.draw(2, 2, Colors.TRUE, HalfBlocksTest::color).replace("\u001b", ""));
    assertEquals(
        "[0m[38;5;196m[48;5;46m\u2580[0m[38;5;21m[48;5;21m\u2580[0m\n",
        HalfBlocks.draw(2, 2, Colors.INDEXED, HalfBlocksTest::color).replace("\u001b", ""));
  }

  @Test
  void equalNeighboursShareTheirColorsAndGapsHaveNone() {
    assertEquals(
        "[0m[38;2;0;0;1m[48;2;0;0;1m\u2580\u2580[0m [0m\n",
        HalfBlocks.draw(3, 2, Colors.TRUE, (x, y) -> x == 2 ? -1 : 1).replace("\u001b", ""));
  }

  @Test
  void withoutColorsThereIsNothing() {
    assertEquals("", HalfBlocks.draw(2, 2, Colors.NONE, HalfBlocksTest::color));
  }

  @Test
  void takesTheNearestOfTheIndexedColors() {
    assertEquals(16, HalfBlocks.indexed(0, 0, 0));
    assertEquals(231, HalfBlocks.indexed(255, 255, 255));
    for (int grey = 0; grey < 24; grey++) {
      int level = 8 + 10 * grey;
      assertEquals(232 + grey, HalfBlocks.indexed(level, level, level));
    }
    assertEquals(16 + 36 * 5 + 6 + 2, HalfBlocks.indexed(254, 100, 130));
  }
}
