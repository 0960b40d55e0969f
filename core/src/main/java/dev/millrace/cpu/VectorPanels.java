package dev.millrace.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link Panels#copy} with vectors, where columns lie side by side and fill the panel. */
final class VectorPanels {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

  private VectorPanels() {}

  static void copy(
      float[] right,
      int start,
      int step,
      int column,
      float[] panel,
      int place,
      int width,
      int steps,
      int columns) {
    if (column != 1 || columns < width) {
      Panels.copy(right, start, step, column, panel, place, width, steps, columns);
      return;
    }
    for (int k = 0; k < steps; k++) {
      for (int j = 0; j < width; j += FLOATS.length()) {
        FloatVector.fromArray(FLOATS, right, start + k * step + j)
            .intoArray(panel, place + k * width + j);
      }
    }
  }

  static void copy(
      double[] right,
      int start,
      int step,
      int column,
      double[] panel,
      int place,
      int width,
      int steps,
      int columns) {
    if (column != 1 || columns < width) {
      Panels.copy(right, start, step, column, panel, place, width, steps, columns);
      return;
    }
    for (int k = 0; k < steps; k++) {
      for (int j = 0; j < width; j += DOUBLES.length()) {
        DoubleVector.fromArray(DOUBLES, right, start + k * step + j)
            .intoArray(panel, place + k * width + j);
      }
    }
  }
}
