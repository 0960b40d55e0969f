package dev.millrace.cpu;

import dev.millrace.tensor.MillraceException;
import java.lang.System.Logger.Level;
import java.util.Optional;

/**
 * The vectors that the vector form uses: those of the width that the machine prefers.
 *
 * @param floats lanes of a vector of float32
 * @param doubles lanes of a vector of float64
 */
record Vectors(int floats, int doubles) {
  private static final String PROPERTY = "millrace.vector";
  private static final String MODULE = "jdk.incubator.vector";

  /** Found out once. No class that needs the module is loaded unless it is there. */
  private static final class Found {
    static final Optional<Vectors> VECTORS = find();
  }

  /** The machine's vectors; none where the module is absent or switched off. */
  static Optional<Vectors> available() {
    return Found.VECTORS;
  }

  /**
   * Makes sure that the property that switches vectors off is true or false.
   *
   * @throws MillraceException if it is not
   */
  static void checkProperty() {
    String text = System.getProperty(PROPERTY, "true");
    if (!text.equals("true") && !text.equals("false")) {
      throw new MillraceException(
          "session: the system property "
              + PROPERTY
              + " must be true or false, found '"
              + text
              + "'");
    }
  }

  private static Optional<Vectors> find() {
    if (!Boolean.parseBoolean(System.getProperty(PROPERTY, "true"))) {
      return Optional.empty();
    }
    Module here = Vectors.class.getModule();
    if (ModuleLayer.boot().findModule(MODULE).filter(here::canRead).isEmpty()) {
      System.getLogger("dev.millrace.cpu")
          .log(
              Level.INFO,
              "Kernels run one element at a time: this JVM was started without its vector module."
                  + " Start it with: java --add-modules "
                  + MODULE);
      return Optional.empty();
    }
    return Optional.of(VectorFolds.widths());
  }

  int lanes(JvmType type) {
    return type == JvmType.FLOAT ? floats : doubles;
  }
}
