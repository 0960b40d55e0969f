package dev.millrace.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines for JShell on the page of all functions answer as shown. */
class OpsPageShellTest {
  private static final Path PAGE =
      Path.of(System.getProperty("millrace.examples")).getParent().resolve("docs/ops.md");
  private static final Pattern LINE = Pattern.compile("(?m)^jshell> (.+)(?:\n==> (.+))?$");

  @Test
  void everyLineAnswersAsShown(@TempDir Path folder) throws Exception {
    var script = new ArrayList<String>();
    var expected = new ArrayList<String>();
    LINE.matcher(Files.readString(PAGE))
        .results()
        .forEach(line -> {
          boolean hasAnswer = line.group(2) != null;
          script.add(hasAnswer ? "System.out.println(" + line.group(1) + ")" : line.group(1));
          if (hasAnswer) {
            expected.add(line.group(2));
          }
        });
    assertTrue(expected.size() > 10, () -> "only " + expected.size() + " lines have answers");
    script.add("/exit");
    Path typed = Files.write(folder.resolve("typed.jsh"), script);
    List<String> said = ReadmeTest.jshell(typed, folder);
    assertEquals(expected, said.subList(Math.max(0, said.size() - expected.size()), said.size()));
  }
}
