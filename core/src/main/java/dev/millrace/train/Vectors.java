package dev.millrace.train;

import dev.millrace.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Sums and products of vectors of doubles. */
final class Vectors {
  private Vectors() {}

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** {@code a + factor * b}. */
  static double[] sum(double[] a, double factor, double[] b) {
    double[] sum = a.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * b[i];
    }
    return sum;
  }

  static double[] scaled(double[] a, double factor) {
    return Arrays.stream(a).map(element -> factor * element).toArray();
  }

  static double absoluteSum(double[] a) {
    return Arrays.stream(a).map(Math::abs).sum();
  }

  /** The elements of all tensors. */
  static double[] joined(List<Tensor> tensors) {
    return tensors.stream().flatMapToDouble(each -> Arrays.stream(each.toDoubleArray())).toArray();
  }
}
