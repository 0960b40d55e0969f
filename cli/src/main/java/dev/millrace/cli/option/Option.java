package dev.millrace.cli.option;

/**
 * An option of a command.
 *
 * @param name as it is typed, {@code --steps}
 * @param value what its value is called in the help, {@code N}; empty for one without a value
 * @param standard its value where it is not given; empty for one without a value
 * @param meaning one phrase for the help
 */
public record Option(String name, String value, String standard, String meaning) {
  /** An option without a value, which is there or not. */
  public static Option flag(String name, String meaning) {
    return new Option(name, "", "", meaning);
  }

  boolean takesValue() {
    return !value.isEmpty();
  }

  /** {@code --steps N}. */
  String synopsis() {
    return takesValue() ? name + " " + value : name;
  }
}
