package dev.millrace.cli.option;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads a whole number.
 *
 * @param least the smallest that is allowed
 * @param most the largest that is allowed
 */
public record WholeNumber(long least, long most) implements ITypeConverter<Long> {
  @Override
  public Long convert(String text) {
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException ignored) {
      // The message below says what is allowed.
    }
    throw new TypeConversionException(
        "must be a whole number from " + least + " to " + most + ", found '" + text + "'");
  }
}
