package dev.millrace.data;

/** How the labels of a {@link DataSet} are given to a model. */
public enum LabelEncoding {
  /** The class itself, 0 to 9: INT64 {@code [n]}. */
  CLASSES,
  /** A row of zeros with a one at the class, so that 3 is 0001000000: FLOAT32 {@code [n, 10]}. */
  ONE_HOT
}
