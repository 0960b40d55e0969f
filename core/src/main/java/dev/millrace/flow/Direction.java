package dev.millrace.flow;

/** Which way a recurrent layer goes through time. */
public enum Direction {
  /** From the first step to the last. */
  FORWARD(1),
  /** From the last step of each sequence to the first. */
  REVERSE(1),
  /** Both ways with weights of their own; their results lie side by side. */
  BIDIRECTIONAL(2);

  private final int ways;

  Direction(int ways) {
    this.ways = ways;
  }

  /** How many ways this is: 1 or 2. */
  int ways() {
    return ways;
  }
}
