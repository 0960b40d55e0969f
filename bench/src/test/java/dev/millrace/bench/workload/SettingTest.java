package dev.millrace.bench.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SettingTest {
  @Test
  void optionsAreRead() {
    Setting setting = Setting.parse("w1", "--threads", "2", "--data", "there");
    assertEquals("w1", setting.workload());
    assertEquals(OptionalInt.of(2), setting.threads());
    assertEquals(Path.of("there"), setting.data());
  }

  @Test
  void wrongOptionsAreNamed() {
    assertEquals("a workload is wanted", message());
    assertEquals("there is no option '--thread'", message("w1", "--thread", "2"));
    assertEquals("a value is wanted behind '--threads'", message("w1", "--threads"));
    assertEquals("--threads takes a number, found 'two'", message("w1", "--threads", "two"));
  }

  private static String message(String... arguments) {
    return assertThrows(IllegalArgumentException.class, () -> Setting.parse(arguments))
        .getMessage();
  }
}
