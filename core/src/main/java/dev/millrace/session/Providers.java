package dev.millrace.session;

import dev.millrace.provider.ContractionProvider;
import dev.millrace.tensor.MillraceException;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * The provider of contractions that the class path has, if it works here; looked for once. With the
 * system property {@code millrace.provider} set to {@code none}, there is none.
 */
final class Providers {
  private static final String PROPERTY = "millrace.provider";
  private static final String ANY = "auto";
  private static final String NONE = "none";
  private static final System.Logger LOG = System.getLogger("dev.millrace.session");

  private Providers() {}

  /**
   * Checks the system property.
   *
   * @throws MillraceException if it has another value
   */
  static void checkProperty() {
    String wanted = System.getProperty(PROPERTY, ANY);
    if (!wanted.equals(ANY) && !wanted.equals(NONE)) {
      throw new MillraceException(
          "session: the system property millrace.provider must be auto or none, found '"
              + wanted
              + "'");
    }
  }

  /** The first one that is available. */
  static Optional<ContractionProvider> available() {
    return Found.PROVIDER;
  }

  /** Initialized when it is first asked for. */
  private static final class Found {
    static final Optional<ContractionProvider> PROVIDER = find();

    private Found() {}

    private static Optional<ContractionProvider> find() {
      if (System.getProperty(PROPERTY, ANY).equals(NONE)) {
        return Optional.empty();
      }
      try {
        return ServiceLoader.load(ContractionProvider.class, Providers.class.getClassLoader())
            .stream()
            .map(ServiceLoader.Provider::get)
            .filter(ContractionProvider::isAvailable)
            .findFirst();
      } catch (ServiceConfigurationError broken) {
        LOG.log(Level.WARNING, "no provider of contractions is used: " + broken.getMessage());
        return Optional.empty();
      }
    }
  }
}
