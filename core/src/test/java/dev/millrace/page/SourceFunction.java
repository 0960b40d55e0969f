package dev.millrace.page;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A public static method as its source declares it.
 *
 * @param summary the first sentence of its Javadoc
 */
record SourceFunction(String name, String signature, String summary) {
  private static final Pattern DECLARATION =
      Pattern.compile(
          "/\\*\\*((?:[^*]|\\*(?!/))*)\\*/\\s*(?:@\\w+(?:\\([^)]*\\))?\\s*)*"
              + "public static (?:<[^(]*?> )?([\\w.<>?, \\[\\]]+?) (\\w+)\\s*\\(([^{]*?)\\)\\s*\\{");

  /** The public static methods of a source file, in their order. */
  static List<SourceFunction> in(String source) {
    return DECLARATION
        .matcher(source)
        .results()
        .map(found -> {
          String parameters = found.group(4).replaceAll("\\s+", " ").strip();
          return new SourceFunction(
              found.group(3),
              found.group(2) + " " + found.group(3) + "(" + parameters + ")",
              summary(found.group(1)));
        })
        .toList();
  }

  private static String summary(String javadoc) {
    String text =
        javadoc
            .lines()
            .map(line -> line.strip().replaceFirst("^\\*\\s?", ""))
            .collect(Collectors.joining(" "))
            .strip();
    String description = text.split("(?:^| )@(?:param|return|throws|see) ", 2)[0];
    String first = description.split("(?<=[.])\\s+(?=[A-Z<{])|<p>", 2)[0];
    return first
        .replaceAll("\\{@link(?:plain)?\\s+([\\w.#]+(?:\\([^)]*\\))?\\s+)?([^{}]*)\\}", "`$2`")
        .replaceAll("\\{@(?:code|literal)\\s+((?:[^{}]|\\{[^}]*\\})*)\\}", "`$1`")
        .replace("`#", "`")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replaceAll("\\s+", " ")
        .strip();
  }
}
