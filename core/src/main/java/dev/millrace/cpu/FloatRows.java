package dev.millrace.cpu;

import java.util.Arrays;

/** {@link RowLoops} for float32. */
final class FloatRows extends RowLoops {
  private final float[][] sums = new float[RowTile.HEIGHT][RowTile.WIDTH];
  private final float[][] rows = new float[COPIED][RowTile.WIDTH];
  private float[] left = rows[0];
  private float[] right = rows[0];
  private float[] target = rows[0];

  @Override
  void open(Object left, Object right, Object target) {
    this.left = (float[]) left;
    this.right = (float[]) right;
    this.target = (float[]) target;
  }

  @Override
  void start(boolean goesOn) {
    for (int i = 0; i < height; i++) {
      if (!goesOn) {
        Arrays.fill(sums[i], 0, columns, 0);
      } else if (targetColumn == 1) {
        System.arraycopy(target, targetStarts[i], sums[i], 0, columns);
      } else {
        gather(sums[i], targetStarts[i]);
      }
    }
  }

  private void gather(float[] row, int start) {
    for (int j = 0; j < columns; j++) {
      row[j] = target[start + j * targetColumn];
    }
  }

  @Override
  void finish() {
    for (int i = 0; i < height; i++) {
      if (targetColumn == 1) {
        System.arraycopy(sums[i], 0, target, targetStarts[i], columns);
      } else {
        scatter(sums[i], targetStarts[i]);
      }
    }
    // What a thread keeps of a run is not worth the memory.
    left = rows[0];
    right = rows[0];
    target = rows[0];
  }

  private void scatter(float[] row, int start) {
    for (int j = 0; j < columns; j++) {
      target[start + j * targetColumn] = row[j];
    }
  }

  @Override
  void copy(int count, int from, int step) {
    if (rightColumn == 1) {
      for (int k = 0; k < count; k++) {
        System.arraycopy(right, from + k * step, rows[k], 0, columns);
      }
      return;
    }
    for (int j = 0; j < columns; j++) {
      int at = from + j * rightColumn;
      for (int k = 0; k < count; k++) {
        rows[k][j] = right[at + k * step];
      }
    }
  }

  @Override
  void four(int row, int at, int step) {
    int i = 0;
    for (; i + ROWS <= height; i += ROWS) {
      fourRows(i, row, at, step);
    }
    for (; i < height; i++) {
      int a = leftStarts[i] + at;
      products(
          sums[i],
          rows[row],
          rows[row + 1],
          rows[row + 2],
          rows[row + 3],
          columns,
          left[a],
          left[a + step],
          left[a + 2 * step],
          left[a + 3 * step]);
    }
  }

  private void fourRows(int i, int row, int at, int step) {
    int a = leftStarts[i] + at;
    int b = leftStarts[i + 1] + at;
    int c = leftStarts[i + 2] + at;
    int d = leftStarts[i + 3] + at;
    products(
        sums[i],
        sums[i + 1],
        sums[i + 2],
        sums[i + 3],
        rows[row],
        rows[row + 1],
        rows[row + 2],
        rows[row + 3],
        columns,
        left[a],
        left[a + step],
        left[a + 2 * step],
        left[a + 3 * step],
        left[b],
        left[b + step],
        left[b + 2 * step],
        left[b + 3 * step],
        left[c],
        left[c + step],
        left[c + 2 * step],
        left[c + 3 * step],
        left[d],
        left[d + step],
        left[d + 2 * step],
        left[d + 3 * step]);
  }

  @Override
  void one(int row, int at) {
    for (int i = 0; i < height; i++) {
      products(sums[i], rows[row], columns, left[leftStarts[i] + at]);
    }
  }

  private static void products(float[] sums, float[] right, int columns, float left) {
    for (int j = 0; j < columns; j++) {
      sums[j] = Math.fma(left, right[j], sums[j]);
    }
  }

  private static void products(
      float[] sums,
      float[] right0,
      float[] right1,
      float[] right2,
      float[] right3,
      int columns,
      float a0,
      float a1,
      float a2,
      float a3) {
    for (int j = 0; j < columns; j++) {
      float sum = Math.fma(a1, right1[j], Math.fma(a0, right0[j], sums[j]));
      sums[j] = Math.fma(a3, right3[j], Math.fma(a2, right2[j], sum));
    }
  }

  private static void products(
      float[] sumsA,
      float[] sumsB,
      float[] sumsC,
      float[] sumsD,
      float[] right0,
      float[] right1,
      float[] right2,
      float[] right3,
      int columns,
      float a0,
      float a1,
      float a2,
      float a3,
      float b0,
      float b1,
      float b2,
      float b3,
      float c0,
      float c1,
      float c2,
      float c3,
      float d0,
      float d1,
      float d2,
      float d3) {
    for (int j = 0; j < columns; j++) {
      float x0 = right0[j];
      float x1 = right1[j];
      float x2 = right2[j];
      float x3 = right3[j];
      sumsA[j] = Math.fma(a3, x3, Math.fma(a2, x2, Math.fma(a1, x1, Math.fma(a0, x0, sumsA[j]))));
      sumsB[j] = Math.fma(b3, x3, Math.fma(b2, x2, Math.fma(b1, x1, Math.fma(b0, x0, sumsB[j]))));
      sumsC[j] = Math.fma(c3, x3, Math.fma(c2, x2, Math.fma(c1, x1, Math.fma(c0, x0, sumsC[j]))));
      sumsD[j] = Math.fma(d3, x3, Math.fma(d2, x2, Math.fma(d1, x1, Math.fma(d0, x0, sumsD[j]))));
    }
  }
}
