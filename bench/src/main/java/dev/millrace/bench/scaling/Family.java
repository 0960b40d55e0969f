package dev.millrace.bench.scaling;

import java.util.OptionalInt;

/** Training steps that differ in one size. */
enum Family {
  /** Images in a batch. */
  BATCH {
    @Override
    Task task(int size) {
      return Task.perceptron(size, WIDTH_USUAL);
    }
  },

  /** Units of the hidden layer. */
  WIDTH {
    @Override
    Task task(int size) {
      return Task.perceptron(BATCH_USUAL, size);
    }
  },

  /** Nodes of the forward pass. */
  NODES {
    @Override
    Task task(int size) {
      return Task.unrolled(size);
    }
  },

  /** Threads that share out a batch of 128 images. */
  THREADS_128 {
    @Override
    Task task(int size) {
      return Task.perceptron(BATCH_USUAL, WIDTH_USUAL);
    }

    @Override
    OptionalInt threads(int size, OptionalInt wanted) {
      return OptionalInt.of(size);
    }
  },

  /** Threads that share out a batch of 1024 images. */
  THREADS_1024 {
    @Override
    Task task(int size) {
      return Task.perceptron(8 * BATCH_USUAL, WIDTH_USUAL);
    }

    @Override
    OptionalInt threads(int size, OptionalInt wanted) {
      return OptionalInt.of(size);
    }
  };

  private static final int BATCH_USUAL = 128;
  private static final int WIDTH_USUAL = 512;

  /** The step of that size. */
  abstract Task task(int size);

  /** Threads to compute on, all processors where empty. */
  OptionalInt threads(int size, OptionalInt wanted) {
    return wanted;
  }
}
