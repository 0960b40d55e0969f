package dev.millrace.data;

/**
 * The order in which images go into batches: every epoch is a new permutation of all of them, drawn
 * from the seed and the number of the epoch. Not for use by several threads.
 */
final class BatchOrder {
  private final int[] order;
  private final long seed;
  private long epoch;
  private int position;

  BatchOrder(int size, long seed) {
    this.order = new int[size];
    this.seed = seed;
    this.position = size;
  }

  /** The next {@code count} images; where an epoch ends in between, the next one goes on. */
  int[] next(int count) {
    var chosen = new int[count];
    int done = 0;
    while (done < count) {
      if (position == order.length) {
        shuffle();
      }
      int length = Math.min(count - done, order.length - position);
      System.arraycopy(order, position, chosen, done, length);
      done += length;
      position += length;
    }
    return chosen;
  }

  /** Draws each element from those not drawn yet, starting from the sorted order. */
  private void shuffle() {
    var random = new RandomStream(seed, epoch);
    for (int i = 0; i < order.length; i++) {
      int other = random.below(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    epoch++;
    position = 0;
  }
}
