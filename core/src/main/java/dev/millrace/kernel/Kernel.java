package dev.millrace.kernel;

import dev.millrace.tensor.Dim;
import java.util.List;

/**
 * A program of loops over arrays: what everything runs as.
 *
 * <p>{@code body} runs once for each value from 0 to below {@code tasks} of the variable {@code 0}.
 * Tasks are independent: they may run in any order and side by side, and write disjoint elements.
 *
 * <p>Unknown sizes are arguments: the symbols {@link #dim d0, d1, ...}, {@code dims} of them, may
 * appear in extents, factors and offsets. Two kernels that do the same are {@link #equals equal},
 * so that compiled code is shared.
 */
public record Kernel(List<Buffer> buffers, int dims, Dim tasks, List<Statement> body) {
  /** The variable that holds the number of the task. */
  public static final int TASK = 0;

  /** The symbol of the dim argument {@code number}. */
  public static Dim dim(int number) {
    return Dim.of("d" + number);
  }

  /** The kernel as text, one statement a line. */
  @Override
  public String toString() {
    return KernelPrinter.print(this);
  }
}
