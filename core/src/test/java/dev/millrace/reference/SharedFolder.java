package dev.millrace.reference;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the reference data of the house lies, beside the project; it is not part of it. */
public final class SharedFolder {
  private SharedFolder() {}

  /** A folder of it; skips the test if it is not there. */
  public static Path folder(String name) {
    Optional<Path> found =
        Stream.of(
                Optional.ofNullable(System.getProperty("millrace.shared")),
                Optional.ofNullable(System.getenv("MILLRACE_SHARED")),
                Optional.of("../shared"),
                Optional.of("../../shared"))
            .flatMap(Optional::stream)
            .map(path -> Path.of(path).resolve(name))
            .filter(Files::isDirectory)
            .findFirst();
    assumeTrue(
        found.isPresent(),
        name + " is not in the shared folder: set MILLRACE_SHARED to run this test");
    return found.orElseThrow();
  }

  /**
   * The folder with samples of gradients and optimizers that the property {@code gradients.dir}
   * names, or the one of the house; skips the test if that is not there.
   */
  public static Path gradients() {
    String given = System.getProperty("gradients.dir", "");
    return given.isEmpty() ? folder("gradients") : Path.of(given);
  }

  /** The JSON files of a folder, in the order of their names. */
  public static List<Path> jsonFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }
}
