package dev.millrace.session;

import dev.millrace.cpu.Workers;
import java.util.Objects;

/**
 * How a session computes. Immutable; each method gives options that differ in one point:
 *
 * <pre>{@code
 * new Session(graph, SessionOptions.defaults().threads(2).compute(ComputeType.BFLOAT16))
 * }</pre>
 *
 * @param threads 1 to 1024
 * @param compute what products and convolutions multiply
 */
public record SessionOptions(int threads, ComputeType compute) {
  /** Checks them. */
  public SessionOptions {
    if (threads < 1 || threads > Workers.MOST_THREADS) {
      throw new RunException(
          "session: takes 1 to " + Workers.MOST_THREADS + " threads, found " + threads);
    }
    Objects.requireNonNull(compute, "session: the compute type is null");
  }

  /**
   * All processors, or as many threads as the system property {@code millrace.threads} says, and
   * {@link ComputeType#FLOAT32}.
   *
   * @throws dev.millrace.tensor.MillraceException if the property is no number from 1 to 1024
   */
  public static SessionOptions defaults() {
    return new SessionOptions(Workers.defaultThreads(), ComputeType.FLOAT32);
  }

  /**
   * These options with another number of threads, the caller's among them.
   *
   * @throws RunException if that is not 1 to 1024
   */
  public SessionOptions threads(int number) {
    return new SessionOptions(number, compute);
  }

  /** These options with other numbers to multiply. */
  public SessionOptions compute(ComputeType type) {
    return new SessionOptions(threads, type);
  }
}
