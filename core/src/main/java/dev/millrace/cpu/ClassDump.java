package dev.millrace.cpu;

import dev.millrace.kernel.Kernel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Writes what is generated into the folder that the system property {@code millrace.dump} names:
 * each class as {@code kernel-N-form.class}, and beside it the kernel as text.
 */
final class ClassDump {
  private static final String FOLDER = System.getProperty("millrace.dump", "");
  private static final AtomicInteger COUNT = new AtomicInteger();

  private ClassDump() {}

  static void write(Kernel kernel, Form form, byte[] bytes) {
    if (FOLDER.isEmpty()) {
      return;
    }
    Path folder = Path.of(FOLDER);
    String name =
        "kernel-" + COUNT.incrementAndGet() + "-" + form.name().toLowerCase(java.util.Locale.ROOT);
    try {
      Files.createDirectories(folder);
      Files.write(folder.resolve(name + ".class"), bytes);
      Files.writeString(folder.resolve(name + ".txt"), kernel.toString());
    } catch (IOException e) {
      throw new UncheckedIOException("dump: cannot write the class into " + folder, e);
    }
  }
}
