package dev.millrace.session;

import dev.millrace.tensor.Tensor;
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
}
