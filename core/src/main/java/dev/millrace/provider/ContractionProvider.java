package dev.millrace.provider;

import java.util.Optional;

/**
 * Computes contractions by other means than the generated kernels. Implementations are found with
 * {@link java.util.ServiceLoader}, once per JVM, and used by several threads at once.
 *
 * <p>Results may differ from those of the generated kernels in their last bits, but must not depend
 * on the number of threads.
 */
public interface ContractionProvider {
  /** The provider's name, for logs and profiles. */
  String name();

  /** Whether it works on this machine. If not, it has said why in the log. */
  boolean isAvailable();

  /**
   * Whether it is faster than the generated kernel, followed by a pass over the result for what
   * that kernel would do in the same pass. Takes no time to tell.
   */
  boolean isFaster(Contraction contraction);

  /** Code for {@code contraction}; empty where it is not faster, or cannot compute that. */
  Optional<ContractionCode> compile(Contraction contraction);
}
