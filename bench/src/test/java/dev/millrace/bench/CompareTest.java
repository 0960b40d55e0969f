package dev.millrace.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench/compare}, on programs that print what they are told. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class CompareTest {
  private static final String COMPARE =
      Path.of(System.getProperty("millrace.root"), "bench", "compare").toString();

  @TempDir private Path folder;

  private record Outcome(int code, List<String> out) {}

  private Outcome compare(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of("sh", COMPARE));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(folder.resolve("err").toFile()).start();
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), out.lines().toList());
  }

  private static String line(String peer, String value) {
    return "{\\\"peer\\\":\\\""
        + peer
        + "\\\",\\\"metric\\\":\\\"ms\\\",\\\"value\\\":"
        + value
        + "}";
  }

  /** A program that prints 1, 2, 4, ... times {@code factor} in one run after the other. */
  private String growing(String peer, int factor) throws Exception {
    Path count = folder.resolve(peer);
    Files.writeString(count, "1");
    return "n=$(cat %s); echo $((2 * n)) > %s; echo \"%s\""
        .formatted(count, count, line(peer, "$((" + factor + " * n))"));
  }

  @Test
  void mediansOfTheRoundsAndOfTheRatiosWithinThem() throws Exception {
    Outcome outcome = compare("-n", "3", growing("ours", 1), growing("other", 4));
    assertEquals(0, outcome.code);
    assertTrue(outcome.out.contains("| metric | ours | other | ours / other |"));
    assertTrue(
        outcome.out.contains("| ms | 2 [1-4] | 8 [4-16] | 0.25 [0.25-0.25] |"),
        outcome.out::toString);
  }

  @Test
  void aCommandThatFailsIsNamed() throws Exception {
    Outcome outcome = compare("-n", "1", "true", "exit 3");
    assertEquals(1, outcome.code);
    assertTrue(Files.readString(folder.resolve("err")).contains("compare: failed: exit 3"));
  }

  @Test
  void oneCommandIsNotEnough() throws Exception {
    assertEquals(2, compare("true").code);
  }
}
