package dev.millrace.compile;

import dev.millrace.graph.Value;
import dev.millrace.kernel.Kernel;
import dev.millrace.tensor.Dim;
import java.util.List;
import java.util.Optional;

/**
 * One call of a kernel in a program, or something else that is done between kernels.
 *
 * @param buffers memory of each of the kernel's buffers; none for scratch
 * @param dims the kernel's dim arguments as symbols of the graph
 * @param values what the kernel computes, for messages
 * @param contraction what the kernel does, where that is a contraction which a provider may compute
 * @param job what is done in place of the kernel, which is empty then
 */
public record Step(
    Kernel kernel,
    List<Optional<Storage>> buffers,
    List<Dim.Symbol> dims,
    List<Value> values,
    Optional<ContractionForm> contraction,
    Optional<Job> job) {
  /** What the kernel's symbol {@code d0}, {@code d1}, ... is in the graph. */
  Dim dim(Dim.Symbol argument) {
    return Dim.ofAtom(dims.get(Integer.parseInt(argument.name().substring(1))));
  }
}
