package dev.millrace.compile;

import dev.millrace.tensor.Dim;

/**
 * Bytes that a run of a program works in, as polynomials of the unknown dims.
 *
 * @param inputs what it is given: fed tensors, contents of variables, constants
 * @param slots values between kernels
 * @param results what it hands out, and new contents of variables
 * @param scratch of its kernels, for each thread
 */
public record Memory(Dim inputs, Dim slots, Dim results, Dim scratch) {
  /** All of it, with the scratch memory of {@code threads} threads. */
  public Dim total(int threads) {
    return inputs.plus(slots).plus(results).plus(scratch.times(threads));
  }
}
