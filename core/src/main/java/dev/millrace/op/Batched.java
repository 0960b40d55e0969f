package dev.millrace.op;

import dev.millrace.tensor.MillraceException;

/**
 * Code for single matrices as a routine for batches of them: each is read into a {@code double[]},
 * so float32 is computed in double precision and rounded once.
 */
record Batched(Code code) implements Routine {
  /** Work on one matrix of each operand, row by row. */
  @FunctionalInterface
  interface Code {
    /**
     * Fills {@code parts}.
     *
     * @param shapes of the whole operands, then of the parts
     */
    void run(double[][] operands, double[][] parts, int[][] shapes);
  }

  @Override
  public void run(Threads threads, Object[] operands, Object[] parts, int[][] shapes) {
    int batch = 1;
    for (int axis = 0; axis < shapes[0].length - 2; axis++) {
      batch *= shapes[0][axis];
    }
    int matrices = batch;
    threads.run(matrices, number -> runOne(number, matrices, operands, parts, shapes));
  }

  private void runOne(int number, int matrices, Object[] operands, Object[] parts, int[][] shapes) {
    var in = new double[operands.length][];
    for (int i = 0; i < in.length; i++) {
      in[i] = load(operands[i], number, size(shapes[i]) / matrices);
    }
    var out = new double[parts.length][];
    for (int i = 0; i < out.length; i++) {
      out[i] = new double[size(shapes[in.length + i]) / matrices];
    }
    try {
      code.run(in, out, shapes);
    } catch (MillraceException refused) {
      throw matrices == 1
          ? refused
          : new MillraceException(refused.getMessage() + " (matrix " + number + ")");
    }
    for (int i = 0; i < out.length; i++) {
      if (parts[i] != null) {
        store(out[i], parts[i], number);
      }
    }
  }

  private static int size(int[] shape) {
    int size = 1;
    for (int dim : shape) {
      size *= dim;
    }
    return size;
  }

  private static double[] load(Object array, int number, int size) {
    var loaded = new double[size];
    for (int i = 0; i < size; i++) {
      loaded[i] =
          array instanceof float[] floats
              ? floats[number * size + i]
              : ((double[]) array)[number * size + i];
    }
    return loaded;
  }

  private static void store(double[] values, Object array, int number) {
    int first = number * values.length;
    for (int i = 0; i < values.length; i++) {
      switch (array) {
        case float[] floats -> floats[first + i] = (float) values[i];
        case double[] doubles -> doubles[first + i] = values[i];
        case long[] longs -> longs[first + i] = (long) values[i];
        default -> throw new AssertionError(array);
      }
    }
  }
}
