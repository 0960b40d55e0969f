package dev.millrace.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is what happens. */
class ReadmeTest {
  private static final Path ROOT = Path.of(System.getProperty("millrace.examples")).getParent();
  private static final int SECONDS = 120;

  @Test
  void theProgramIsTheExample() throws IOException {
    String program = Files.readString(ROOT.resolve("examples/MnistForBeginners.java"));
    String code = program.substring(program.indexOf("import module"));
    assertTrue(
        readme().contains("```java\n" + code + "```"), "README.md and MnistForBeginners differ");
  }

  @Test
  void theJShellSessionAnswersAsShown(@TempDir Path folder) throws Exception {
    var lines = Pattern.compile("(?m)^jshell> (.+)$").matcher(readme());
    List<String> typed = lines.results().map(line -> line.group(1)).toList();
    var answer = Pattern.compile("(?m)^\\$\\d+ ==> (.+)$").matcher(readme());
    assertTrue(answer.find(), "README.md shows no answer of JShell");

    Path script = Files.write(folder.resolve("typed.jsh"), typed);
    Files.writeString(
        script,
        "System.out.println(\"last: \" + $" + typed.size() + ")\n/exit\n",
        java.nio.file.StandardOpenOption.APPEND);
    List<String> said = jshell(script, folder);
    assertEquals("last: " + answer.group(1), said.isEmpty() ? "" : said.getLast(), said::toString);
  }

  static List<String> jshell(Path script, Path folder) throws Exception {
    var jshell = Path.of(System.getProperty("java.home"), "bin", "jshell").toString();
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                jshell,
                "--module-path",
                System.getProperty("millrace.module"),
                "--add-modules",
                "dev.millrace",
                script.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly().waitFor();
    assertTrue(ended, () -> "jshell still runs after " + SECONDS + " s");
    return Files.readAllLines(output);
  }

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }
}
