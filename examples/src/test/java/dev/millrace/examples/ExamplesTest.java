package dev.millrace.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs every program of this folder from its source, as a reader does: {@code java --module-path
 * ... Program.java}. The line {@code // prints: REGEX} in a program says what its last line must
 * match.
 */
class ExamplesTest {
  private static final Path EXAMPLES = Path.of(System.getProperty("millrace.examples"));
  private static final Path MNIST = Path.of(System.getProperty("millrace.shared"), "mnist");
  private static final Pattern PRINTS = Pattern.compile("(?m)^// prints: (.+)$");
  private static final int SECONDS = 120;

  @TestFactory
  Stream<DynamicTest> everyExamplePrintsWhatItSays(@TempDir Path folder) throws IOException {
    List<Path> programs;
    try (var files = Files.list(EXAMPLES)) {
      programs = files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
    return programs.stream()
        .map(program -> {
          String name = program.getFileName().toString();
          return DynamicTest.dynamicTest(name, () -> run(program, folder.resolve(name)));
        });
  }

  private static void run(Path program, Path folder) throws Exception {
    String source = Files.readString(program);
    var prints = PRINTS.matcher(source);
    assertTrue(prints.find(), program + " has no line '// prints: REGEX'");
    assumeTrue(!source.contains("Mnist.") || Files.isDirectory(MNIST), "no MNIST in " + MNIST);

    Path output = Files.createDirectories(folder).resolve("output");
    Path errors = folder.resolve("errors");
    Process process = start(program, folder, output, errors);
    boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly().waitFor();

    String all = Files.readString(output);
    String report = program + " printed:\n" + all + Files.readString(errors);
    assertTrue(ended, () -> "still running after " + SECONDS + " s, " + report);
    assertEquals(0, process.exitValue(), report);
    String last = all.lines().reduce("", (before, line) -> line);
    assertTrue(last.matches(prints.group(1)), report);
  }

  private static Process start(Path program, Path folder, Path output, Path errors)
      throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var module = System.getProperty("millrace.module");
    var builder =
        new ProcessBuilder(
            java, "--module-path", module, "--add-modules", "dev.millrace", program.toString());
    builder.environment().put("MNIST_DIR", MNIST.toString());
    return builder
        .directory(folder.toFile())
        .redirectOutput(output.toFile())
        .redirectError(errors.toFile())
        .start();
  }
}
