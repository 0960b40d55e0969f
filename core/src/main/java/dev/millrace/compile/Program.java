package dev.millrace.compile;

import dev.millrace.graph.Value;
import dev.millrace.op.Requirement;
import dev.millrace.op.Type;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A compiled body: kernels in the order in which they run, and the memory they run in.
 *
 * @param slots memory for what lies between kernels
 * @param results for each value that was asked for, where it is found after the run
 * @param inputs what the kernels or results read from outside
 * @param checks what has to hold of the dims of a run
 */
public record Program(
    List<Step> steps,
    List<Slot> slots,
    List<Result> results,
    List<Value> inputs,
    List<Check> checks) {
  /** Memory of {@code size} elements. */
  public record Slot(DType dtype, Dim size) {}

  /** What the op that computes {@code value} needs of the dims of a run. */
  public record Check(Value value, Requirement requirement) {}

  /**
   * A value that was asked for: its type, and its elements in row-major order in {@code storage}.
   */
  public record Result(Value value, Type type, Storage storage) {}

  /** Every kernel as text. */
  @Override
  public String toString() {
    return steps.stream()
        .map(step ->
            step.values().stream().map(Value::name).collect(Collectors.joining(", ", "# ", "\n"))
                + step.kernel())
        .collect(Collectors.joining("\n"));
  }
}
