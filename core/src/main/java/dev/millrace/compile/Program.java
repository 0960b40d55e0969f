package dev.millrace.compile;

import dev.millrace.graph.Value;
import dev.millrace.kernel.Buffer;
import dev.millrace.kernel.Kernel;
import dev.millrace.op.Requirement;
import dev.millrace.op.Type;
import dev.millrace.tensor.DType;
import dev.millrace.tensor.Dim;
import java.util.HashSet;
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
  /**
   * Memory of {@code size} elements.
   *
   * @param largest the value that is as large as that
   */
  public record Slot(DType dtype, Dim size, Value largest) {
    /** Its bytes. */
    public Dim bytes() {
      return size.times(dtype.bytes());
    }
  }

  /** What the op that computes {@code value} needs of the dims of a run. */
  public record Check(Value value, Requirement requirement) {}

  /**
   * A value that was asked for: its type, and its elements in row-major order in {@code storage}.
   */
  public record Result(Value value, Type type, Storage storage) {}

  /**
   * Bytes of the arrays that a run works in, all of which are there at once: what it is given, what
   * lies between its kernels, what it hands out, and one thread's scratch memory. A number where
   * all dims are known, else a polynomial of those that are not.
   */
  public Dim memoryBytes() {
    return memory().total(1);
  }

  /** What {@link #memoryBytes} is made of. */
  public Memory memory() {
    Dim given = Dim.ZERO;
    for (Value input : inputs) {
      given = given.plus(bytes(input.type()));
    }
    Dim between = Dim.ZERO;
    for (Slot slot : slots) {
      between = between.plus(slot.bytes());
    }
    Dim handedOut = Dim.ZERO;
    for (int i = 0; i < results.size(); i++) {
      if (results.get(i).storage().equals(new Storage.Result(i))) {
        handedOut = handedOut.plus(bytes(results.get(i).type()));
      }
    }
    return new Memory(given, between, handedOut, scratch());
  }

  private static Dim bytes(Type type) {
    return type.shape().elements().times(type.dtype().bytes());
  }

  /** Kernels that are equal share theirs. */
  private Dim scratch() {
    var kernels = new HashSet<Kernel>();
    Dim sum = Dim.ZERO;
    for (Step step : steps) {
      for (Job.Nested nested : step.job().map(Job::programs).orElse(List.of())) {
        sum = sum.plus(nested.program().scratch());
      }
      if (kernels.add(step.kernel())) {
        for (Buffer buffer : step.kernel().buffers()) {
          if (buffer.role() == Buffer.Role.SCRATCH) {
            Dim bytes = buffer.size().times(buffer.dtype().bytes());
            sum = sum.plus(bytes.substitute(step::dim));
          }
        }
      }
    }
    return sum;
  }

  /** Every kernel as text. */
  @Override
  public String toString() {
    return steps.stream()
        .map(step ->
            step.values().stream().map(Value::name).collect(Collectors.joining(", ", "# ", "\n"))
                + step.job().map(Job::toString).orElseGet(() -> step.kernel().toString()))
        .collect(Collectors.joining("\n"));
  }
}
