package dev.millrace.cli.option;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the path of a file, which need not be there. */
public record FilePath() implements ITypeConverter<Path> {
  @Override
  public Path convert(String text) {
    try {
      if (!text.isBlank()) {
        return Path.of(text);
      }
    } catch (InvalidPathException ignored) {
      // The message below says what is allowed.
    }
    throw new TypeConversionException("must be the path of a file, found '" + text + "'");
  }
}
