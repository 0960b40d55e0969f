package dev.millrace.cpu;

import dev.millrace.compile.Stages;
import dev.millrace.kernel.Kernel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Writes what is generated into the folder that the system property {@code millrace.dump} names:
 * each class as {@code kernel-N-form.class}, and beside it the kernel as text. Where {@code
 * millrace.trace} names classes, their sizes are printed.
 */
final class ClassDump {
  private static final String FOLDER = System.getProperty("millrace.dump", "");

  /** Of a kernel's text, enough to recognise it. */
  private static final int MOST_LINES = 12;

  private static final AtomicInteger COUNT = new AtomicInteger();

  private ClassDump() {}

  static void write(Kernel kernel, Form form, byte[] bytes) {
    if (Stages.wanted().contains(Stages.Stage.CLASSES)) {
      System.err.println(
          "== class of "
              + bytes.length
              + " bytes: the "
              + form.name().toLowerCase(Locale.ROOT)
              + " form of\n"
              + kernel.toString().lines().limit(MOST_LINES).collect(Collectors.joining("\n")));
    }
    if (FOLDER.isEmpty()) {
      return;
    }
    Path folder = Path.of(FOLDER);
    String name = "kernel-" + COUNT.incrementAndGet() + "-" + form.name().toLowerCase(Locale.ROOT);
    try {
      Files.createDirectories(folder);
      Files.write(folder.resolve(name + ".class"), bytes);
      Files.writeString(folder.resolve(name + ".txt"), kernel.toString());
    } catch (IOException e) {
      throw new UncheckedIOException("dump: cannot write the class into " + folder, e);
    }
  }
}
