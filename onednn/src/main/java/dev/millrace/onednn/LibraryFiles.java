package dev.millrace.onednn;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The shared library as it comes in a jar on the class path, for one platform.
 *
 * <p>To be loaded it is written to a new folder that only this user can enter, and which is gone as
 * soon as the library is loaded: the system keeps what is mapped.
 *
 * @param folder the platform's folder in the jar, as in {@code linux-x86_64}
 */
record LibraryFiles(String folder) {
  private static final String PACKAGE = "org/bytedeco/dnnl/";

  /** The library, and the threads' library that it asks for, which is looked for beside it. */
  private static final String LIBRARY = "libdnnl.so.3";

  private static final List<String> FILES = List.of("libgomp.so.1", LIBRARY);

  /** Those of this machine's platform; empty if this module doesn't know it. */
  static Optional<LibraryFiles> ofPlatform(String system, String processor) {
    if (!system.toLowerCase(Locale.ROOT).startsWith("linux")) {
      return Optional.empty();
    }
    return switch (processor) {
      case "amd64", "x86_64" -> Optional.of(new LibraryFiles("linux-x86_64"));
      case "aarch64", "arm64" -> Optional.of(new LibraryFiles("linux-arm64"));
      default -> Optional.empty();
    };
  }

  /** Whether they are on the class path. */
  boolean arePresent() {
    return FILES.stream().allMatch(file -> resource(file) != null);
  }

  /** The jar to put on the class path. */
  String jar() {
    return "org.bytedeco:dnnl:3.13-1.5.14:" + folder;
  }

  /**
   * Loads the library for good.
   *
   * @throws IOException if the files cannot be written
   * @throws IllegalArgumentException if the system cannot load them
   */
  SymbolLookup load() throws IOException {
    Path temporary = Files.createTempDirectory("millrace-onednn");
    try {
      for (String file : FILES) {
        try (InputStream from = open(file)) {
          Files.copy(from, temporary.resolve(file));
        }
      }
      return SymbolLookup.libraryLookup(temporary.resolve(LIBRARY), Arena.global());
    } finally {
      for (String file : FILES) {
        Files.deleteIfExists(temporary.resolve(file));
      }
      Files.delete(temporary);
    }
  }

  private URL resource(String file) {
    return LibraryFiles.class.getClassLoader().getResource(PACKAGE + folder + "/" + file);
  }

  private InputStream open(String file) throws IOException {
    return resource(file).openStream();
  }
}
