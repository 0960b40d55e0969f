package dev.millrace.session;

import dev.millrace.tensor.Dim;
import dev.millrace.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * A call of a session that is prepared once: tensors in, tensors out. Safe to share between
 * threads.
 */
public final class CompiledFunction {
  private final Session session;
  private final Prepared prepared;

  CompiledFunction(Session session, Prepared prepared) {
    this.session = session;
    this.prepared = prepared;
  }

  /**
   * The fetches for these arguments, in the order of the placeholders.
   *
   * @throws RunException if their number, type or shape is wrong
   */
  public List<Tensor> run(Tensor... arguments) {
    int wanted = prepared.binding().placeholders().size();
    if (arguments.length != wanted) {
      throw new RunException(
          "function: takes "
              + wanted
              + " tensors, one for each of "
              + prepared.binding().placeholders()
              + ", found "
              + arguments.length);
    }
    return session.run(prepared, arguments);
  }

  /**
   * Bytes of the arrays that a run works in, all of which are there at once: arguments, variables
   * (two arrays for those that it changes), constants, values between kernels, results, and the
   * scratch memory of the session's threads. Nothing is allocated or run.
   *
   * @param dims the sizes of the placeholders' unknown dims, each once, in the order in which the
   *     placeholders have them; in most programs that is the batch size alone
   * @throws RunException if there are more or fewer of them
   */
  public long memoryBytes(long... dims) {
    List<Dim.Symbol> symbols = prepared.binding().symbols();
    if (dims.length != symbols.size() || Arrays.stream(dims).anyMatch(dim -> dim < 0)) {
      throw new RunException(
          "memoryBytes: takes a size, 0 or more, for each unknown dim of "
              + prepared.binding().placeholders()
              + ", "
              + symbols.stream().map(Dim.Symbol::name).toList()
              + ", found "
              + Arrays.toString(dims));
    }
    int threads = session.options().threads();
    return prepared.memory().total(symbol -> dims[symbols.indexOf(symbol)], threads);
  }
}
