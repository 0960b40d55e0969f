package dev.millrace.cpu;

import dev.millrace.tensor.MillraceException;
import java.util.Locale;

/** Which form of a kernel runs: the system property {@code millrace.tier}. */
enum Tier {
  /** The scalar form, always. */
  SCALAR,
  /** The vector form from the first run on, which is very slow until the JVM has compiled it. */
  VECTOR,
  /** The scalar form until the vector form, which another thread warms up, has become faster. */
  AUTO;

  /**
   * The tier that the property names; {@link #AUTO} where it is not set, {@link #SCALAR} where
   * there are no vectors.
   *
   * @throws MillraceException if it names none
   */
  static Tier chosen() {
    String name = System.getProperty("millrace.tier", "auto");
    for (Tier tier : values()) {
      if (tier.name().toLowerCase(Locale.ROOT).equals(name)) {
        return KernelCompiler.hasVectors() ? tier : SCALAR;
      }
    }
    throw new MillraceException(
        "session: the system property millrace.tier must be scalar, vector or auto, found '"
            + name
            + "'");
  }
}
