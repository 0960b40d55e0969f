package dev.millrace.cli.option;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/** The options of one call. A wrong value is a {@link UsageException} that says what is allowed. */
public final class Arguments {
  private final Options options;
  private final Map<String, String> given;

  Arguments(Options options, Map<String, String> given) {
    this.options = options;
    this.given = Map.copyOf(given);
  }

  /** Whether the option was given. */
  public boolean has(String name) {
    return given.containsKey(name);
  }

  private String text(String name) {
    String standard = options.find(name).orElseThrow().standard();
    return given.getOrDefault(name, standard);
  }

  /** A whole number from {@code least} to {@code most}. */
  public long wholeNumber(String name, long least, long most) {
    String text = text(name);
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException ignored) {
      // The message below says what is allowed.
    }
    throw wrong(name, "a whole number from " + least + " to " + most, text);
  }

  /** A number above 0 that is not infinite. */
  public double positiveNumber(String name) {
    String text = text(name);
    try {
      double number = Double.parseDouble(text);
      if (number > 0 && number < Double.POSITIVE_INFINITY) {
        return number;
      }
    } catch (NumberFormatException ignored) {
      // The message below says what is allowed.
    }
    throw wrong(name, "a number above 0, such as 0.01", text);
  }

  /** The path of a folder, which need not be there. */
  public Path folder(String name) {
    String text = text(name);
    try {
      if (!text.isBlank()) {
        return Path.of(text);
      }
    } catch (InvalidPathException ignored) {
      // The message below says what is allowed.
    }
    throw wrong(name, "the path of a folder", text);
  }

  private static UsageException wrong(String name, String allowed, String found) {
    return new UsageException(name + " takes " + allowed + ", found '" + found + "'");
  }
}
