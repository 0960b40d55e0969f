package dev.millrace.cli.option;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a number above 0 that is not infinite. */
public record PositiveNumber() implements ITypeConverter<Double> {
  @Override
  public Double convert(String text) {
    try {
      double number = Double.parseDouble(text);
      if (number > 0 && number < Double.POSITIVE_INFINITY) {
        return number;
      }
    } catch (NumberFormatException ignored) {
      // The message below says what is allowed.
    }
    throw new TypeConversionException("must be a number above 0, found '" + text + "'");
  }
}
