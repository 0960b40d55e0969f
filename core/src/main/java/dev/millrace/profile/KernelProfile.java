package dev.millrace.profile;

import java.util.List;

/**
 * What one kernel of a program did while its session was profiled.
 *
 * @param values names of the values that it computes
 * @param line the user's line that asked for the first of them, {@code File.java:line}
 * @param form {@code scalar}, or {@code vector} once the vector form has taken over
 * @param calls how often it ran
 * @param medianNanos of a call
 * @param totalNanos of all calls
 * @param cost of all calls together
 * @param callBytes bytes that the largest call moved, by which the memory that they come from is
 *     judged
 */
public record KernelProfile(
    List<String> values,
    String line,
    String form,
    long calls,
    long medianNanos,
    long totalNanos,
    KernelCost cost,
    double callBytes) {
  /** Copies the list. */
  public KernelProfile {
    values = List.copyOf(values);
  }

  /** Thousand millions of floating-point operations a second. */
  public double gigaflops() {
    return totalNanos == 0 ? 0 : cost.flop() / totalNanos;
  }

  /** Thousand millions of bytes a second, read and written. */
  public double gigabytes() {
    return totalNanos == 0 ? 0 : cost.bytes() / totalNanos;
  }

  /**
   * The roofline model: the time that the machine would need at its best rate of arithmetic or of
   * memory, whichever takes longer, as a part of the time that it took; 1 is the limit.
   *
   * @param machine the limits of the machine
   */
  public double shareOfLimit(MachineLimits machine) {
    double needed = Math.max(computeNanos(machine), memoryNanos(machine));
    return totalNanos == 0 ? 0 : needed / totalNanos;
  }

  /** Whether arithmetic is what limits this kernel, not memory. */
  public boolean isComputeBound(MachineLimits machine) {
    return computeNanos(machine) >= memoryNanos(machine);
  }

  /** float64 has half as many lanes. */
  private double computeNanos(MachineLimits machine) {
    return (cost.flop() + cost.doubleFlop()) / machine.gigaflops();
  }

  private double memoryNanos(MachineLimits machine) {
    return cost.bytes() / machine.gigabytes(callBytes);
  }

  /** The values as a table has room for them: at most {@code width} characters. */
  String shortName(int width) {
    String first = values.getFirst();
    String all = String.join(", ", values);
    if (all.length() <= width) {
      return all;
    }
    String ends = first + " .. " + values.getLast() + " (" + values.size() + ")";
    String name = values.size() == 1 || ends.length() > width + 8 ? first : ends;
    return name.length() <= width + 8 ? name : name.substring(0, width - 1) + "~";
  }
}
