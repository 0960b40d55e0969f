package dev.millrace.profile;

import dev.millrace.graph.Value;
import dev.millrace.kernel.Kernel;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The calls of one kernel of a program so far. */
final class KernelCalls {
  private final List<Value> values;
  private final Kernel kernel;
  private final Samples times = new Samples();
  private final Map<List<Integer>, Long> callsByDims = new HashMap<>();
  private final Map<List<Integer>, KernelCost> costs = new HashMap<>();
  private String form = "";

  KernelCalls(List<Value> values, Kernel kernel) {
    this.values = values;
    this.kernel = kernel;
  }

  void add(int[] dims, String newForm, long nanos) {
    times.add(nanos);
    callsByDims.merge(Arrays.stream(dims).boxed().toList(), 1L, Long::sum);
    form = newForm;
  }

  /** Names of the values that the kernel computes. */
  List<String> names() {
    return values.stream().map(Value::name).toList();
  }

  /** The user's line of the first of them. */
  String line() {
    return values.getFirst().origin();
  }

  /** Cost of a call with these dim arguments. */
  synchronized KernelCost cost(int[] dims) {
    return costs.computeIfAbsent(
        Arrays.stream(dims).boxed().toList(), any -> KernelCost.of(kernel, dims));
  }

  KernelProfile summary() {
    KernelCost all = new KernelCost(0, 0, 0, 0);
    double working = 0;
    for (Map.Entry<List<Integer>, Long> entry : callsByDims.entrySet()) {
      int[] dims = entry.getKey().stream().mapToInt(Integer::intValue).toArray();
      KernelCost one = cost(dims);
      all = all.plus(one.times(entry.getValue()));
      working = Math.max(working, one.bytes());
    }
    return new KernelProfile(
        names(), line(), form, times.count(), times.median(), times.total(), all, working);
  }
}
