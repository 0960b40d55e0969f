package dev.millrace.cli.option;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The options of a command: reads arguments, {@code --name value} or {@code --name=value}, and
 * writes the help. Where an option is given twice, the last one counts.
 *
 * <p>A dozen options need no library, and the one tried took 0.1 s of every start.
 */
public final class Options {
  private final List<Option> options;

  /** These options, in the order of the help. */
  public Options(List<Option> options) {
    this.options = List.copyOf(options);
  }

  /**
   * The options that the arguments give.
   *
   * @throws UsageException if there is an unknown option, one without its value, or another word
   */
  public Arguments parse(List<String> arguments) {
    Map<String, String> given = new HashMap<>();
    Iterator<String> words = arguments.iterator();
    while (words.hasNext()) {
      String word = words.next();
      int equals = word.startsWith("--") ? word.indexOf('=') : -1;
      String name = equals < 0 ? word : word.substring(0, equals);
      Option option = find(name).orElseThrow(() -> unknown(word, name));
      if (!option.takesValue()) {
        if (equals >= 0) {
          throw new UsageException(name + " takes no value, found '" + word + "'");
        }
        given.put(name, "");
      } else if (equals >= 0) {
        given.put(name, word.substring(equals + 1));
      } else if (words.hasNext()) {
        given.put(name, words.next());
      } else {
        throw new UsageException(name + " takes a value: " + option.synopsis());
      }
    }
    return new Arguments(this, given);
  }

  Optional<Option> find(String name) {
    return options.stream().filter(option -> option.name().equals(name)).findFirst();
  }

  private UsageException unknown(String word, String name) {
    if (!word.startsWith("-")) {
      return new UsageException("takes options only, found '" + word + "'; see --help");
    }
    String guess =
        options.stream()
            .map(Option::name)
            .filter(known -> isNear(known, name))
            .findFirst()
            .map(known -> "; did you mean " + known + "?")
            .orElse("; see --help");
    return new UsageException("there is no option " + name + guess);
  }

  /** Whether one is the beginning of the other, or they differ in one place. */
  private static boolean isNear(String known, String typed) {
    if (typed.length() >= 4 && (known.startsWith(typed) || typed.startsWith(known))) {
      return true;
    }
    int shorter = Math.min(known.length(), typed.length());
    int front = 0;
    while (front < shorter && known.charAt(front) == typed.charAt(front)) {
      front++;
    }
    int back = 0;
    while (back < shorter - front
        && known.charAt(known.length() - 1 - back) == typed.charAt(typed.length() - 1 - back)) {
      back++;
    }
    return Math.max(known.length(), typed.length()) - front - back <= 1;
  }

  /** One line an option, with what holds where it is not given. */
  public String help() {
    int width = options.stream().mapToInt(option -> option.synopsis().length()).max().orElse(0);
    var text = new StringBuilder();
    for (Option option : options) {
      String synopsis = option.synopsis();
      text.append("  ").append(synopsis).append(" ".repeat(width - synopsis.length() + 2));
      text.append(option.meaning());
      if (!option.standard().isEmpty()) {
        text.append(" (default: ").append(option.standard()).append(")");
      }
      text.append('\n');
    }
    return text.toString();
  }
}
