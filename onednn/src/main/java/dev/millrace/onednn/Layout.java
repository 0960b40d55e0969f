package dev.millrace.onednn;

import java.util.Arrays;

/**
 * Where the elements of an array lie in native memory.
 *
 * @param strides distances in elements; none where the library is to choose
 */
record Layout(DataType type, long[] dims, long[] strides) {
  static Layout of(DataType type, long[] dims, long[] strides) {
    return new Layout(type, dims, strides);
  }

  /** In the order that the operation likes best. */
  static Layout any(DataType type, long... dims) {
    return new Layout(type, dims, new long[0]);
  }

  /** Numbers one after the other. */
  static Layout flat(DataType type, long count) {
    return new Layout(type, new long[] {count}, new long[] {1});
  }

  boolean isAny() {
    return strides.length == 0;
  }

  @Override
  public String toString() {
    return type + Arrays.toString(dims) + (isAny() ? "" : " by " + Arrays.toString(strides));
  }
}
